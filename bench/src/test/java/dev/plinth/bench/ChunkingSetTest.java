package dev.plinth.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Metadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkingSetTest {
    private static final String PASSAGES = """
            {"_id": "a-0", "text": "0123456789", "doc": "a"}
            {"_id": "b-0", "text": "other", "doc": "b"}
            {"_id": "a-1", "text": "abcdefghij", "doc": "a"}
            """;

    private static Chunk chunk(String document, int start, int end) {
        String id = document + start;
        Chunk.Span span = new Chunk.Span(start, end, 1, 1);
        return new Chunk(id, document, document, "x".repeat(end - start), span, List.of(), Metadata.NONE);
    }

    @Test
    void joinsThePassagesAndCountsCharacters(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("corpus.jsonl"), PASSAGES);
        Files.writeString(
                folder.resolve("queries.jsonl"),
                "{\"_id\": \"q\", \"text\": \"What?\", \"doc\": \"a\", \"references\": ["
                        + "{\"start_index\": 2, \"end_index\": 6}, {\"start_index\": 12, \"end_index\": 18}]}\n");

        ChunkingSet set = ChunkingSet.read(folder);

        assertThat(set.documents())
                .extracting(document -> document.text())
                .containsExactly("0123456789abcdefghij", "other");
        ChunkingSet.Overlap overlap = ChunkingSet.overlap(
                set.questions().get(0), List.of(chunk("a", 0, 4), chunk("a", 3, 5), chunk("b", 0, 5)));
        assertThat(overlap).isEqualTo(new ChunkingSet.Overlap(3, 10, 11));
        assertThat(overlap.recall()).isCloseTo(0.3, within(1e-12));
        assertThat(overlap.precision()).isCloseTo(3 / 11.0, within(1e-12));
        assertThat(overlap.intersectionOverUnion()).isCloseTo(3 / 18.0, within(1e-12));
        assertThat(ChunkingSet.overlap(set.questions().get(0), List.of()).precision())
                .isZero();
    }

    @Test
    void refusesASetWithoutReferences(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("corpus.jsonl"), PASSAGES);
        Files.writeString(folder.resolve("queries.jsonl"), "{\"_id\": \"q\", \"text\": \"What?\"}\n");
        assertThatThrownBy(() -> ChunkingSet.read(folder))
                .hasMessageStartingWith("--data: a question without references");
    }
}
