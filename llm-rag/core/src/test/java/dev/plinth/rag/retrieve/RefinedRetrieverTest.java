package dev.plinth.rag.retrieve;

import static dev.plinth.rag.Chunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.testkit.FakeReranker;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RefinedRetrieverTest {
    private static final RetrievalRequest ASKED = RetrievalRequest.of("a question", 3);

    private static List<Match> matches(String... texts) {
        List<Match> matches = new ArrayList<>();
        for (String text : texts) {
            matches.add(new Match(chunk(text, text), texts.length - matches.size()));
        }
        return matches;
    }

    private static List<String> ids(List<Match> matches) {
        return matches.stream().map(match -> match.chunk().id()).toList();
    }

    /** Finds these, and notes how many it was asked for. */
    private static final class Found implements Retriever {
        private final List<Match> matches;
        private final List<Integer> asked = new ArrayList<>();

        Found(List<Match> matches) {
            this.matches = matches;
        }

        @Override
        public Retrieval retrieve(RetrievalRequest request) {
            asked.add(request.k());
            return new Retrieval("rewritten", matches.subList(0, Math.min(request.k(), matches.size())));
        }

        @Override
        public String name() {
            return "found";
        }
    }

    @Test
    void takesCandidatesThroughTheStepsAndGivesTheFirst() {
        Found found = new Found(matches("a", "b", "c", "d", "e", "f"));
        Retriever retriever = RefinedRetriever.builder(found)
                .candidates(5)
                .then((request, matches) -> {
                    List<Match> turned = new ArrayList<>(matches);
                    Collections.reverse(turned);
                    return turned;
                })
                .then((request, matches) -> matches.subList(1, matches.size()))
                .build();

        Retrieval retrieval = retriever.retrieve(ASKED);

        assertThat(ids(retrieval.matches())).containsExactly("d", "c", "b");
        assertThat(retrieval.queries()).containsExactly("rewritten");
        assertThat(found.asked).containsExactly(5);
        assertThat(retriever.name()).isEqualTo("found");
    }

    @Test
    void asksForAsManyAsAreWantedAndNoStepSeesAnEmptyList() {
        Found found = new Found(List.of());
        Retriever retriever = RefinedRetriever.builder(found)
                .candidates(1)
                .then((request, matches) -> {
                    throw new AssertionError("asked for nothing");
                })
                .build();
        assertThat(retriever.retrieve(ASKED).matches()).isEmpty();
        assertThat(found.asked).containsExactly(3);
    }

    @Test
    void stepsRunInTheContextOfTheRequest() {
        CallContext context = CallContext.builder()
                .principal(new Principal("desk", "sales", "a"))
                .build();
        List<CallContext> seen = new ArrayList<>();
        RefinedRetriever.builder(new Found(matches("a", "b")))
                .then((request, matches) -> {
                    seen.add(CallContext.current());
                    return matches;
                })
                .build()
                .retrieve(ASKED.in(context));
        assertThat(seen).containsExactly(context);
    }

    @Test
    void rerankingTakesTheOrderOfTheModel() {
        FakeReranker reranker = FakeReranker.create();
        RetrievalRequest request = RetrievalRequest.of("opening hours on Sunday", 2);
        List<Match> ranked =
                Reranking.by(reranker).refine(request, matches("weather", "closed", "our opening hours on Sunday"));
        assertThat(ids(ranked)).hasSize(3).first().isEqualTo("our opening hours on Sunday");
        RerankRequest asked = reranker.requests().get(0);
        assertThat(asked.query()).isEqualTo("opening hours on Sunday");
        assertThat(asked.documents()).contains("weather", "closed");
    }

    @Test
    void stepsJudgeByTheQuestionAsItWasSearched() {
        FakeReranker reranker = FakeReranker.create();
        RefinedRetriever.builder(new Found(matches("a", "b")))
                .then(Reranking.by(reranker))
                .build()
                .retrieve(ASKED);
        assertThat(reranker.requests().get(0).query()).isEqualTo("rewritten");
    }

    @Test
    void rerankingCanBeOnlyAShareOfTheScore() {
        Reranker reranker = FakeReranker.create();
        RetrievalRequest request = RetrievalRequest.of("opening hours on Sunday", 2);
        List<Match> matches = matches("weather", "closed", "our opening hours on Sunday");
        assertThat(ids(Reranking.by(reranker).share(0).refine(request, matches)))
                .isEqualTo(ids(matches));
        assertThat(Reranking.by(reranker)
                        .share(0.9)
                        .refine(request, matches)
                        .get(0)
                        .score())
                .as("0.9 times the best of the model and 0.1 times the worst of the search")
                .isEqualTo(0.9);
    }

    @Test
    void diversityPassesOverWhatSaysTheSameAgain() {
        InMemoryIndex index = InMemoryIndex.forModel(new WordVectors()).build();
        List<Chunk> chunks = List.of(
                chunk("one", "Parcels leave on Mondays"),
                chunk("again", "Parcels leave on Mondays"),
                chunk("other", "Refunds take five days"));
        index.upsert(chunks.stream()
                .map(chunk -> new Embedded(chunk, WordVectors.vector(chunk.text())))
                .toList());
        List<Match> found =
                List.of(new Match(chunks.get(0), 0.9), new Match(chunks.get(1), 0.89), new Match(chunks.get(2), 0.3));
        RetrievalRequest two = RetrievalRequest.of("x", 2);

        assertThat(ids(Diversity.of(index).lambda(0.4).refine(two, found))).containsExactly("one", "other");
        assertThat(ids(Diversity.of(index).lambda(1).refine(two, found))).containsExactly("one", "again");
        assertThat(ids(Diversity.of(index).refine(two, matches("not", "kept", "there"))))
                .as("chunks without vectors keep their order")
                .containsExactly("not", "kept");
    }

    @Test
    void budgetPassesOverWhatDoesNotFit() {
        TokenBudget budget = TokenBudget.of(7, String::length);
        assertThat(ids(budget.refine(ASKED, matches("four", "seven77", "abc", "x"))))
                .containsExactly("four", "abc");
        assertThat(ids(budget.refine(RetrievalRequest.of("q", 1), matches("a", "b"))))
                .containsExactly("a");
    }

    @Test
    void budgetTooSmallForAnythingIsAnError() {
        assertThatThrownBy(() -> TokenBudget.of(3, String::length).refine(ASKED, matches("12345", "1234")))
                .isInstanceOf(ContextTooLongException.class)
                .hasMessage("tokens: 3 (expected: at least 4, the size of the smallest text that was found)");
    }

    @Test
    void weakestStandInTheMiddle() {
        RetrievalRequest all = RetrievalRequest.of("q", 5);
        assertThat(ids(EdgesFirst.order().refine(all, matches("1", "2", "3", "4", "5"))))
                .containsExactly("1", "3", "5", "4", "2");
        assertThat(ids(EdgesFirst.order().refine(ASKED, matches("1", "2", "3", "4", "5"))))
                .containsExactly("1", "3", "2");
    }

    @Property(tries = 100)
    void noStepMakesUpOrDoublesAMatch(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int k) {
        Random random = new Random(seed);
        List<Match> found = IntStream.range(0, random.nextInt(12) + 1)
                .mapToObj(i -> new Match(chunk("c" + i, "word" + random.nextInt(5)), random.nextDouble()))
                .toList();
        InMemoryIndex index = InMemoryIndex.forModel(new WordVectors()).build();
        index.upsert(found.stream()
                .map(match -> new Embedded(
                        match.chunk(), WordVectors.vector(match.chunk().text())))
                .toList());
        RetrievalRequest request = RetrievalRequest.of("word1 word2", k);
        for (Refinement step : List.of(
                Reranking.by(FakeReranker.create()),
                Reranking.by(FakeReranker.create()).share(0.5),
                Diversity.of(index),
                TokenBudget.of(1000, String::length),
                EdgesFirst.order())) {
            List<Match> refined = step.refine(request, found);
            assertThat(Set.copyOf(ids(refined))).hasSameSizeAs(refined).isSubsetOf(ids(found));
            assertThat(refined.size()).isGreaterThanOrEqualTo(Math.min(k, found.size()));
        }
    }
}
