package dev.plinth.rag.connectors.jdbc;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The key of a row as the id of a document: its values with {@code /} between them. */
final class RowId {
    private RowId() {}

    static String of(List<String> key) {
        return key.size() == 1
                ? key.get(0)
                : key.stream()
                        .map(value -> value.replace("%", "%25").replace("/", "%2F"))
                        .collect(Collectors.joining("/"));
    }

    /** As many values as the id has, which need not be as many as the key. */
    static List<String> key(String id, int columns) {
        return columns == 1
                ? List.of(id)
                : Arrays.stream(id.split("/", -1))
                        .map(value -> value.replace("%2F", "/").replace("%25", "%"))
                        .toList();
    }
}
