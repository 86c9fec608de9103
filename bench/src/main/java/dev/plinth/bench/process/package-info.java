/** Other processes that a bench starts. */
@NullMarked
package dev.plinth.bench.process;

import org.jspecify.annotations.NullMarked;
