package dev.plinth.rag.retrieve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.rag.Chunks;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.query.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParentRetrieverTest {
    private final List<RetrievalRequest> asked = new ArrayList<>();

    private Retriever children(List<Match> matches) {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                asked.add(request);
                return new Retrieval("rewritten", matches.subList(0, Math.min(request.k(), matches.size())));
            }

            @Override
            public String name() {
                return "children";
            }
        };
    }

    private static Match child(String document, int number, Chunk.@Nullable Parent parent) {
        Chunk.Span span = new Chunk.Span(number, number + 1, 1, 1);
        String id = document + "#" + number;
        return new Match(
                new Chunk(
                        id, document, document, "c", span, List.of("H"), Metadata.NONE.with("n", "n" + number), parent),
                1.0 / (1 + number));
    }

    private static Chunk.Parent parent(int start, int end) {
        return new Chunk.Parent("p".repeat(end - start), new Chunk.Span(start, end, 1, 1));
    }

    @Test
    void theChildrenOfAParentBecomeOneMatchWithTheBestScore() {
        Retriever retriever = ParentRetriever.over(children(List.of(
                child("a", 1, parent(0, 10)),
                child("a", 11, parent(10, 20)),
                child("a", 2, parent(0, 10)),
                child("b", 3, parent(0, 10)),
                child("b", 4, null))));

        Retrieval found = retriever.retrieve(RetrievalRequest.of("q", 9));

        assertThat(found.queries()).containsExactly("rewritten");
        assertThat(found.matches())
                .extracting(match -> match.chunk().id())
                .containsExactly("a#1", "a#11", "b#3", "b#4");
        Chunk first = found.matches().get(0).chunk();
        assertThat(first.text()).isEqualTo("pppppppppp");
        assertThat(first.span()).isEqualTo(new Chunk.Span(0, 10, 1, 1));
        assertThat(first.parent()).isNull();
        assertThat(first.headings()).containsExactly("H");
        assertThat(first.metadata()).isEqualTo(Metadata.NONE.with("n", "n1"));
        assertThat(found.matches().get(0).score()).isEqualTo(0.5);
        assertThat(found.matches().get(3).chunk().text()).isEqualTo("c");
        assertThat(retriever.name()).isEqualTo("children");
    }

    @Test
    void asksOnceForAsManyChildrenAsHaveEnoughParents() {
        List<Match> matches = IntStream.range(0, 100)
                .mapToObj(i -> child("a", i, parent(i / 20 * 20, i / 20 * 20 + 20)))
                .toList();
        RetrievalRequest request = RetrievalRequest.of("q", 3).where(Filter.eq("team", "x"));

        assertThat(ParentRetriever.over(children(matches)).retrieve(request).matches())
                .extracting(match -> match.chunk().id())
                .containsExactly("a#0", "a#20", "a#40");
        assertThat(asked).extracting(RetrievalRequest::k).containsExactly(60);
        assertThat(asked).extracting(RetrievalRequest::filter).containsOnly(request.filter());
        assertThat(asked).extracting(RetrievalRequest::query).containsOnly("q");
    }

    @Test
    void isContentWhenNoMoreIsFound() {
        List<Match> matches = List.of(child("a", 1, parent(0, 10)), child("a", 2, parent(0, 10)));
        assertThat(ParentRetriever.over(children(matches))
                        .retrieve(RetrievalRequest.of("q", 2))
                        .matches())
                .hasSize(1);
        assertThat(asked).hasSize(1);
        assertThat(ParentRetriever.over(children(List.of()))
                        .retrieve(RetrievalRequest.of("q", Integer.MAX_VALUE))
                        .matches())
                .isEmpty();
    }

    @Test
    void asksForNoMoreThanAThousandUnlessMoreAreWanted() {
        Retriever retriever = ParentRetriever.over(children(List.of()));
        for (int k : List.of(5, 51, 1001, Integer.MAX_VALUE)) {
            retriever.retrieve(RetrievalRequest.of("q", k));
        }
        assertThat(asked).extracting(RetrievalRequest::k).containsExactly(100, 1000, 1001, Integer.MAX_VALUE);
    }

    @Test
    void questionIsTransformedAndEmbeddedOnce() {
        WordVectors model = new WordVectors();
        InMemoryIndex index = InMemoryIndex.forModel(model).build();
        for (int i = 0; i < 200; i++) { // one parent only: more children would not bring another
            Chunk child = child("a", i, parent(0, 200)).chunk();
            index.upsert(List.of(Chunks.embedded(child.withMetadata(Readers.EVERYONE.on(child.metadata())))));
        }
        AtomicInteger transformed = new AtomicInteger();
        Retriever inner = HybridRetriever.builder(index, model)
                .queries(request -> {
                    transformed.incrementAndGet();
                    return List.of(Search.of(request.query()));
                })
                .build();
        assertThat(ParentRetriever.over(inner)
                        .retrieve(RetrievalRequest.of("c", 2))
                        .matches())
                .hasSize(1);
        assertThat(transformed).hasValue(1);
        assertThat(model.requests()).isEqualTo(1);
    }
}
