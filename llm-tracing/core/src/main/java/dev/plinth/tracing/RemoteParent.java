package dev.plinth.tracing;

import io.opentelemetry.context.Context;

/** The trace of whoever called the application, carried by the context of a call. */
record RemoteParent(Context context) {}
