/** Google Gemini, over the Gemini API and Vertex AI. Begin at {@link dev.plinth.providers.gemini.Gemini}. */
@NullMarked
package dev.plinth.providers.gemini;

import org.jspecify.annotations.NullMarked;
