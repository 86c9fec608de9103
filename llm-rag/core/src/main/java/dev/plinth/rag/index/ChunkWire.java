package dev.plinth.rag.index;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Chunks and their metadata in an index file. */
final class ChunkWire {
    private static final int TEXT = 1;
    private static final int WHOLE = 2;
    private static final int DECIMAL = 3;
    private static final int FLAG = 4;
    private static final int TEXTS = 5;

    private ChunkWire() {}

    static void write(DataOutputStream out, Chunk chunk) throws IOException {
        Wire.writeText(out, chunk.id());
        Wire.writeText(out, chunk.documentId());
        Wire.writeText(out, chunk.source());
        Wire.writeText(out, chunk.text());
        writeSpan(out, chunk.span());
        Wire.writeTexts(out, chunk.headings());
        Map<String, Value> values = chunk.metadata().values();
        out.writeInt(values.size());
        for (Map.Entry<String, Value> entry : values.entrySet()) {
            Wire.writeText(out, entry.getKey());
            writeValue(out, entry.getValue());
        }
        Chunk.Parent parent = chunk.parent();
        out.writeBoolean(parent != null);
        if (parent != null) {
            Wire.writeText(out, parent.text());
            writeSpan(out, parent.span());
        }
    }

    private static void writeSpan(DataOutputStream out, Chunk.Span span) throws IOException {
        for (int number :
                List.of(span.start(), span.end(), span.startLine(), span.endLine(), span.startPage(), span.endPage())) {
            out.writeInt(number);
        }
    }

    private static Chunk.Span readSpan(DataInputStream in) throws IOException {
        return new Chunk.Span(in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt());
    }

    static Chunk read(DataInputStream in) throws IOException {
        String id = Wire.readText(in);
        String documentId = Wire.readText(in);
        String source = Wire.readText(in);
        String text = Wire.readText(in);
        Chunk.Span span = readSpan(in);
        List<String> headings = Wire.readTexts(in);
        Map<String, Value> values = new TreeMap<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            values.put(Wire.readText(in), readValue(in));
        }
        Chunk.Parent parent = in.readBoolean() ? new Chunk.Parent(Wire.readText(in), readSpan(in)) : null;
        return new Chunk(id, documentId, source, text, span, headings, Metadata.of(values), parent);
    }

    private static void writeValue(DataOutputStream out, Value value) throws IOException {
        if (value instanceof Value.Text text) {
            out.writeByte(TEXT);
            Wire.writeText(out, text.text());
        } else if (value instanceof Value.Whole whole) {
            out.writeByte(WHOLE);
            out.writeLong(whole.number());
        } else if (value instanceof Value.Decimal decimal) {
            out.writeByte(DECIMAL);
            out.writeDouble(decimal.number());
        } else if (value instanceof Value.Flag flag) {
            out.writeByte(FLAG);
            out.writeBoolean(flag.on());
        } else if (value instanceof Value.Texts texts) {
            out.writeByte(TEXTS);
            Wire.writeTexts(out, texts.texts().stream().sorted().toList());
        }
    }

    private static Value readValue(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case TEXT -> Value.of(Wire.readText(in));
            case WHOLE -> Value.of(in.readLong());
            case DECIMAL -> Value.of(in.readDouble());
            case FLAG -> Value.of(in.readBoolean());
            case TEXTS -> Value.of(Set.copyOf(Wire.readTexts(in)));
            default -> throw new IOException("kind of value: " + kind + " (expected: 1 to 5)");
        };
    }
}
