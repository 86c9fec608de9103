/** Calls under OpenTelemetry's Java agent, over Plinth's adapter and over a vendor's SDK. */
@NullMarked
package dev.plinth.samples.agent;

import org.jspecify.annotations.NullMarked;
