package dev.plinth.rag.retrieve;

import static dev.plinth.rag.Chunks.chunk;
import static dev.plinth.rag.Chunks.embedded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.embedding.InputType;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.query.QueryTransform;
import dev.plinth.rag.query.Search;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HybridRetrieverTest {
    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();

    @BeforeEach
    void fill() {
        index.upsert(List.of(
                embedded(chunk("refund", "Refunds are paid within five days.", Metadata.NONE.with("team", "a"))),
                embedded(chunk("ship", "We ship parcels every day.", Metadata.NONE.with("team", "b"))),
                embedded(chunk("reset", "Reset your password in the settings.", Metadata.NONE.with("team", "a")))));
    }

    private List<Match> find(SearchMode mode, String query, int k) {
        return HybridRetriever.builder(index, index, model)
                .mode(mode)
                .build()
                .retrieve(RetrievalRequest.of(query, k))
                .matches();
    }

    @Test
    void everyModeFindsTheRightChunkFirst() {
        for (SearchMode mode : SearchMode.values()) {
            assertThat(find(mode, "When is a refund paid?", 2))
                    .as(mode.name())
                    .first()
                    .satisfies(match -> assertThat(match.chunk().id()).isEqualTo("refund"));
        }
    }

    @Test
    void wordsOnlyEmbedNothing() {
        find(SearchMode.BM25, "refund", 2);
        assertThat(model.requests()).isZero();
    }

    @Test
    void reciprocalRankFusionSumsInverseRanks() {
        Match a = new Match(chunk("a", "a"), 9);
        Match b = new Match(chunk("b", "b"), 5);
        Match c = new Match(chunk("c", "c"), 1);
        List<Match> fused = Fusion.reciprocalRank(List.of(List.of(a, b), List.of(b, c)), 5);
        assertThat(fused).extracting(match -> match.chunk().id()).containsExactly("b", "a", "c");
        assertThat(fused.get(0).score()).isCloseTo(1.0 / 62 + 1.0 / 61, within(1e-12));
        assertThat(fused.get(2).score()).isCloseTo(1.0 / 62, within(1e-12));
    }

    @Test
    void theWeightedSumNormalisesEachList() {
        Match a = new Match(chunk("a", "a"), 0.9);
        Match b = new Match(chunk("b", "b"), 0.8);
        Match c = new Match(chunk("c", "c"), 0.4);
        Match bWords = new Match(chunk("b", "b"), 20);
        Match dWords = new Match(chunk("d", "d"), 10);
        List<Match> fused = Fusion.weighted(List.of(a, b, c), 0.25, List.of(bWords, dWords), 3);
        assertThat(fused).extracting(match -> match.chunk().id()).containsExactly("b", "a", "c");
        assertThat(fused.get(0).score()).isCloseTo(0.25 * 0.8 + 0.75, within(1e-12));
        assertThat(fused.get(1).score()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void filtersBothLists() {
        List<Match> matches = HybridRetriever.over(index, model)
                .retrieve(RetrievalRequest.of("parcels every day", 5).where(Filter.eq("team", "a")))
                .matches();
        assertThat(matches).isNotEmpty().noneMatch(match -> match.chunk().id().equals("ship"));
    }

    @Test
    void refusesAnotherModel() {
        assertThatThrownBy(() -> HybridRetriever.over(index, new WordVectors("other")))
                .hasMessage("model: other (expected: word-vectors, whose vectors are held)");
    }

    @Test
    void severalSearchesAreEmbeddedByTypeAndJoinedByRank() {
        HybridRetriever retriever = HybridRetriever.builder(index, model)
                .queries(request -> List.of(
                        Search.of("refund"),
                        new Search("refund", "password settings", InputType.DOCUMENT),
                        Search.of("parcels shipped")))
                .mode(SearchMode.DENSE)
                .build();

        Retrieval found = retriever.retrieve(RetrievalRequest.of("asked", 3));

        assertThat(model.requests()).as("one for each type").isEqualTo(2);
        assertThat(found.queries()).containsExactly("refund", "parcels shipped");
        assertThat(found.matches())
                .extracting(match -> match.chunk().id())
                .containsExactlyInAnyOrder("refund", "reset", "ship");
        assertThat(found.matches())
                .as("each is first in one list and later in the others")
                .allSatisfy(match -> assertThat(match.score()).isBetween(1.0 / 61, 3.0 / 61));
    }

    @Test
    void searchWithoutWordsLooksByVectorOnly() {
        List<String> counted = new ArrayList<>();
        TextIndex words = counting(counted);
        QueryTransform imagined =
                request -> List.of(Search.of(request.query()), Search.like("Reset your password in the settings."));
        for (SearchMode mode : SearchMode.values()) {
            counted.clear();
            Retrieval found = HybridRetriever.builder(index, words, model)
                    .queries(imagined)
                    .mode(mode)
                    .build()
                    .retrieve(RetrievalRequest.of("When is a refund paid?", 3));
            assertThat(found.queries()).as(mode.name()).containsExactly("When is a refund paid?");
            assertThat(counted).as(mode.name()).hasSize(mode == SearchMode.DENSE ? 0 : 1);
            List<String> ids =
                    found.matches().stream().map(match -> match.chunk().id()).toList();
            assertThat(ids).as(mode.name()).contains("refund");
            assertThat(ids.contains("reset")).as(mode.name()).isEqualTo(mode != SearchMode.BM25);
        }
    }

    /** The index by words, and what it is asked. */
    private TextIndex counting(List<String> asked) {
        return new TextIndex() {
            @Override
            public void add(List<Chunk> chunks) {
                index.add(chunks);
            }

            @Override
            public void delete(Collection<String> ids) {
                index.delete(ids);
            }

            @Override
            public List<Match> search(TextQuery query) {
                asked.add(query.text());
                return index.search(query);
            }
        };
    }
}
