/**
 * Parts for OpenTelemetry's SDK: traces kept in the process, written to files, sampled by what came of them, and exported
 * without harm to the application.
 */
@NullMarked
package dev.plinth.tracing.sdk;

import org.jspecify.annotations.NullMarked;
