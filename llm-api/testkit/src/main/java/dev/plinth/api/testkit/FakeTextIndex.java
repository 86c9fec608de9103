package dev.plinth.api.testkit;

import dev.plinth.api.context.Cancellation;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.TextQuery;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A text index that reads every chunk: a score is the number of the query's words that the chunk holds, plus the share
 * of the chunk that they are, so that of two hits the shorter one wins. Of equal scores the smaller id comes first.
 *
 * <p>Thread-safe.
 */
public final class FakeTextIndex implements TextIndex {
    private final Object lock = new Object();
    private final Map<String, Chunk> chunks = new LinkedHashMap<>();

    private FakeTextIndex() {}

    /** An empty index. */
    public static FakeTextIndex create() {
        return new FakeTextIndex();
    }

    @Override
    public void add(List<Chunk> chunks) {
        List<Chunk> all = List.copyOf(chunks);
        synchronized (lock) {
            all.forEach(chunk -> this.chunks.put(chunk.id(), chunk));
        }
    }

    @Override
    public void delete(Collection<String> ids) {
        List<String> all = List.copyOf(ids);
        synchronized (lock) {
            all.forEach(chunks::remove);
        }
    }

    @Override
    public List<Match> search(TextQuery query) {
        Cancellation.check();
        Set<String> wanted = new HashSet<>(Words.of(query.text()));
        List<Chunk> all;
        synchronized (lock) {
            all = List.copyOf(chunks.values());
        }
        return all.stream()
                .filter(chunk -> query.filter().matches(chunk.metadata()))
                .map(chunk -> new Match(chunk, score(wanted, chunk.text())))
                .filter(match -> match.score() > 0)
                .sorted(Comparator.comparingDouble(Match::score)
                        .reversed()
                        .thenComparing(match -> match.chunk().id()))
                .limit(query.k())
                .toList();
    }

    private static double score(Set<String> wanted, String text) {
        List<String> words = Words.of(text);
        long different = wanted.stream().filter(words::contains).count();
        long all = words.stream().filter(wanted::contains).count();
        return words.isEmpty() ? 0 : different + (double) all / words.size();
    }
}
