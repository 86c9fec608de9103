/**
 * Documents out of REST APIs: {@link dev.plinth.rag.connectors.rest.RestConnector}, told by an
 * {@link dev.plinth.rag.connectors.rest.ApiTemplate} what an API looks like.
 */
@NullMarked
package dev.plinth.rag.connectors.rest;

import org.jspecify.annotations.NullMarked;
