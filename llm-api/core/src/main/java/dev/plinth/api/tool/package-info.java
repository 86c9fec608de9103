/** Tools a model may call, and the loop that runs them. */
@NullMarked
package dev.plinth.api.tool;

import org.jspecify.annotations.NullMarked;
