/** Traces over the OpenTelemetry API: one tree for a user prompt and all its sub-calls. */
@NullMarked
package dev.plinth.tracing;

import org.jspecify.annotations.NullMarked;
