/** One walk through the whole platform: from documents to a cited answer, with all layers, and feedback on it. */
@NullMarked
package dev.plinth.samples.quickstart;

import org.jspecify.annotations.NullMarked;
