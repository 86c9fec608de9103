package dev.plinth.tracing.sdk;

import dev.plinth.tracing.PlinthAttributes;
import dev.plinth.tracing.sdk.TraceNode.Kind;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.jspecify.annotations.Nullable;

/** What a span stands for, by what is recorded of it; of one that runs, by what is recorded so far. */
record Recorded(InstrumentationScopeInfo scope, Attributes attributes) {

    private static final String PLINTH = "dev.plinth.tracing";

    interface Attributes {
        <T> @Nullable T get(AttributeKey<T> key);
    }

    static Recorded of(ReadableSpan span) {
        return new Recorded(span.getInstrumentationScopeInfo(), span::getAttribute);
    }

    static Recorded of(SpanData span) {
        return new Recorded(span.getInstrumentationScopeInfo(), span.getAttributes()::get);
    }

    /** Whether Plinth made the span: then tokens and cost are the call's own, without its children's. */
    boolean isPlinths() {
        return PLINTH.equals(scope.getName());
    }

    /** Whether it is a call whose tokens the span of another library within it has, and only its cost is here. */
    boolean isReportedElsewhere() {
        return isPlinths() && Boolean.TRUE.equals(attributes.get(PlinthAttributes.REPORTED_ELSEWHERE));
    }

    /** What it begins. */
    Part part() {
        Kind kind = kind();
        if (kind == Kind.INTERACTION) {
            return Part.INTERACTION;
        }
        boolean callOrStep = isPlinths() && (kind != Kind.OTHER || isReportedElsewhere());
        return callOrStep || kind.isModelCall() ? Part.CALL : Part.NOTHING;
    }

    Kind kind() {
        String operation = attributes.get(GenAi.OPERATION_NAME);
        if (operation != null) {
            return switch (operation) {
                case "chat", "text_completion", "generate_content" -> Kind.CHAT;
                case "embeddings" -> Kind.EMBEDDINGS;
                case "rerank" -> Kind.RERANK;
                case "retrieval" -> Kind.RETRIEVAL;
                case "execute_tool" -> Kind.TOOL;
                default -> Kind.OTHER;
            };
        }
        if (attributes.get(PlinthAttributes.ATTEMPT_NUMBER) != null) {
            return Kind.ATTEMPT;
        }
        String step = attributes.get(PlinthAttributes.STEP_KIND);
        if (step != null) {
            return switch (step) {
                case "cache" -> Kind.CACHE;
                case "guardrail" -> Kind.GUARDRAIL;
                default -> Kind.OTHER;
            };
        }
        boolean interaction =
                isPlinths() && attributes.get(PlinthAttributes.INTERACTION_ID) != null && !isReportedElsewhere();
        return interaction ? Kind.INTERACTION : Kind.OTHER;
    }
}
