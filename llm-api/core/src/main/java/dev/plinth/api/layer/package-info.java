/** The one extension mechanism: layers around models, ordered by stage, and the platform that applies them. */
@NullMarked
package dev.plinth.api.layer;

import org.jspecify.annotations.NullMarked;
