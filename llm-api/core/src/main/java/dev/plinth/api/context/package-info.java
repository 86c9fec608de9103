/** Who calls, for what, until when; and the interaction that ties the sub-calls of one user prompt together. */
@NullMarked
package dev.plinth.api.context;

import org.jspecify.annotations.NullMarked;
