package dev.plinth.rag.sqlite;

import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.index.SortableBytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One row of what is known of a chunk: a field has this value, or is a set that holds it.
 *
 * @param field as sortable bytes
 * @param kind of the value: only values of one kind are compared
 * @param value as sortable bytes
 */
record Fact(byte[] field, int kind, byte[] value) {
    static final int TEXT = 1;
    static final int NUMBER = 2;
    private static final int FLAG = 3;
    private static final int SET = 4;
    private static final int ELEMENT = 5;
    private static final byte END = (byte) 0xFF;

    static Fact of(String field, Value value) {
        byte[] name = SortableBytes.of(field);
        if (value instanceof Value.Text text) {
            return new Fact(name, TEXT, SortableBytes.of(text.text()));
        }
        if (value instanceof Value.Flag flag) {
            return new Fact(name, FLAG, new byte[] {(byte) (flag.on() ? 1 : 0)});
        }
        if (value instanceof Value.Texts texts) {
            return new Fact(name, SET, set(texts.texts()));
        }
        return new Fact(name, NUMBER, SortableBytes.ofNumber(value));
    }

    static Fact element(String field, String text) {
        return new Fact(SortableBytes.of(field), ELEMENT, SortableBytes.of(text));
    }

    /** All rows of a chunk. */
    static List<Fact> all(Metadata metadata) {
        List<Fact> all = new ArrayList<>();
        for (Map.Entry<String, Value> entry : metadata.values().entrySet()) {
            all.add(of(entry.getKey(), entry.getValue()));
            if (entry.getValue() instanceof Value.Texts texts) {
                texts.texts().forEach(text -> all.add(element(entry.getKey(), text)));
            }
        }
        return all;
    }

    private static byte[] set(Set<String> texts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String text : new TreeSet<>(texts)) {
            all.writeBytes(SortableBytes.of(text));
            all.write(END);
        }
        return all.toByteArray();
    }
}
