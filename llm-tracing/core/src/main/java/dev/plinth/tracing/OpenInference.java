package dev.plinth.tracing;

import static dev.plinth.tracing.ContentValues.elements;
import static dev.plinth.tracing.ContentValues.field;
import static dev.plinth.tracing.ContentValues.fields;
import static dev.plinth.tracing.ContentValues.text;
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

    // Together with what else is on a span these stay within 128 attributes, the most it holds by default.
    private static final int MOST_OUTPUT = 16;
    private static final int MOST_INPUT = 32;
    private static final int MOST_TOOLS = 8;
    private static final int MOST_DOCUMENTS = 20;

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
    public void ended(CallSpan span, Operation operation, Answer answer) {
        if (operation != Operation.CHAT) {
            return;
        }
        Usage usage = answer.usage();
        span.set(stringKey("llm.provider"), answer.provider());
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
                value(span, "output", values.get("gen_ai.output.messages"));
                messages(
                        span,
                        "llm.output_messages.",
                        new FlatMessages()
                                .messages(values.get("gen_ai.output.messages"))
                                .within(MOST_OUTPUT));
                value(span, "input", ContentValues.conversation(values));
                messages(
                        span,
                        "llm.input_messages.",
                        new FlatMessages()
                                .instructions(values.get("gen_ai.system_instructions"))
                                .messages(values.get("gen_ai.input.messages"))
                                .within(MOST_INPUT));
                tools(span, elements(values.get("gen_ai.tool.definitions")));
            }
            case EXECUTE_TOOL -> {
                value(span, "output", values.get("gen_ai.tool.call.result"));
                value(span, "input", values.get("gen_ai.tool.call.arguments"));
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

    private static void messages(CallSpan span, String list, List<Map<String, String>> messages) {
        for (int i = 0; i < messages.size(); i++) {
            String prefix = list + i + ".message.";
            messages.get(i).forEach((name, value) -> span.set(stringKey(prefix + name), value));
        }
    }

    private static void tools(CallSpan span, List<Value<?>> tools) {
        for (int i = 0; i < Math.min(tools.size(), MOST_TOOLS); i++) {
            tool(span, i, schema(tools.get(i)));
        }
        if (tools.size() > MOST_TOOLS) {
            tool(span, MOST_TOOLS, omitted(tools.size() - MOST_TOOLS));
        }
    }

    private static void tool(CallSpan span, int index, Value<?> schema) {
        span.set(stringKey("llm.tools." + index + ".tool.json_schema"), schema.asString());
    }

    /** A definition in the words of OpenAI's API, as is advised there. */
    private static Value<?> schema(Value<?> definition) {
        KeyValue[] function = fields(definition).stream()
                .filter(field -> !field.getKey().equals("type"))
                .toArray(KeyValue[]::new);
        return Value.of(KeyValue.of("type", field(definition, "type")), KeyValue.of("function", Value.of(function)));
    }

    private static Value<?> omitted(int count) {
        return Value.of(KeyValue.of("type", Value.of("omitted")), KeyValue.of("count", Value.of((long) count)));
    }

    private static void documents(CallSpan span, @Nullable Value<?> documents) {
        List<Value<?>> all = elements(documents);
        for (int i = 0; i < Math.min(all.size(), MOST_DOCUMENTS); i++) {
            String prefix = "retrieval.documents." + i + ".document.";
            span.set(stringKey(prefix + "id"), text(field(all.get(i), "id")));
            Value<?> score = field(all.get(i), "score");
            if (score.getType() == ValueType.DOUBLE) {
                span.set(doubleKey(prefix + "score"), (Double) score.getValue());
            }
        }
        if (all.size() > MOST_DOCUMENTS) {
            String missing = (all.size() - MOST_DOCUMENTS) + " left out";
            span.set(stringKey("retrieval.documents." + MOST_DOCUMENTS + ".document.id"), missing);
        }
    }
}
