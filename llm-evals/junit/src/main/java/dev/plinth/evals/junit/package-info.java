/** Evals as JUnit tests: one test per case, and assertions on answers and experiments. */
@NullMarked
package dev.plinth.evals.junit;

import org.jspecify.annotations.NullMarked;
