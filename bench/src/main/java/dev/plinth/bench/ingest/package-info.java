/** Bringing documents into stores: how fast, and what a kill leaves behind. */
@NullMarked
package dev.plinth.bench.ingest;

import org.jspecify.annotations.NullMarked;
