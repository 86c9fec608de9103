package dev.plinth.api.embedding;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.LlmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Some texts of a request have their vectors, the others failed. It says what its cause says (code, details, whether to try
 * again), keeps what is done and can ask for the rest alone:
 *
 * <pre>{@code
 * try {
 *     response = model.embed(request);
 * } catch (IncompleteEmbeddingException stopped) {
 *     response = stopped.resume(model); // now or later
 * }
 * }</pre>
 *
 * <p>What is done does not survive serialisation. Thread-safe once thrown.
 */
public final class IncompleteEmbeddingException extends LlmException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable EmbeddingRequest request;
    private final transient @Nullable List<Integer> positions;
    private final transient @Nullable EmbeddingResponse done;

    /**
     * An error that keeps what is done.
     *
     * @param request all that was asked for
     * @param positions which of its texts are done, from 0, ascending; not all of them
     * @param done the vectors of these texts, in this order; its usage is the error's partial usage
     * @param cause why the others failed
     */
    public IncompleteEmbeddingException(
            EmbeddingRequest request, List<Integer> positions, EmbeddingResponse done, LlmException cause) {
        super(
                cause.code(),
                cause.isRetryable(),
                "vectors: " + positions.size() + " of " + request.texts().size() + ", then " + cause.code()
                        + " (expected: all)",
                cause.details(),
                cause);
        int last = -1;
        for (int position : positions) {
            Check.that(position > last && position < request.texts().size(), "positions", positions, "ascending texts");
            last = position;
        }
        Check.that(positions.size() < request.texts().size(), "positions", positions.size(), "not all texts");
        Check.that(
                positions.size() == done.vectors().size(),
                "done",
                done.vectors().size(),
                "one for each position");
        this.request = request;
        this.positions = List.copyOf(positions);
        this.done = done;
        setPartial("", done.usage());
        if (!cause.attempts().isEmpty()) {
            setAttempts(cause.attempts());
        }
    }

    /** Which texts of the request are done, from 0, ascending. */
    public List<Integer> positions() {
        return kept(positions);
    }

    /** The vectors of the texts that are done, in the order of {@link #positions()}. */
    public EmbeddingResponse done() {
        return kept(done);
    }

    /** The same request, for the other texts. */
    public EmbeddingRequest rest() {
        EmbeddingRequest whole = kept(request);
        List<String> texts = missing().stream().map(whole.texts()::get).toList();
        return whole.toBuilder().texts(texts).build();
    }

    /**
     * The answer to the whole request.
     *
     * @param rest the answer to {@link #rest()}
     * @throws dev.plinth.api.error.MalformedResponseException if it is of another model
     */
    public EmbeddingResponse with(EmbeddingResponse rest) {
        List<Integer> missing = missing();
        Check.that(
                rest.vectors().size() == missing.size(), "rest", rest.vectors().size(), missing.size() + " vectors");
        return joined(missing, rest).vectors();
    }

    /**
     * Asks for the rest.
     *
     * @return the answer to the whole request
     * @throws IncompleteEmbeddingException if that fails, too; it keeps what is done by then
     */
    public EmbeddingResponse resume(EmbeddingModel model) {
        try {
            return with(model.embed(rest()));
        } catch (IncompleteEmbeddingException again) {
            List<Integer> places =
                    again.positions().stream().map(missing()::get).toList();
            Done more = joined(places, again.done());
            LlmException reason = again.reason();
            if (!again.attempts().isEmpty()) {
                reason.setAttempts(again.attempts()); // a layer said it of the error that is replaced here
            }
            throw new IncompleteEmbeddingException(kept(request), more.positions(), more.vectors(), reason);
        } catch (LlmException failure) {
            throw new IncompleteEmbeddingException(kept(request), positions(), done(), failure);
        }
    }

    private record Done(List<Integer> positions, EmbeddingResponse vectors) {}

    /** What is done and what came for these places of the request, in the order of the texts. */
    private Done joined(List<Integer> places, EmbeddingResponse more) {
        EmbeddingResponse joined = EmbeddingResponse.join(List.of(done(), more));
        List<Integer> all = new ArrayList<>(positions());
        all.addAll(places);
        Map<Integer, float[]> sorted = new TreeMap<>();
        for (int i = 0; i < all.size(); i++) {
            sorted.put(all.get(i), joined.vectors().get(i));
        }
        EmbeddingResponse vectors = new EmbeddingResponse(
                List.copyOf(sorted.values()), joined.model(), joined.usage(), joined.cost(), joined.attempts());
        return new Done(List.copyOf(sorted.keySet()), vectors);
    }

    private List<Integer> missing() {
        BitSet there = new BitSet();
        positions().forEach(there::set);
        List<Integer> missing = new ArrayList<>();
        for (int i = there.nextClearBit(0); i < kept(request).texts().size(); i = there.nextClearBit(i + 1)) {
            missing.add(i);
        }
        return missing;
    }

    private LlmException reason() {
        return getCause() instanceof LlmException cause ? cause : this;
    }

    private static <T> T kept(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("vectors: lost in serialisation (expected: the error as it was thrown)");
        }
        return value;
    }
}
