package dev.plinth.tracing;

import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.plinth.api.context.CallContext;
import dev.plinth.tracing.TracedCall.Answer;
import dev.plinth.tracing.content.CapturedContent;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Langfuse: types of observations, and what it shows of a trace. Models, tokens and messages it reads from the
 * conventions' attributes.
 *
 * @see <a href="https://langfuse.com/integrations/native/opentelemetry">its attributes</a>
 */
final class Langfuse implements Dialect {

    private static final Map<String, String> TYPES = Map.of(
            INTERACTION,
            "chain",
            "chat",
            "generation",
            "embeddings",
            "embedding",
            "rerank",
            "retriever",
            "retrieval",
            "retriever",
            "execute_tool",
            "tool",
            "guardrail",
            "guardrail");

    @Override
    public void begins(SpanBuilder span, String kind, String name, CallContext context) {
        span.setAttribute("langfuse.observation.type", TYPES.getOrDefault(kind, "span"));
        context.session().ifPresent(session -> span.setAttribute("session.id", session));
        if (kind.equals(INTERACTION)) {
            span.setAttribute("langfuse.trace.name", name);
            context.tags().forEach((tag, value) -> span.setAttribute("langfuse.trace.metadata." + tag, value));
        }
        if (kind.equals("chat")) {
            context.prompt()
                    .ifPresent(prompt -> span.setAttribute("langfuse.observation.prompt.name", prompt.name())
                            .setAttribute("langfuse.observation.prompt.version", prompt.version()));
        }
    }

    @Override
    public void ended(CallSpan span, Operation operation, Answer answer) {
        if (answer.cost() != null && answer.cost().currency().getCurrencyCode().equals("USD")) {
            String total = answer.cost().amount().toPlainString();
            span.set(stringKey("langfuse.observation.cost_details"), "{\"total\":" + total + "}");
        }
    }

    @Override
    public void content(CallSpan span, Operation operation, CapturedContent content) {
        Map<String, Value<?>> values = content.values();
        switch (operation) {
            case CHAT -> {
                set(span, "output", values.get("gen_ai.output.messages"));
                set(span, "input", ContentValues.conversation(values));
            }
            case EXECUTE_TOOL -> {
                set(span, "input", values.get("gen_ai.tool.call.arguments"));
                set(span, "output", values.get("gen_ai.tool.call.result"));
            }
            case RETRIEVAL -> {
                set(span, "input", values.get("gen_ai.retrieval.query.text"));
                set(span, "output", values.get("gen_ai.retrieval.documents"));
            }
            case EMBEDDINGS, RERANK -> {} // have no content
        }
    }

    private static void set(CallSpan span, String side, @Nullable Value<?> value) {
        if (value != null) {
            span.set(stringKey("langfuse.observation." + side), value.asString());
        }
    }

    @Override
    public void failed(CallSpan span, String errorType) {
        span.set(stringKey("langfuse.observation.level"), "ERROR");
        span.set(stringKey("langfuse.observation.status_message"), errorType);
    }
}
