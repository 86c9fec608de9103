package dev.plinth.rag.pgvector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that want to be code, that the database cannot hold, or that it would order in another way. */
@Tag("once")
class HostileTextTest {
    private static final float[] X = {1, 0, 0, 0};

    private final PgVectorIndex index = Samples.builder(TestServer.newSchema()).build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; DROP SCHEMA plinth CASCADE; --",
                "\\'; SELECT pg_sleep(9); --",
                "$$ x $1 ? ?? :name ${name} {d '1'}",
                "\"}, {\"readers\": [\"*\"]",
                "nul \u0000 in it",
                "lone \ud800 and \udc00\ud83d",
                "\u001a\u001a0000 escape",
                "\u0001\u0001\u0002",
                "\uff21\ue000\uffff \ud83d\ude00"
            })
    void everyTextComesBackAsItWas(String hostile) {
        Chunk chunk = new Chunk(
                "id " + hostile,
                "document " + hostile,
                hostile,
                "zebra " + hostile,
                new Chunk.Span(0, 9, 1, 1),
                List.of(hostile, "", "Heading"),
                Metadata.NONE
                        .with("field " + hostile, hostile)
                        .with("set", Value.of(Set.of(hostile, "b")))
                        .with("zero", Value.of(-0.0)),
                new Chunk.Parent("more " + hostile, new Chunk.Span(0, 99, 1, 2)));
        index.upsert(List.of(new Embedded(chunk, X)));
        assertThat(index.fetch(List.of(chunk.id()))).extracting(Embedded::chunk).containsExactly(chunk);
        Filter filter = Filter.eq("field " + hostile, hostile).and(Filter.contains("set", hostile));
        assertThat(index.search(new VectorQuery(X, 5, filter))).hasSize(1);
        assertThat(index.search(new VectorQuery(X, 5, Filter.eq("field " + hostile, hostile + "x"))))
                .isEmpty();
        assertThat(index.search(new TextQuery("zebra " + hostile, 5, filter))).hasSize(1);
        Ledger.Stored stored =
                new Ledger.Stored("v " + hostile, "d", hostile, 3, Instant.parse("1969-12-31T23:59:59.999999999Z"));
        Map<String, Ledger.Entry> entries = Map.of("id " + hostile, new Ledger.Entry(stored, null, null));
        index.put("source " + hostile, entries);
        index.checkpoint("source " + hostile, new Ledger.Checkpoint(hostile, Instant.EPOCH));
        assertThat(index.list("source " + hostile, null, 5)).isEqualTo(entries);
        assertThat(index.checkpoint("source " + hostile)).contains(new Ledger.Checkpoint(hostile, Instant.EPOCH));
        assertThat(index.sources()).containsExactly("source " + hostile);
        index.delete(List.of(chunk.id()));
        assertThat(index.size()).isZero();
    }

    @Test
    void textsAreOrderedByUtf16() {
        List<String> texts = List.of(
                "",
                "\u0000",
                "\u0000\u0000",
                "\u0001",
                "\u0002",
                "a",
                "a\u0000",
                "\ud7ff",
                "\ud800",
                "\ud83d\ude00",
                "\ud83d\ude00a",
                "\udfff",
                "\ue000",
                "\uff21",
                "\uffff");
        List<Embedded> all = new ArrayList<>();
        for (String text : texts) {
            all.add(new Embedded(Samples.chunk("id" + all.size(), "x", Metadata.NONE.with("t", text)), X));
        }
        index.upsert(all);
        for (String text : texts) {
            for (Filter.Operator operator : Filter.Operator.values()) {
                Filter filter = new Filter.Compare("t", operator, Value.of(text));
                Set<String> expected = all.stream()
                        .map(Embedded::chunk)
                        .filter(chunk -> filter.matches(chunk.metadata()))
                        .map(Chunk::id)
                        .collect(Collectors.toSet());
                assertThat(new TreeSet<>(Samples.ids(index.search(new VectorQuery(X, 99, filter)))))
                        .as("%s", filter)
                        .isEqualTo(new TreeSet<>(expected));
            }
        }
    }

    @Test
    void aConditionMayNameThousandsOfValues() {
        index.upsert(List.of(new Embedded(Samples.chunk("a", "zebra", Metadata.NONE.with("team", "t70000")), X)));
        String[] teams = new String[70_001];
        for (int i = 0; i < teams.length; i++) {
            teams[i] = "t" + i;
        }
        assertThat(index.search(new VectorQuery(X, 5, Filter.in("team", teams))))
                .hasSize(1);
    }

    @Test
    void wordsMayBeManyOrNone() {
        index.upsert(List.of(Samples.embedded("a", "zebra", X)));
        assertThat(index.search(new TextQuery("violet harbor ".repeat(20_000) + "zebra", 5)))
                .hasSize(1);
        assertThat(index.search(new TextQuery("the of and", 5))).isEmpty();
        assertThat(index.search(new TextQuery("\u0000 \ud800 !", 5))).isEmpty();
    }
}
