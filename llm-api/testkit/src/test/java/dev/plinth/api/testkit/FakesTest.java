package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import dev.plinth.api.usage.Usage;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;

class FakesTest {
    private static double cosine(String one, String other) {
        FakeEmbeddingModel model = FakeEmbeddingModel.create();
        return Words.cosine(model.embedQuery(one), model.embedQuery(other));
    }

    @Test
    void similarTextsAreNear() {
        assertThat(cosine("How do I reset my password?", "how do I RESET my password"))
                .isCloseTo(1, within(1e-6));
        assertThat(cosine("How do I reset my password?", "password reset"))
                .isGreaterThan(cosine("How do I reset my password?", "opening hours on Sunday") + 0.3);
        assertThat(cosine("cancel the subscription", "cancelling subscriptions"))
                .isGreaterThan(cosine("cancel the subscription", "weather in Oslo") + 0.2);
    }

    @Test
    void sameVectorsOnEveryMachine() {
        float[] vector = FakeEmbeddingModel.create("m", 8).embedQuery("Größe 42");
        assertThat(vector).containsExactly(FakeEmbeddingModel.create("m", 8).embedQuery("Größe 42"));
        assertThat(vector[0]).isCloseTo(-0.5163978f, within(1e-6f));
    }

    @Property
    void vectorsHaveLengthOne(@ForAll @NotBlank String text, @ForAll @IntRange(min = 1, max = 70) int dimensions) {
        Assume.that(!text.isBlank());
        FakeEmbeddingModel model = FakeEmbeddingModel.create();
        EmbeddingRequest request = EmbeddingRequest.builder(List.of(text), InputType.DOCUMENT)
                .dimensions(dimensions)
                .build();
        float[] vector = model.embed(request).vectors().get(0);
        assertThat(vector).hasSize(dimensions);
        assertThat(Words.cosine(vector, vector)).isCloseTo(1, within(1e-9));
        double squares = 0;
        for (float value : vector) {
            squares += value * value;
        }
        assertThat(squares).isCloseTo(1, within(1e-4));
    }

    @Test
    void embeddingsSayThatTheirUsageIsEstimated() {
        FakeEmbeddingModel model = FakeEmbeddingModel.create();
        Usage usage = model.embed(EmbeddingRequest.documents(List.of("one two", "three")))
                .usage();
        assertThat(usage.input()).hasValue(3);
        assertThat(usage.source()).isEqualTo(Usage.Source.ESTIMATED);
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void rerankerCountsWords() {
        RerankRequest request =
                RerankRequest.of("reset password", List.of("Opening hours", "Password", "Reset the password!"), 2);
        assertThat(FakeReranker.create().rerank(request).ranked())
                .containsExactly(new Ranked(2, 1.0), new Ranked(1, 0.5));
    }
}
