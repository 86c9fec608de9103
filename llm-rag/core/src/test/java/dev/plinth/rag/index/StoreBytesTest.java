package dev.plinth.rag.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StoreBytesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");

    @Property(tries = 200)
    void chunksComeBackAsTheyWere(@ForAll String text, @ForAll long whole, @ForAll Set<String> texts) {
        Chunk chunk = new Chunk(
                "id " + text,
                "document",
                text,
                "text " + text,
                new Chunk.Span(3, 4, 1, 1, 7, 8),
                List.of(text, "\uD83D"),
                Metadata.NONE
                        .with("field " + text, text)
                        .with("whole", Value.of(whole))
                        .with("texts", Value.of(texts)),
                new Chunk.Parent("around " + text, new Chunk.Span(0, 9, 1, 2)));
        assertThat(StoreBytes.chunk(StoreBytes.of(chunk))).isEqualTo(chunk);
    }

    @Property(tries = 200)
    void whatALedgerRemembersComesBackAsItWas(@ForAll String text, @ForAll boolean known) {
        Ledger.Stored stored = new Ledger.Stored("v" + text, "digest", "prefix" + text, 70_000, NOON);
        Ledger.Entry entry =
                new Ledger.Entry(known ? stored : null, stored, new Ledger.Failure("v", "c" + text, 3, NOON));
        Ledger.Checkpoint checkpoint = new Ledger.Checkpoint(known ? text : null, NOON);
        assertThat(StoreBytes.entry(StoreBytes.of(entry))).isEqualTo(entry);
        assertThat(StoreBytes.checkpoint(StoreBytes.of(checkpoint))).isEqualTo(checkpoint);
    }

    @Test
    void damagedBytesAreNamed() {
        byte[] bytes = StoreBytes.of(new Ledger.Checkpoint("cursor", NOON));
        assertThatThrownBy(() -> StoreBytes.checkpoint(Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged");
    }
}
