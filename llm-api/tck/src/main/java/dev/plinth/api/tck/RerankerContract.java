package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import dev.plinth.api.rerank.Reranker;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link Reranker} has to do. */
public abstract class RerankerContract {
    private static final String QUERY = "How do I reset my password?";
    private static final List<String> DOCUMENTS = List.of(
            "The restaurant serves fresh fish on Fridays.",
            "To reset your password, open the settings and choose a new password.",
            "Parcels arrive within three days.",
            "The restaurant serves fresh fish on Fridays.");

    /** What a reranker may be unable to do. */
    public enum Behavior {
        /** A document that answers the query comes before one that does not. */
        MEANING
    }

    /** For subclasses. */
    protected RerankerContract() {}

    /** The reranker; the same one or a new one each time. */
    protected abstract Reranker reranker();

    /** What it cannot do; nothing unless overridden. The tests of it are reported as skipped. */
    protected Set<Behavior> unsupported() {
        return Set.of();
    }

    private static List<Ranked> ranked(Reranker reranker, int top) {
        return reranker.rerank(RerankRequest.of(QUERY, DOCUMENTS, top)).ranked();
    }

    @Test
    public final void ranksEveryDocumentOnceBestFirst() {
        List<Ranked> ranked = ranked(reranker(), DOCUMENTS.size());
        assertThat(ranked.stream().map(Ranked::index)).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(ranked)
                .isSortedAccordingTo(Comparator.comparingDouble(Ranked::score).reversed());
    }

    @Test
    public final void returnsTheTopOnly() {
        Reranker reranker = reranker();
        assertThat(ranked(reranker, 1)).hasSize(1);
        assertThat(ranked(reranker, 2)).hasSize(2);
        assertThat(ranked(reranker, 100)).hasSize(DOCUMENTS.size());
        assertThat(ranked(reranker, 1).get(0).score())
                .isEqualTo(ranked(reranker, 100).get(0).score());
    }

    @Test
    public final void relevantDocumentComesFirst() {
        Skips.unless(unsupported(), Behavior.MEANING);
        assertThat(ranked(reranker(), 2).get(0).index()).isEqualTo(1);
    }

    @Test
    public final void takesAnyText() {
        List<String> documents = List.of("a", "日本語の文", "😀", "line\nbreak", "\"quoted\" \\ back");
        assertThat(reranker().rerank(RerankRequest.of("?! 日本", documents, 5)).ranked())
                .hasSize(5);
    }

    @Test
    public final void servesManyCallersAtOnce() throws Exception {
        Reranker reranker = reranker();
        List<Integer> alone = ranked(reranker, 4).stream().map(Ranked::index).toList();
        List<List<Integer>> together = Together.run(
                Together.THREADS,
                i -> () -> ranked(reranker, 4).stream().map(Ranked::index).toList());
        assertThat(together).containsOnly(alone);
    }

    @Test
    public final void interruptedCallerIsRefused() throws Exception {
        Reranker reranker = reranker();
        Waiting.startInterrupted(() -> ranked(reranker, 4)).assertCancelled();
    }

    @Test
    public final void deadlineThatHasPassedIsRefused() {
        RerankRequest request = RerankRequest.of(QUERY, DOCUMENTS, 4).in(Contexts.late());
        assertThatThrownBy(() -> reranker().rerank(request)).isInstanceOf(TimedOutException.class);
    }

    @Test
    public final void knowsItselfWithoutACall() {
        Reranker reranker = reranker();
        assertThat(reranker.info()).isEqualTo(reranker.info());
        assertThat(reranker.info().model()).isNotBlank();
    }
}
