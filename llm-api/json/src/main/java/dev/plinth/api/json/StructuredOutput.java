package dev.plinth.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a model for a value of a Java type.
 *
 * <pre>{@code
 * StructuredOutput<Recipe> recipes = StructuredOutput.of(model, Recipe.class);
 * Recipe recipe = recipes.ask("A soup with leek, for two.").value();
 * }</pre>
 *
 * <p>A model that enforces schemas gets the schema; one that knows JSON is asked for JSON and told the schema; any
 * other is only told. What it answers is taken out of fences, prose and left-over thinking, and read as strictly as
 * {@link JsonType#read}. A text that does not fit is sent back with everything that is wrong with it.
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>at most 1 repair, that is 2 calls;
 *   <li>the schema stands in the request's instructions only when the model cannot enforce it.
 * </ul>
 *
 * <p>An answer that was refused, filtered or cut is not repaired. Every attempt is a call of the model, with all its
 * layers; the deadline of the request's context covers them together. What the user says is never changed.
 *
 * <p>Immutable and thread-safe.
 */
public final class StructuredOutput<T> {

    private final ChatModel model;
    private final JsonType<T> type;
    private final int maxRepairs;
    private final boolean schemaInPrompt;

    private StructuredOutput(ChatModel model, JsonType<T> type, int maxRepairs, boolean schemaInPrompt) {
        this.model = model;
        this.type = type;
        this.maxRepairs = maxRepairs;
        this.schemaInPrompt = schemaInPrompt;
    }

    /**
     * Asks this model for values of this type.
     *
     * @throws IllegalArgumentException as {@link JsonType#of}
     */
    public static <T> StructuredOutput<T> of(ChatModel model, Class<T> type) {
        return of(model, JsonType.of(type));
    }

    /** Asks this model for values of this type, such as {@code JsonType.listOf(Recipe.class)}. */
    public static <T> StructuredOutput<T> of(ChatModel model, JsonType<T> type) {
        Check.notNull(model, "model");
        return new StructuredOutput<>(model, Check.notNull(type, "type").asObject(), 1, false);
    }

    /** The same with another limit of repairs, 0 or more. */
    public StructuredOutput<T> maxRepairs(int repairs) {
        Check.that(repairs >= 0, "maxRepairs", repairs, ">= 0");
        return new StructuredOutput<>(model, type, repairs, schemaInPrompt);
    }

    /**
     * The same with the schema in the instructions in any case: for servers that enforce a schema without showing it to
     * the model, as local ones do.
     */
    public StructuredOutput<T> schemaInPrompt() {
        return new StructuredOutput<>(model, type, maxRepairs, true);
    }

    /**
     * Asks with one user message.
     *
     * @throws StructuredOutputException as {@link #ask(ChatRequest)}
     */
    public Structured<T> ask(String user) {
        return ask(ChatRequest.of(user));
    }

    /**
     * Asks.
     *
     * @param request its response format is not set, since it is set here
     * @throws StructuredOutputException if no attempt gave a value, with the last text and all that is wrong with it
     * @throws TimedOutException if the deadline passes before a repair; its cause says what was wrong by then
     * @throws LlmException as the model throws it; when a repair fails that way, what was wrong before is among the
     *     suppressed exceptions
     */
    public Structured<T> ask(ChatRequest request) {
        Check.that(
                request.responseFormat().equals(ResponseFormat.TEXT),
                "responseFormat",
                request.responseFormat().getClass().getSimpleName(),
                "none, it follows from the type");
        ChatRequest next = first(request);
        List<ChatResponse> responses = new ArrayList<>();
        responses.add(model.chat(next));
        while (true) {
            ChatResponse response = responses.get(responses.size() - 1);
            requireFinished(response, responses);
            Reading reading = Reading.root();
            JsonNode node = JsonText.find(response.text(), reading);
            Object value = node == null ? null : type.shape().read(node, reading);
            if (value != null && reading.isClean()) {
                return new Structured<>(type.cast(value), responses);
            }
            StructuredOutputException mismatch = StructuredOutputException.mismatch(
                    type.name(), response.text(), reading.violations(), responses, details(responses));
            next = Repair.request(next, response, reading.violations());
            responses.add(repaired(next, responses.size(), mismatch));
        }
    }

    private ChatRequest first(ChatRequest request) {
        ModelInfo info = model.info();
        ChatRequest.Builder builder = request.toBuilder().context(request.context());
        boolean enforced = info.can(Capability.JSON_SCHEMA);
        if (enforced) {
            String name = SchemaWriter.plainName(type.name());
            builder.responseFormat(new ResponseFormat.Schema(name, type.schema(), type.isStrict()));
        } else if (info.can(Capability.JSON_OUTPUT)) {
            builder.responseFormat(ResponseFormat.JSON);
        }
        if (!enforced || schemaInPrompt) {
            builder.messages(Repair.instructed(request.messages(), type.schema()));
        }
        return builder.build();
    }

    private ChatResponse repaired(ChatRequest repair, int attempts, StructuredOutputException mismatch) {
        if (attempts > maxRepairs) {
            throw mismatch;
        }
        if (repair.context().deadline().filter(deadline -> deadline.expired()).isPresent()) {
            TimedOutException timedOut = new TimedOutException(
                    "deadline: passed after " + attempts + " attempts (expected: time for a repair)",
                    mismatch.details(),
                    mismatch);
            timedOut.setPartial(mismatch.rawText(), mismatch.usage());
            throw timedOut;
        }
        try {
            return model.chat(repair);
        } catch (LlmException failure) {
            failure.addSuppressed(mismatch);
            throw failure;
        }
    }

    private void requireFinished(ChatResponse response, List<ChatResponse> responses) {
        FinishReason reason = response.toolCalls().isEmpty() ? response.finishReason() : FinishReason.TOOL_CALLS;
        // A vendor's word that this version does not know may well mean that all is there: the text will tell.
        if (reason != FinishReason.STOP && reason != FinishReason.OTHER) {
            throw StructuredOutputException.unfinished(
                    type.name(), response.text(), reason, responses, details(responses));
        }
    }

    private ErrorDetails details(List<ChatResponse> responses) {
        ChatResponse last = responses.get(responses.size() - 1);
        return ErrorDetails.builder()
                .provider(last.provider().orElse(model.info().provider()))
                .model(last.model().orElse(model.info().model()))
                .requestId(last.requestId().orElse(null))
                .attempts(responses.size())
                .build();
    }
}
