package dev.plinth.rag.index;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Ledger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;

/**
 * Chunks, and what a ledger remembers, as bytes: for those who write a store that keeps them whole beside what it
 * searches. Every text comes back as it was, unpaired surrogates included.
 *
 * <p>The bytes do not say of which {@link #VERSION} they are: the store does, once for all that it holds.
 */
public final class StoreBytes {
    /** Changes when the same bytes mean something else. */
    public static final int VERSION = 1;

    private StoreBytes() {}

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    /** The bytes of a chunk. */
    public static byte[] of(Chunk chunk) {
        return written(out -> ChunkWire.write(out, chunk));
    }

    /** The bytes of what is known of a document. */
    public static byte[] of(Ledger.Entry entry) {
        return written(out -> LedgerWire.writeEntry(out, entry));
    }

    /** The bytes of when a source was gone through. */
    public static byte[] of(Ledger.Checkpoint checkpoint) {
        return written(out -> LedgerWire.writeCheckpoint(out, checkpoint));
    }

    /**
     * The chunk of these bytes.
     *
     * @throws StoreException if they are damaged
     */
    public static Chunk chunk(byte[] bytes) {
        return read(bytes, ChunkWire::read);
    }

    /**
     * What is known of a document.
     *
     * @throws StoreException if the bytes are damaged
     */
    public static Ledger.Entry entry(byte[] bytes) {
        return read(bytes, LedgerWire::readEntry);
    }

    /**
     * When a source was gone through.
     *
     * @throws StoreException if the bytes are damaged
     */
    public static Ledger.Checkpoint checkpoint(byte[] bytes) {
        return read(bytes, LedgerWire::readCheckpoint);
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] bytes, Reading<T> reading) {
        try {
            return reading.from(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException | IllegalArgumentException | DateTimeException damaged) {
            throw new StoreException(
                    "stored bytes: damaged, " + bytes.length + " of them (expected: as they were written)",
                    ErrorDetails.NONE,
                    damaged);
        }
    }
}
