/**
 * What is really searched for a question: {@link dev.plinth.rag.query.QueryTransform} and the ways a language model can
 * help. None is on by default; whether one helps is shown by {@link dev.plinth.rag.quality.RetrievalTrial}.
 */
@NullMarked
package dev.plinth.rag.query;

import org.jspecify.annotations.NullMarked;
