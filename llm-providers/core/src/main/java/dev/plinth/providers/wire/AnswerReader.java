package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.providers.ErrorBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts one answer together out of its body, or out of the frames of a stream. A protocol's reader overrides {@link #read}
 * and says what it finds through the methods of this class; it passes over what it does not know, and never trusts that
 * a field is there or has the type it should have.
 *
 * <p>Not thread-safe.
 */
public abstract class AnswerReader {

    private final AnswerParts parts;
    private final UsageCounts usage = new UsageCounts();
    private List<Citation> citations = List.of();
    private List<TokenLogprob> logprobs = List.of();
    private @Nullable String id;
    private @Nullable String model;
    private @Nullable String serviceTier;
    private @Nullable String finishReason;
    private @Nullable ErrorBody error;
    private boolean answered;
    private boolean finished;
    private boolean ended;
    private boolean refused;

    /** @param streamed whether the answer comes in frames */
    protected AnswerReader(boolean streamed) {
        this.parts = new AnswerParts(streamed);
    }

    /**
     * Reads the body, or one frame: the value the parser stands at, to its end.
     *
     * @param name of the frame; empty when it has none
     * @throws IOException if the parser does, or the value is cut short
     */
    protected abstract void read(String name, JsonParser json) throws IOException;

    /** The parts of the answer. */
    protected final AnswerParts parts() {
        return parts;
    }

    /** The tokens of the answer. */
    protected final UsageCounts usage() {
        return usage;
    }

    /** What was read is an answer, whatever may be missing from it. */
    protected final void answered() {
        answered = true;
    }

    /** The vendor's id of the response. */
    protected final void id(@Nullable String id) {
        this.id = id;
    }

    /** The vendor's id of the response, as far as it is known. */
    protected final @Nullable String id() {
        return id;
    }

    /** The model that really answered. */
    protected final void model(@Nullable String model) {
        this.model = model;
    }

    /** The model that really answered, as far as it is known. */
    protected final @Nullable String model() {
        return model;
    }

    /** The class of service. */
    protected final void serviceTier(@Nullable String tier) {
        this.serviceTier = tier;
    }

    /** The class of service, as far as it is known. */
    protected final @Nullable String serviceTier() {
        return serviceTier;
    }

    /** What backs a piece of the text. */
    protected final void citation(Citation citation) {
        citations = citations.isEmpty() ? new ArrayList<>() : citations;
        citations.add(citation);
    }

    /** How likely the next token was. */
    protected final void logprob(TokenLogprob logprob) {
        logprobs = logprobs.isEmpty() ? new ArrayList<>() : logprobs;
        logprobs.add(logprob);
    }

    /**
     * The finish came: nothing that matters is missing any more.
     *
     * @param reason null: the server said that it is done, but not why
     */
    protected final void finish(@Nullable String reason) {
        finishReason = reason;
        finished = true;
    }

    /** The model refused, whatever the reason of the finish says. */
    protected final void refused() {
        refused = true;
    }

    /** The last frame came: what follows is not read. */
    protected final void end() {
        ended = true;
    }

    /** What was read says that the call failed; null: it does not. */
    protected final void fail(@Nullable ErrorBody error) {
        this.error = error;
    }

    /** Ends what frames left open; whether that made events. */
    protected boolean endParts() {
        return parts.end();
    }

    /** The parts in the order they shall have; as they came, unless overridden. */
    protected List<Part> arranged(List<Part> parts) {
        return parts;
    }

    /** What backs this text, all of the answer's; what {@link #citation} was told, unless overridden. */
    protected List<Citation> citations(String text) {
        return citations;
    }

    /** What the reason of the finish means; what it means in any protocol, unless overridden. */
    protected FinishReason finishReason(@Nullable String raw, boolean hasToolCalls) {
        return FinishReasons.of(raw, hasToolCalls);
    }

    final @Nullable ErrorBody error() {
        return error;
    }

    final boolean hasAnswer() {
        return answered;
    }

    /** Whether the finish came. */
    protected final boolean isFinished() {
        return finished;
    }

    final boolean isEnded() {
        return ended;
    }

    final @Nullable StreamEvent nextEvent() {
        return parts.nextEvent();
    }

    /** The answer, with this text. */
    final ChatResponse.Builder response(String text, String provider) {
        List<Part> all = arranged(parts.toParts(text));
        boolean calls = false;
        for (Part part : all) {
            calls |= part instanceof ToolCall;
        }
        return ChatResponse.builder()
                .message(Message.assistant(all))
                .finishReason(refused ? FinishReason.REFUSAL : finishReason(finishReason, calls))
                .rawFinishReason(finishReason)
                .usage(usage.usage())
                .id(id)
                .provider(provider)
                .model(model)
                .serviceTier(serviceTier)
                .citations(citations(text))
                .logprobs(logprobs);
    }
}
