package dev.plinth.api.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is done is kept, and the rest can be asked for. */
class IncompleteEmbeddingTest {
    private static final EmbeddingRequest REQUEST = EmbeddingRequest.builder(
                    List.of("0", "1", "2", "3"), InputType.DOCUMENT)
            .model("m")
            .dimensions(1)
            .context(CallContext.builder().useCase("u").build())
            .build();
    private static final LlmException LIMITED = new RateLimitedException(
            "rate: over (expected: less)",
            ErrorDetails.builder()
                    .provider("p")
                    .retryAfter(Duration.ofSeconds(2))
                    .build(),
            null);

    /** The vector of a text is its number; a call costs one cent. */
    private static EmbeddingResponse answer(String model, List<String> texts) {
        List<float[]> vectors =
                texts.stream().map(text -> new float[] {Float.parseFloat(text)}).toList();
        return new EmbeddingResponse(vectors, model, Usage.of(texts.size(), 0), cost("EUR"), List.of());
    }

    private static Cost cost(String currency) {
        return new Cost(new BigDecimal("0.01"), Currency.getInstance(currency), LocalDate.of(2026, 1, 1));
    }

    private static IncompleteEmbeddingException done(Integer... positions) {
        List<String> texts =
                List.of(positions).stream().map(REQUEST.texts()::get).toList();
        return new IncompleteEmbeddingException(REQUEST, List.of(positions), answer("m", texts), LIMITED);
    }

    private static List<Float> numbers(EmbeddingResponse response) {
        return response.vectors().stream().map(vector -> vector[0]).toList();
    }

    @Test
    void saysWhatItsCauseSays() {
        IncompleteEmbeddingException stopped = done(1, 2);
        assertThat(stopped)
                .hasMessage("vectors: 2 of 4, then rate_limited (expected: all) [provider=p, retry after=PT2S]")
                .hasCause(LIMITED);
        assertThat(stopped.code()).isEqualTo("rate_limited");
        assertThat(stopped.isRetryable()).isTrue();
        assertThat(stopped.details().retryAfter()).hasValue(Duration.ofSeconds(2));
        assertThat(stopped.partialUsage()).isEqualTo(Usage.of(2, 0));
        AuthenticationException refused = new AuthenticationException("key: refused (expected: another)");
        Attempt attempt = new Attempt(
                null, "p", "m", "first", Instant.EPOCH, Duration.ZERO, "authentication", Usage.UNKNOWN, null);
        refused.setAttempts(List.of(attempt, attempt));
        IncompleteEmbeddingException last =
                new IncompleteEmbeddingException(REQUEST, List.of(0), answer("m", List.of("0")), refused);
        assertThat(last.isRetryable()).isFalse();
        assertThat(last.attempts()).containsExactly(attempt, attempt);
    }

    @Test
    void restIsTheSameRequestForTheOtherTexts() {
        EmbeddingRequest rest = done(1, 2).rest();
        assertThat(rest.texts()).containsExactly("0", "3");
        assertThat(rest.model()).hasValue("m");
        assertThat(rest.dimensions()).hasValue(1);
        assertThat(rest.context()).isSameAs(REQUEST.context());
    }

    @Test
    void restCompletesTheAnswerInTheOrderOfTheTexts() {
        IncompleteEmbeddingException stopped = done(1, 2);
        EmbeddingResponse whole = stopped.with(answer("m", stopped.rest().texts()));
        assertThat(numbers(whole)).containsExactly(0f, 1f, 2f, 3f);
        assertThat(whole.usage()).isEqualTo(Usage.of(4, 0));
        assertThat(whole.cost())
                .isEqualTo(new Cost(
                        new BigDecimal("0.02"),
                        cost("EUR").currency(),
                        cost("EUR").priceDate()));
    }

    @Test
    void vectorsThatDoNotCompareAreNotJoined() {
        IncompleteEmbeddingException stopped = done(1, 2);
        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> stopped.with(answer("another", List.of("0", "3"))))
                .withMessage("model: another (expected: m, as in another part of the answer)");
        EmbeddingResponse longer =
                new EmbeddingResponse(List.of(new float[] {1, 2}, new float[] {1, 2}), "m", Usage.UNKNOWN);
        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> stopped.with(longer))
                .withMessage("dimensions: 2 (expected: 1, as in another part of the answer)");
        assertThatIllegalArgumentException().isThrownBy(() -> stopped.with(answer("m", List.of("0"))));
    }

    @Test
    void costThatOnePartDoesNotHaveIsNotKnown() {
        EmbeddingResponse known = answer("m", List.of("1"));
        EmbeddingResponse unknown = new EmbeddingResponse(known.vectors(), "m", Usage.UNKNOWN);
        EmbeddingResponse dollars = new EmbeddingResponse(known.vectors(), "m", Usage.UNKNOWN, cost("USD"), List.of());
        assertThat(EmbeddingResponse.join(List.of(known, unknown)).cost()).isNull();
        assertThat(EmbeddingResponse.join(List.of(unknown, known)).cost()).isNull();
        assertThat(EmbeddingResponse.join(List.of(known, dollars)).cost()).isNull();
        assertThat(EmbeddingResponse.join(List.of(known))).isSameAs(known);
        assertThatIllegalArgumentException().isThrownBy(() -> EmbeddingResponse.join(List.of()));
    }

    @Test
    void refusesWhatDoesNotFitTheRequest() {
        EmbeddingResponse two = answer("m", List.of("0", "1"));
        for (List<Integer> positions :
                List.of(List.of(1, 0), List.of(1, 1), List.of(0, 4), List.of(-1, 0), List.of(0))) {
            assertThatIllegalArgumentException()
                    .as("%s", positions)
                    .isThrownBy(() -> new IncompleteEmbeddingException(REQUEST, positions, two, LIMITED));
        }
        EmbeddingResponse all = answer("m", REQUEST.texts());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IncompleteEmbeddingException(REQUEST, List.of(0, 1, 2, 3), all, LIMITED));
    }

    @Test
    void whatIsLostInSerialisationIsSaid() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(done(1));
        IncompleteEmbeddingException copy = (IncompleteEmbeddingException)
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertThat(copy).hasMessage(done(1).getMessage());
        assertThat(copy.code()).isEqualTo("rate_limited");
        assertThatIllegalStateException().isThrownBy(copy::rest);
        assertThatIllegalStateException().isThrownBy(copy::positions);
    }

    /** Embeds some of the texts, at random, until it is in the mood for all. */
    private record Moody(Random random, Usage[] spent) implements EmbeddingModel {
        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            List<String> texts = request.texts();
            List<Integer> positions = IntStream.range(0, texts.size())
                    .filter(position -> random.nextInt(3) > 0)
                    .boxed()
                    .toList();
            if (positions.isEmpty()) {
                throw new OverloadedException("server: overloaded (expected: an answer)");
            }
            EmbeddingResponse done =
                    answer("m", positions.stream().map(texts::get).toList());
            spent[0] = spent[0].plus(done.usage());
            if (positions.size() < texts.size()) {
                throw new IncompleteEmbeddingException(request, positions, done, LIMITED);
            }
            return done;
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("p", "m");
        }

        @Override
        public OptionalInt dimensions() {
            return OptionalInt.empty();
        }
    }

    @Property(tries = 300)
    void resumingUntilAllIsDoneGivesTheVectorsOfOneCall(
            @ForAll @IntRange(min = 1, max = 40) int texts, @ForAll long seed) {
        EmbeddingRequest request = EmbeddingRequest.documents(
                IntStream.range(0, texts).mapToObj(Integer::toString).toList());
        Moody model = new Moody(new Random(seed), new Usage[] {Usage.NONE});
        EmbeddingResponse whole = null;
        IncompleteEmbeddingException stopped = null;
        while (whole == null) {
            try {
                whole = stopped == null ? model.embed(request) : stopped.resume(model);
            } catch (IncompleteEmbeddingException again) {
                int before = stopped == null ? 0 : stopped.positions().size();
                assertThat(again.positions()).hasSizeGreaterThanOrEqualTo(before);
                assertThat(again.partialUsage()).isEqualTo(model.spent[0]);
                stopped = again;
            } catch (OverloadedException nothing) {
                assertThat(stopped).as("what was done").isNull();
            }
        }
        assertThat(numbers(whole))
                .isEqualTo(IntStream.range(0, texts).mapToObj(i -> (float) i).toList());
        assertThat(whole.usage()).isEqualTo(model.spent[0]);
    }

    @Test
    void whatIsDoneIsKeptWhenTheRestFailsAltogether() {
        Moody never = new Moody(
                new Random() {
                    @Override
                    public int nextInt(int bound) {
                        return 0;
                    }
                },
                new Usage[] {Usage.NONE});
        IncompleteEmbeddingException again =
                catchThrowableOfType(IncompleteEmbeddingException.class, () -> done(2).resume(never));
        assertThat(again.code()).isEqualTo("overloaded");
        assertThat(again.positions()).containsExactly(2);
        assertThat(numbers(again.done())).containsExactly(2f);
    }

    @Test
    void whatALayerSaysOfTheAttemptsIsKept() {
        Attempt attempt =
                new Attempt(null, "p", "m", "first", Instant.EPOCH, Duration.ZERO, "overloaded", Usage.UNKNOWN, null);
        EmbeddingModel retried = new ForwardingEmbeddingModel(new Moody(new Random(1), new Usage[] {Usage.NONE})) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                EmbeddingResponse first = answer("m", request.texts().subList(0, 1));
                IncompleteEmbeddingException again = new IncompleteEmbeddingException(
                        request, List.of(0), first, new OverloadedException("server: busy"));
                again.setAttempts(List.of(attempt, attempt));
                throw again;
            }
        };
        IncompleteEmbeddingException again =
                catchThrowableOfType(IncompleteEmbeddingException.class, () -> done(1).resume(retried));
        assertThat(again.positions()).containsExactly(0, 1);
        assertThat(again.attempts()).containsExactly(attempt, attempt);
    }
}
