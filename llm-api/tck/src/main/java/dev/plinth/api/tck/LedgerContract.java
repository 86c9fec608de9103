package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.retrieval.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} has to do. */
public abstract class LedgerContract {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");
    private static final String HOSTILE = "it's \"x\" \\ 100% _ ${y} '; DROP TABLE ledger; -- 日本語 😀";

    /** What a ledger may be unable to do. */
    public enum Behavior {
        /** Keeps what it knows when it is closed: {@link #reopen} finds it again. */
        DURABLE
    }

    private final List<Ledger> opened = new ArrayList<>();

    /** For subclasses. */
    protected LedgerContract() {}

    /** A ledger that knows nothing. */
    protected abstract Ledger open();

    /** The ledger that {@link #open} returned last, after it was closed. To be overridden by durable ones. */
    protected Ledger reopen() {
        throw new AssertionError("reopen: not overridden (expected: overridden, or DURABLE declared unsupported)");
    }

    /** Releases a ledger; closes it if it can be closed, unless overridden. */
    protected void close(Ledger ledger) throws Exception {
        if (ledger instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /** What the ledger cannot do; nothing unless overridden. The tests of it are reported as skipped. */
    protected Set<Behavior> unsupported() {
        return Set.of();
    }

    /** Closes what a test opened. */
    @AfterEach
    public final void closeLedgers() throws Exception {
        for (Ledger ledger : opened) {
            close(ledger);
        }
    }

    private Ledger opened() {
        Ledger ledger = open();
        opened.add(ledger);
        return ledger;
    }

    private static Ledger.Stored stored(String version, int chunks) {
        return new Ledger.Stored(version, "digest of " + version, "docs/a@" + version + "#", chunks, NOON);
    }

    private static Ledger.Entry entry(String version) {
        return new Ledger.Entry(stored(version, 3), null, null);
    }

    @Test
    public final void knowsNothingAtFirst() {
        Ledger ledger = opened();
        assertThat(ledger.find("docs", List.of("a"))).isEmpty();
        assertThat(ledger.find("docs", List.of())).isEmpty();
        assertThat(ledger.list("docs", null, 10)).isEmpty();
        assertThat(ledger.sources()).isEmpty();
        assertThat(ledger.checkpoint("docs")).isEmpty();
        ledger.remove("docs", List.of("a"));
        ledger.put("docs", Map.of());
        assertThat(ledger.find("docs", List.of("a"))).isEmpty();
    }

    @Test
    public final void givesEntriesBackAsTheyCame() {
        Ledger ledger = opened();
        Ledger.Failure failure = new Ledger.Failure("v3", "file: broken " + HOSTILE, 2, NOON);
        Map<String, Ledger.Entry> entries = new TreeMap<>();
        entries.put("stored", entry("v1"));
        entries.put("nothing in it", new Ledger.Entry(stored("v1", 0), null, null));
        entries.put("all", new Ledger.Entry(stored("v1", 3), stored("v2 " + HOSTILE, 70_000), failure));
        entries.put("failed", new Ledger.Entry(null, null, failure));
        entries.put("begun", new Ledger.Entry(null, stored("v2", 1), null));
        entries.put(HOSTILE, entry(HOSTILE));
        entries.put("x".repeat(600), entry("v1"));
        ledger.put(HOSTILE, entries);
        assertThat(ledger.find(HOSTILE, entries.keySet())).isEqualTo(entries);
        assertThat(ledger.list(HOSTILE, null, 100)).isEqualTo(entries);
        assertThat(ledger.sources()).containsExactly(HOSTILE);
    }

    @Test
    public final void writesOverWhatWasKnown() {
        Ledger ledger = opened();
        ledger.put("docs", Map.of("a", entry("v1"), "b", entry("v1")));
        ledger.put("docs", Map.of("a", new Ledger.Entry(stored("v1", 3), stored("v2", 4), null)));
        ledger.put("docs", Map.of("a", entry("v2")));
        assertThat(ledger.find("docs", List.of("a", "b", "unknown")))
                .isEqualTo(Map.of("a", entry("v2"), "b", entry("v1")));
    }

    @Test
    public final void idsAreComparedExactly() {
        Ledger ledger = opened();
        ledger.put("docs", Map.of("a", entry("1"), "A", entry("2"), "a ", entry("3"), "\u00e1", entry("4")));
        ledger.remove("docs", List.of("a", "%"));
        assertThat(ledger.list("docs", null, 10))
                .isEqualTo(Map.of("A", entry("2"), "a ", entry("3"), "\u00e1", entry("4")));
        assertThat(ledger.find("Docs", List.of("A"))).isEmpty();
    }

    @Test
    public final void sourcesDoNotTouchEachOther() {
        Ledger ledger = opened();
        ledger.put("one", Map.of("a", entry("1")));
        ledger.put("two", Map.of("a", entry("2")));
        assertThat(ledger.sources()).containsExactly("one", "two");
        ledger.remove("one", List.of("a"));
        assertThat(ledger.find("one", List.of("a"))).isEmpty();
        assertThat(ledger.find("two", List.of("a"))).containsEntry("a", entry("2"));
    }

    @Test
    public final void listsPageByPageInOrder() {
        Ledger ledger = opened();
        Map<String, Ledger.Entry> entries = new TreeMap<>();
        for (int i = 0; i < 25; i++) {
            entries.put((i % 2 == 0 ? "Doc/" : "doc_") + i + ".md", entry("v" + i));
        }
        ledger.put("docs", entries);
        Map<String, Ledger.Entry> listed = new TreeMap<>();
        String after = null;
        for (int page = 0; page < 6; page++) {
            Map<String, Ledger.Entry> next = ledger.list("docs", after, 7);
            assertThat(next).hasSize(page < 3 ? 7 : page == 3 ? 4 : 0);
            for (String id : next.keySet()) {
                assertThat(listed).as("listed once").doesNotContainKey(id);
                after = id;
            }
            listed.putAll(next);
        }
        assertThat(listed).isEqualTo(entries);
    }

    @Test
    public final void remembersWhereAListOfChangesStarts() {
        Ledger ledger = opened();
        Ledger.Checkpoint everything = new Ledger.Checkpoint(null, NOON);
        Ledger.Checkpoint changes = new Ledger.Checkpoint(HOSTILE, NOON.plusSeconds(1));
        ledger.checkpoint("docs", everything);
        assertThat(ledger.checkpoint("docs")).contains(everything);
        ledger.checkpoint("docs", changes);
        assertThat(ledger.checkpoint("docs")).contains(changes);
        assertThat(ledger.checkpoint("other")).isEmpty();
        assertThat(ledger.sources()).containsExactly("docs");
    }

    @Test
    public final void refusesNamesWithoutMeaning() {
        Ledger ledger = opened();
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.put("", Map.of("a", entry("1"))));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.put("docs", Map.of(" ", entry("1"))));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.list("docs", null, 0));
        assertThat(ledger.sources()).isEmpty();
    }

    @Test
    public final void servesManyCallersAtOnce() throws Exception {
        Ledger ledger = opened();
        Together.run(Together.THREADS, thread -> () -> {
            for (int i = 0; i < 20; i++) {
                ledger.put("docs", Map.of("t" + thread + "-" + i, entry("v" + i), "shared", entry("v" + thread)));
                assertThat(ledger.find("docs", List.of("shared"))).hasSize(1);
                if (i % 2 == 0) {
                    ledger.remove("docs", List.of("t" + thread + "-" + i));
                }
            }
            return null;
        });
        assertThat(ledger.list("docs", null, 1000)).hasSize(Together.THREADS * 10 + 1);
    }

    @Test
    public final void findsAgainWhatItKnewWhenItWasClosed() throws Exception {
        Skips.unless(unsupported(), Behavior.DURABLE);
        Ledger ledger = opened();
        ledger.put("docs", Map.of("a", entry("1"), "gone", entry("1")));
        ledger.remove("docs", List.of("gone"));
        ledger.checkpoint("docs", new Ledger.Checkpoint("c", NOON));
        close(ledger);
        Ledger again = reopen();
        opened.add(again);
        assertThat(again.list("docs", null, 10)).isEqualTo(Map.of("a", entry("1")));
        assertThat(again.checkpoint("docs")).contains(new Ledger.Checkpoint("c", NOON));
    }
}
