/** Calls through deployments that fail in every way, and whether each of them ended as it should. */
@NullMarked
package dev.plinth.bench.chaos;

import org.jspecify.annotations.NullMarked;
