package dev.plinth.rag.connectors.jdbc;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a list stands: its kind and values of columns, as one text.
 *
 * @param kind of the list
 * @param values as {@link ColumnType#text} writes them
 */
record Place(Kind kind, List<String> values) {
    enum Kind {
        /** Everything: where changes are told from afterwards (empty: nowhere), how many there are, the last key. */
        ALL,
        /** What has changed: since when. */
        SINCE,
        /** The same, later: where the next list of changes starts, the last change and its key. */
        CHANGES
    }

    static Place of(Kind kind, String first, List<String> more) {
        List<String> values = new ArrayList<>();
        values.add(first);
        values.addAll(more);
        return new Place(kind, values);
    }

    /** Null for what is no place. */
    static @Nullable Place parse(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        String[] words = cursor.split(" ", -1);
        try {
            List<String> values = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                values.add(URLDecoder.decode(words[i], StandardCharsets.UTF_8));
            }
            return values.isEmpty() ? null : new Place(Kind.valueOf(words[0]), values);
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    String first() {
        return values.get(0);
    }

    List<String> more() {
        return values.subList(1, values.size());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.name());
        values.forEach(value -> text.append(' ').append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
