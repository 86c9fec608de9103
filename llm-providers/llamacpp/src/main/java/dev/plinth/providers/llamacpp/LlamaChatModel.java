package dev.plinth.providers.llamacpp;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.time.Timeouts;
import org.jspecify.annotations.Nullable;

/** Chat over an engine. */
final class LlamaChatModel implements ChatModel {

    private final Engine engine;
    private final ChatPrompt prompt;
    private final Timeouts timeouts;
    private final TimeSource time;
    private final ModelInfo info;
    private final ErrorDetails details;
    private final Turns turns = new Turns();

    LlamaChatModel(Engine engine, ChatPrompt prompt, String name, Timeouts timeouts, TimeSource time) {
        this.engine = engine;
        this.prompt = prompt;
        this.timeouts = timeouts;
        this.time = time;
        this.info = ModelInfo.local(
                LlamaCpp.PROVIDER,
                name,
                Capability.JSON_OUTPUT,
                Capability.JSON_SCHEMA,
                Capability.STOP_SEQUENCES,
                Capability.SEED,
                Capability.TEMPERATURE,
                Capability.TOP_P);
        this.details =
                ErrorDetails.builder().provider(LlamaCpp.PROVIDER).model(name).build();
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        try (ChatStream answer = start(request, false)) {
            return answer.response();
        }
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        return start(request, true);
    }

    private ChatStream start(ChatRequest request, boolean streamed) {
        Limits limits = Limits.of(request, timeouts, streamed, time, details);
        Job job = job(request);
        turns.enter(limits);
        boolean started = false;
        try {
            Engine.Answer answer = engine.start(job, limits);
            started = true;
            return new LlamaStream(answer, turns, limits, request.stop(), info);
        } finally {
            if (!started) {
                turns.leave();
            }
        }
    }

    private Job job(ChatRequest request) {
        request.requireSupport(info);
        String wanted = request.model().orElse(info.model());
        if (!wanted.equals(info.model())) {
            throw new ModelNotFoundException("model: '" + wanted + "' (expected: " + info.model() + ")", details, null);
        }
        return new Job(
                prompt.of(request.messages(), details),
                grammar(request),
                request.maxOutputTokens().isPresent()
                        ? request.maxOutputTokens().getAsInt()
                        : null,
                request.temperature().isPresent() ? request.temperature().getAsDouble() : null,
                request.topP().isPresent() ? request.topP().getAsDouble() : null,
                topK(request),
                minP(request),
                repeatPenalty(request),
                request.seed().isPresent() ? folded(request.seed().getAsLong()) : null);
    }

    // What is not a finite number would be no JSON for the engine, which takes its process down.

    private static @Nullable Integer topK(ChatRequest request) {
        Integer topK = request.options().get(LlamaCpp.TOP_K).orElse(null);
        Check.that(topK == null || topK >= 0, LlamaCpp.TOP_K.name(), topK, ">= 0");
        return topK;
    }

    private static @Nullable Double minP(ChatRequest request) {
        Double minP = request.options().get(LlamaCpp.MIN_P).orElse(null);
        return minP == null ? null : Check.within(minP, 0, 1, LlamaCpp.MIN_P.name());
    }

    private static @Nullable Double repeatPenalty(ChatRequest request) {
        Double penalty = request.options().get(LlamaCpp.REPEAT_PENALTY).orElse(null);
        Check.that(
                penalty == null || penalty > 0 && penalty <= 10,
                LlamaCpp.REPEAT_PENALTY.name(),
                penalty,
                "above 0, at most 10");
        return penalty;
    }

    /** The engine's seeds have 32 bits, and one of them means none. */
    private static int folded(long seed) {
        int folded = Long.hashCode(seed);
        return folded == -1 ? -2 : folded;
    }

    private @Nullable String grammar(ChatRequest request) {
        String own = request.options().get(LlamaCpp.GRAMMAR).orElse(null);
        ResponseFormat format = request.responseFormat();
        if (format instanceof ResponseFormat.Text) {
            return own == null ? null : checked(own);
        }
        if (own != null || !request.stop().isEmpty()) {
            throw new InvalidRequestException(
                    "responseFormat: JSON, with a grammar or stop sequences (expected: neither)", details, null);
        }
        if (format instanceof ResponseFormat.Schema schema) {
            return ofSchema(schema.schema());
        }
        return JsonGrammar.OBJECT;
    }

    private String checked(String grammar) {
        try {
            return Grammar.checked(grammar);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(String.valueOf(e.getMessage()), details, e);
        }
    }

    private String ofSchema(String schema) {
        try {
            return SchemaGrammar.of(schema);
        } catch (SchemaNode.Unsupported e) {
            throw new UnsupportedCapabilityException(
                    Capability.JSON_SCHEMA.name(), String.valueOf(e.getMessage()), details);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("responseFormat." + e.getMessage(), details, e);
        }
    }

    void close() {
        turns.close();
        engine.close();
    }
}
