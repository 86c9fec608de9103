/**
 * Words and sentences of a text: the {@link dev.plinth.rag.text.Analyzer} behind lexical search, and a sentence finder.
 */
@NullMarked
package dev.plinth.rag.text;

import org.jspecify.annotations.NullMarked;
