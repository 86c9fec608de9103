/** One judgement of one output, whoever gives it: a person, a model or code. */
@NullMarked
package dev.plinth.api.score;

import org.jspecify.annotations.NullMarked;
