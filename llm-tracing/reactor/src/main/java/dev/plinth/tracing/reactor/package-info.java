/** Plinth in Reactor: models as publishers, and the context of calls in Reactor's. */
@NullMarked
package dev.plinth.tracing.reactor;

import org.jspecify.annotations.NullMarked;
