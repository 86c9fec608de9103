/** What calls cost. */
@NullMarked
package dev.plinth.tracing.cost;

import org.jspecify.annotations.NullMarked;
