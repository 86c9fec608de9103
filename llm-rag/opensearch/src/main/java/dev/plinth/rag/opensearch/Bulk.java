package dev.plinth.rag.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Many changes as lines of JSON, in the parts in which they are sent. */
final class Bulk {
    private static final int CHANGES = 200;

    private final List<String> changes;

    private Bulk(List<String> changes) {
        this.changes = changes;
    }

    /** Puts documents in, in the place of those that are there. */
    static Bulk put(Collection<ObjectNode> documents) {
        return new Bulk(documents.stream()
                .map(document -> line("index", document.path(Fields.KEY).asText()) + document + "\n")
                .toList());
    }

    /** Puts documents in, or over those that are there: fields they do not have stay. */
    static Bulk change(Collection<ObjectNode> documents) {
        return new Bulk(documents.stream()
                .map(document -> line("update", document.path(Fields.KEY).asText())
                        + Json.object("doc", document).put("doc_as_upsert", true) + "\n")
                .toList());
    }

    /** Takes the documents of these keys out. */
    static Bulk delete(Collection<String> keys) {
        return new Bulk(keys.stream().map(key -> line("delete", key)).toList());
    }

    private static String line(String action, String key) {
        JsonNode which = Json.object("_id", key);
        return Json.object(action, which) + "\n";
    }

    /** The bodies of the calls. */
    List<byte[]> parts() {
        List<byte[]> parts = new ArrayList<>();
        for (int start = 0; start < changes.size(); start += CHANGES) {
            List<String> some = changes.subList(start, Math.min(changes.size(), start + CHANGES));
            parts.add(String.join("", some).getBytes(StandardCharsets.UTF_8));
        }
        return parts;
    }
}
