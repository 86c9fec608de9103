package dev.plinth.tracing;

import dev.plinth.api.model.ModelInfo;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/** Knows whose calls another instrumentation reports, and warns of those that are reported twice. Thread-safe. */
final class ReportedElsewhere {

    private final Predicate<? super ModelInfo> models;
    private final JavaAgent agent;
    private final Logger events;
    private final Set<JavaAgent.Sdk> warned = EnumSet.noneOf(JavaAgent.Sdk.class);

    /** @param models whose calls the application says are reported elsewhere */
    ReportedElsewhere(Predicate<? super ModelInfo> models, JavaAgent agent, Logger events) {
        this.models = models;
        this.agent = agent;
        this.events = events;
    }

    boolean has(ModelInfo info) {
        return models.test(info);
    }

    /** Warns, once for each SDK, if calls of the model are reported twice. */
    void check(Object model, ModelInfo info) {
        if (has(info)) {
            return;
        }
        JavaAgent.Sdk sdk = agent.reports(model);
        if (sdk == null) {
            return;
        }
        synchronized (warned) {
            if (!warned.add(sdk)) {
                return;
            }
        }
        events.logRecordBuilder()
                .setEventName("plinth.reported_twice")
                .setSeverity(Severity.WARN)
                .setSeverityText("WARN")
                .setBody("model " + info.model()
                        + ": reported by Plinth and by the Java agent (expected: by one of them;" + " set -D"
                        + sdk.off() + ", or Tracing.Builder.reportedElsewhere)")
                .setAttribute(GenAi.PROVIDER_NAME, info.provider())
                .emit();
    }
}
