package dev.plinth.tracing;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.TracedCall.Answer;
import dev.plinth.tracing.content.CapturedContent;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.api.trace.SpanBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OpenInference: kinds of spans, and lists as attributes with an index in the name.
 *
 * @see <a href="https://github.com/Arize-ai/openinference/tree/main/spec">its specification</a>
 */
final class OpenInference implements Dialect {

    private static final Map<String, String> KINDS = Map.of(
            "chat", "LLM",
            "embeddings", "EMBEDDING",
            "rerank", "RERANKER",
            "retrieval", "RETRIEVER",
            "execute_tool", "TOOL",
            "guardrail", "GUARDRAIL");

    @Override
    public void begins(SpanBuilder span, String kind, String name, CallContext context) {
        span.setAttribute("openinference.span.kind", KINDS.getOrDefault(kind, "CHAIN"));
        context.session().ifPresent(session -> span.setAttribute("session.id", session));
        switch (kind) {
            case "chat" -> {
                span.setAttribute("llm.model_name", name);
                context.prompt()
                        .ifPresent(prompt -> span.setAttribute("llm.prompt_template.version", prompt.version()));
            }
            case "embeddings" -> span.setAttribute("embedding.model_name", name);
            case "rerank" -> span.setAttribute("reranker.model_name", name);
            case "execute_tool" -> span.setAttribute("tool.name", name);
            default -> {} // has nothing of its own
        }
    }

    @Override
    public void answered(CallSpan span, Operation operation, Answer answer) {
        if (operation != Operation.CHAT) {
            return;
        }
        Usage usage = answer.usage();
        span.set(stringKey("llm.model_name"), answer.model());
        span.set(longKey("llm.token_count.prompt"), usage.input());
        span.set(longKey("llm.token_count.completion"), usage.output());
        span.set(longKey("llm.token_count.total"), usage.total());
        span.set(longKey("llm.token_count.prompt_details.cache_read"), usage.cachedInput());
        span.set(longKey("llm.token_count.prompt_details.cache_write"), usage.cacheWrite());
        span.set(longKey("llm.token_count.completion_details.reasoning"), usage.reasoning());
        if (answer.cost() != null && answer.cost().currency().getCurrencyCode().equals("USD")) {
            span.set(doubleKey("llm.cost.total"), answer.cost().amount().doubleValue());
        }
    }

    @Override
    public void content(CallSpan span, Operation operation, CapturedContent content) {
        Map<String, Value<?>> values = content.values();
        switch (operation) {
            case CHAT -> {
                value(span, "input", values.get("gen_ai.input.messages"));
                value(span, "output", values.get("gen_ai.output.messages"));
                messages(span, "llm.input_messages.", values.get("gen_ai.input.messages"));
                messages(span, "llm.output_messages.", values.get("gen_ai.output.messages"));
            }
            case EXECUTE_TOOL -> {
                value(span, "input", values.get("gen_ai.tool.call.arguments"));
                value(span, "output", values.get("gen_ai.tool.call.result"));
            }
            case RETRIEVAL -> {
                value(span, "input", values.get("gen_ai.retrieval.query.text"));
                documents(span, values.get("gen_ai.retrieval.documents"));
            }
            case EMBEDDINGS, RERANK -> {} // have no content
        }
    }

    @Override
    public void failed(CallSpan span, String errorType) {}

    private static void value(CallSpan span, String side, @Nullable Value<?> value) {
        if (value != null) {
            span.set(stringKey(side + ".value"), value.asString());
            boolean text = value.getType() == ValueType.STRING;
            span.set(stringKey(side + ".mime_type"), text ? "text/plain" : "application/json");
        }
    }

    private static void messages(CallSpan span, String prefix, @Nullable Value<?> messages) {
        List<Value<?>> all = elements(messages);
        for (int i = 0; i < all.size(); i++) {
            message(span, prefix + i + ".message.", all.get(i));
        }
    }

    private static void message(CallSpan span, String prefix, Value<?> message) {
        span.set(stringKey(prefix + "role"), text(field(message, "role")));
        StringBuilder said = new StringBuilder();
        int calls = 0;
        for (Value<?> part : elements(field(message, "parts"))) {
            switch (text(field(part, "type"))) {
                case "text" -> said.append(text(field(part, "content")));
                case "tool_call" -> {
                    String call = prefix + "tool_calls." + calls++ + ".tool_call.";
                    span.set(stringKey(call + "id"), text(field(part, "id")));
                    span.set(stringKey(call + "function.name"), text(field(part, "name")));
                    span.set(stringKey(call + "function.arguments"), text(field(part, "arguments")));
                }
                case "tool_call_response" -> {
                    span.set(stringKey(prefix + "tool_call_id"), text(field(part, "id")));
                    said.append(text(field(part, "response")));
                }
                default -> {} // has no place of its own there; input.value has it
            }
        }
        if (!said.isEmpty()) {
            span.set(stringKey(prefix + "content"), said.toString());
        }
    }

    private static void documents(CallSpan span, @Nullable Value<?> documents) {
        List<Value<?>> all = elements(documents);
        for (int i = 0; i < all.size(); i++) {
            String prefix = "retrieval.documents." + i + ".document.";
            span.set(stringKey(prefix + "id"), text(field(all.get(i), "id")));
            Value<?> score = field(all.get(i), "score");
            if (score.getType() == ValueType.DOUBLE) {
                span.set(doubleKey(prefix + "score"), (Double) score.getValue());
            }
        }
    }

    @SuppressWarnings("unchecked") // what the types of values promise
    private static List<Value<?>> elements(@Nullable Value<?> array) {
        return array == null || array.getType() != ValueType.ARRAY ? List.of() : (List<Value<?>>) array.getValue();
    }

    @SuppressWarnings("unchecked")
    private static Value<?> field(Value<?> object, String name) {
        if (object.getType() == ValueType.KEY_VALUE_LIST) {
            for (KeyValue field : (List<KeyValue>) object.getValue()) {
                if (field.getKey().equals(name)) {
                    return field.getValue();
                }
            }
        }
        return Value.empty();
    }

    private static String text(Value<?> value) {
        return value.getType() == ValueType.EMPTY ? "" : value.asString();
    }
}
