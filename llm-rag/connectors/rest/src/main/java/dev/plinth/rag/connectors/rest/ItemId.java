package dev.plinth.rag.connectors.rest;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The parts of an id as the id of a document: with {@code /} between them. */
final class ItemId {
    private ItemId() {}

    static String of(List<String> parts) {
        return parts.size() == 1
                ? parts.get(0)
                : parts.stream()
                        .map(part -> part.replace("%", "%25").replace("/", "%2F"))
                        .collect(Collectors.joining("/"));
    }

    /** As many parts as the id has, which need not be as many as are wanted. */
    static List<String> parts(String id, int wanted) {
        return wanted == 1
                ? List.of(id)
                : Arrays.stream(id.split("/", -1))
                        .map(part -> part.replace("%2F", "/").replace("%25", "%"))
                        .toList();
    }
}
