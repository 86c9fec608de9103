package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Usage;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * A reranker that counts: a document's score is the share of the query's words that it holds. Documents with the same
 * score keep their order. Remembers what it was asked; obeys interruption and deadlines.
 *
 * <p>Thread-safe.
 */
public final class FakeReranker implements Reranker {
    private final ModelInfo info = ModelInfo.local("fake", "fake-reranker");
    private final List<RerankRequest> requests = new CopyOnWriteArrayList<>();

    private FakeReranker() {}

    /** A reranker called {@code fake-reranker}. */
    public static FakeReranker create() {
        return new FakeReranker();
    }

    @Override
    public RerankResponse rerank(RerankRequest request) {
        Check.notNull(request, "request");
        new Pace(TimeSource.system(), request.context()).begin();
        requests.add(request.in(request.context()));
        Set<String> wanted = new HashSet<>(Words.of(request.query()));
        List<Ranked> ranked = IntStream.range(0, request.documents().size())
                .mapToObj(i -> new Ranked(i, share(wanted, request.documents().get(i))))
                .sorted(Comparator.comparingDouble(Ranked::score).reversed())
                .limit(request.top())
                .toList();
        return new RerankResponse(ranked, info.model(), Usage.NONE);
    }

    private static double share(Set<String> wanted, String document) {
        Set<String> found = new HashSet<>(Words.of(document));
        long hits = wanted.stream().filter(found::contains).count();
        return wanted.isEmpty() ? 0 : (double) hits / wanted.size();
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    /** What it was asked so far, in order, each request with the context it was asked in. */
    public List<RerankRequest> requests() {
        return List.copyOf(requests);
    }
}
