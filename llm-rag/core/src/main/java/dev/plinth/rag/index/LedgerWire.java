package dev.plinth.rag.index;

import dev.plinth.api.retrieval.Ledger;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an index remembers of documents, in its file. */
final class LedgerWire {
    private LedgerWire() {}

    static void write(DataOutputStream out, IndexLedger ledger) throws IOException {
        out.writeInt(ledger.documents().size());
        for (Map.Entry<String, NavigableMap<String, Ledger.Entry>> source :
                ledger.documents().entrySet()) {
            Wire.writeText(out, source.getKey());
            out.writeInt(source.getValue().size());
            for (Map.Entry<String, Ledger.Entry> document : source.getValue().entrySet()) {
                Wire.writeText(out, document.getKey());
                writeEntry(out, document.getValue());
            }
        }
        out.writeInt(ledger.checkpoints().size());
        for (Map.Entry<String, Ledger.Checkpoint> entry : ledger.checkpoints().entrySet()) {
            Wire.writeText(out, entry.getKey());
            writeCheckpoint(out, entry.getValue());
        }
    }

    static void read(DataInputStream in, IndexLedger ledger) throws IOException {
        int sources = in.readInt();
        for (int i = 0; i < sources; i++) {
            String source = Wire.readText(in);
            int documents = in.readInt();
            Map<String, Ledger.Entry> entries = new TreeMap<>();
            for (int j = 0; j < documents; j++) {
                entries.put(Wire.readText(in), readEntry(in));
            }
            ledger.put(source, entries);
        }
        int checkpoints = in.readInt();
        for (int i = 0; i < checkpoints; i++) {
            ledger.checkpoints().put(Wire.readText(in), readCheckpoint(in));
        }
    }

    static void writeEntry(DataOutputStream out, Ledger.Entry entry) throws IOException {
        writeStored(out, entry.stored());
        writeStored(out, entry.pending());
        writeFailure(out, entry.failure());
    }

    static Ledger.Entry readEntry(DataInputStream in) throws IOException {
        return new Ledger.Entry(readStored(in), readStored(in), readFailure(in));
    }

    static void writeCheckpoint(DataOutputStream out, Ledger.Checkpoint checkpoint) throws IOException {
        String cursor = checkpoint.cursor();
        out.writeBoolean(cursor != null);
        Wire.writeText(out, cursor == null ? "" : cursor);
        writeTime(out, checkpoint.at());
    }

    static Ledger.Checkpoint readCheckpoint(DataInputStream in) throws IOException {
        boolean known = in.readBoolean();
        String cursor = Wire.readText(in);
        return new Ledger.Checkpoint(known ? cursor : null, readTime(in));
    }

    private static void writeStored(DataOutputStream out, Ledger.@Nullable Stored stored) throws IOException {
        out.writeBoolean(stored != null);
        if (stored != null) {
            Wire.writeText(out, stored.version());
            Wire.writeText(out, stored.digest());
            Wire.writeText(out, stored.prefix());
            out.writeInt(stored.chunks());
            writeTime(out, stored.at());
        }
    }

    private static Ledger.@Nullable Stored readStored(DataInputStream in) throws IOException {
        return in.readBoolean()
                ? new Ledger.Stored(Wire.readText(in), Wire.readText(in), Wire.readText(in), in.readInt(), readTime(in))
                : null;
    }

    private static void writeFailure(DataOutputStream out, Ledger.@Nullable Failure failure) throws IOException {
        out.writeBoolean(failure != null);
        if (failure != null) {
            Wire.writeText(out, failure.version());
            Wire.writeText(out, failure.cause());
            out.writeInt(failure.times());
            writeTime(out, failure.at());
        }
    }

    private static Ledger.@Nullable Failure readFailure(DataInputStream in) throws IOException {
        return in.readBoolean()
                ? new Ledger.Failure(Wire.readText(in), Wire.readText(in), in.readInt(), readTime(in))
                : null;
    }

    private static void writeTime(DataOutputStream out, Instant time) throws IOException {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    private static Instant readTime(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }
}
