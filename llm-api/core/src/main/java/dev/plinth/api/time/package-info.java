/** Time as a dependency: the injected clock, deadlines and the limits of a call. */
@NullMarked
package dev.plinth.api.time;

import org.jspecify.annotations.NullMarked;
