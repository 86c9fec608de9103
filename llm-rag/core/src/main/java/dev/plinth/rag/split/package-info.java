/** Cutting documents into chunks along their structure: {@link dev.plinth.rag.split.Splitter}. */
@NullMarked
package dev.plinth.rag.split;

import org.jspecify.annotations.NullMarked;
