/** Figures about Plinth: {@code java -jar bench/target/bench.jar COMMAND --option value}. */
@NullMarked
package dev.plinth.bench;

import org.jspecify.annotations.NullMarked;
