/** The way to servers that speak JSON over HTTP, for stores that are kept by one. */
@NullMarked
package dev.plinth.rag.rest;

import org.jspecify.annotations.NullMarked;
