/** Judges what a model, a prompt or a whole application answers: cases in files, evaluators, experiments. */
@NullMarked
package dev.plinth.evals;

import org.jspecify.annotations.NullMarked;
