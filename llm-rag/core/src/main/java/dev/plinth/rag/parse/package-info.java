/** Reading the text out of files: {@link dev.plinth.rag.parse.DocumentParser}. */
@NullMarked
package dev.plinth.rag.parse;

import org.jspecify.annotations.NullMarked;
