/** Documents out of web sites: {@link dev.plinth.rag.connectors.web.WebConnector}. */
@NullMarked
package dev.plinth.rag.connectors.web;

import org.jspecify.annotations.NullMarked;
