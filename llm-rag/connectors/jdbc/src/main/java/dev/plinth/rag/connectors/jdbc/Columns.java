package dev.plinth.rag.connectors.jdbc;

import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.rag.text.Sha256;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which columns are what, and how a row becomes a document.
 *
 * @param key tell a row from all others
 * @param changed grows with every change; null: the rows are compared
 * @param deleted marks rows that are gone; null: there are none
 * @param readers hold who may read, in the place of {@code everyRow}; null: all rows alike
 */
record Columns(
        List<Identifier> key,
        Template text,
        @Nullable Template title,
        @Nullable Template url,
        @Nullable Identifier changed,
        @Nullable Identifier deleted,
        @Nullable Identifier readers,
        Readers everyRow,
        List<Identifier> metadata) {

    /** All of them. */
    List<Identifier> all() {
        Set<Identifier> all = new LinkedHashSet<>(key);
        all.addAll(text.columns());
        all.addAll(title == null ? List.of() : title.columns());
        all.addAll(url == null ? List.of() : url.columns());
        all.addAll(metadata);
        for (Identifier one : new Identifier[] {changed, deleted, readers}) {
            if (one != null) {
                all.add(one);
            }
        }
        return List.copyOf(all);
    }

    /** What makes other documents of the same rows. */
    List<String> settings(String from) {
        return Stream.of(from, key, text, title, url, readers, everyRow.text(), metadata)
                .map(String::valueOf)
                .toList();
    }

    /** Those that a list needs to know. */
    List<Identifier> listed() {
        if (changed == null) {
            return all();
        }
        Set<Identifier> listed = new LinkedHashSet<>(key);
        listed.add(changed);
        if (deleted != null) {
            listed.add(deleted);
        }
        return List.copyOf(listed);
    }

    /** Columns that are changed first, then the key: the order of a list of changes. */
    List<Identifier> byChange() {
        List<Identifier> order = new ArrayList<>(key);
        if (changed != null) {
            order.add(0, changed);
        }
        return order;
    }

    String version(Map<Identifier, Object> row) {
        if (changed != null) {
            String version = ColumnType.text(row.get(changed));
            return version.isBlank() ? "none" : version;
        }
        List<String> all = new ArrayList<>();
        row.forEach((column, value) -> {
            all.add(column.toString());
            all.add(value instanceof Set<?> texts ? sorted(texts).toString() : ColumnType.text(value));
        });
        return Sha256.of(all);
    }

    private static Set<String> sorted(Collection<?> texts) {
        Set<String> sorted = new TreeSet<>();
        texts.forEach(text -> sorted.add(String.valueOf(text)));
        return sorted;
    }

    boolean isDeleted(Map<Identifier, Object> row) {
        Object mark = deleted == null ? null : row.get(deleted);
        if (mark instanceof Boolean flag) {
            return flag;
        }
        return mark instanceof Number number ? number.doubleValue() != 0 : mark != null;
    }

    Document document(String source, String id, Map<Identifier, Object> row, boolean changedIsTime) {
        Metadata facts = Metadata.NONE;
        for (Identifier column : metadata) {
            if (row.containsKey(column)) {
                facts = facts.with(column.last(), ColumnType.value(row.get(column)));
            }
        }
        if (changed != null && changedIsTime && row.containsKey(changed)) {
            facts = facts.with(Document.MODIFIED, ColumnType.value(row.get(changed)));
        }
        return new Document(
                id,
                title == null ? "" : title.fill(column -> ColumnType.text(row.get(column))),
                text.fill(column -> ColumnType.text(row.get(column))),
                url == null ? source + "/" + id : url.fill(column -> encoded(row.get(column))),
                readers == null ? everyRow : readers(row.get(readers)),
                facts);
    }

    private static String encoded(@Nullable Object value) {
        return URLEncoder.encode(ColumnType.text(value), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** An array of names, or a text with commas between them; nothing: nobody. */
    private static Readers readers(@Nullable Object value) {
        Collection<?> all = value instanceof Set<?> texts
                ? texts
                : List.of(ColumnType.text(value).split(","));
        Set<String> names = sorted(all);
        names.removeIf(String::isBlank);
        return new Readers(names.stream().map(String::strip).collect(Collectors.toSet()));
    }
}
