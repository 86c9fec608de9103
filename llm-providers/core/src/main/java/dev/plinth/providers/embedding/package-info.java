/** Many texts for an embedding model: in calls it can take, side by side. */
@NullMarked
package dev.plinth.providers.embedding;

import org.jspecify.annotations.NullMarked;
