/**
 * Answers that cite what they rest on, and say so when there is nothing to rest on:
 * {@link dev.plinth.rag.answer.Answerer}.
 */
@NullMarked
package dev.plinth.rag.answer;

import org.jspecify.annotations.NullMarked;
