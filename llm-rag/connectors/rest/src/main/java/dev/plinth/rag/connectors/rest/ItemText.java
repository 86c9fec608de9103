package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.rag.connect.HttpReader;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text of an item: fields of it, blocks that are asked for, or a file. Thread-safe if the parser is. */
final class ItemText {
    private static final int DEEPEST = 20;
    private static final int MOST_BLOCKS = 10_000;

    private final TemplateFile.TextSpec spec;
    private final Api api;
    private final @Nullable Paging blocks;
    private final DocumentParser parser;

    ItemText(TemplateFile.TextSpec spec, Api api, int limit, DocumentParser parser) {
        this.spec = spec;
        this.api = api;
        this.blocks = spec.list() == null ? null : new Paging(api, spec.list(), limit);
        this.parser = parser;
    }

    /** @param item with what requests may name */
    Parsed of(ObjectNode item) {
        if (spec.download() != null) {
            return file(item, spec.download());
        }
        if (blocks != null) {
            JsonNode ids = item.path("$id");
            List<String> paragraphs = new ArrayList<>();
            read(blocks, item, ids.path(ids.size() - 1).asText(), 0, paragraphs);
            return plain(String.join("\n\n", paragraphs));
        }
        List<JsonNode> values = new ArrayList<>();
        for (String path : spec.values() == null ? List.<String>of() : spec.values()) {
            values.addAll(Fields.all(item, path));
        }
        return switch (String.valueOf(spec.type())) {
            case "blocks" ->
                plain(String.join(
                        "\n\n",
                        values.stream()
                                .flatMap(value -> BlockText.of(value, String.valueOf(spec.leaf())).stream())
                                .toList()));
            case "text/html" -> html(joined(values, "\n<hr>\n"));
            case "text/markdown" -> new Parsed("", joined(values, "\n\n"), List.of(), markdown(Metadata.NONE));
            default -> plain(joined(values, "\n\n"));
        };
    }

    private static Parsed plain(String text) {
        return new Parsed("", text, List.of(), Metadata.NONE);
    }

    private static String joined(List<JsonNode> values, String between) {
        return String.join(
                between,
                values.stream()
                        .map(JsonNode::asText)
                        .filter(text -> !text.isBlank())
                        .toList());
    }

    private static Metadata markdown(Metadata facts) {
        return facts.get(Document.MEDIA_TYPE).isPresent() ? facts : facts.with(Document.MEDIA_TYPE, "text/markdown");
    }

    private Parsed html(String html) {
        Parsed parsed = parser.parse("item.html", "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
        return new Parsed(parsed.title(), parsed.text(), parsed.pages(), markdown(parsed.metadata()));
    }

    /** Whether it is no file, or one of a kind that is read. */
    boolean accepts(ObjectNode item) {
        return spec.download() == null || parser.accepts(fileName(item), mediaType(item));
    }

    private String fileName(ObjectNode item) {
        return Fields.fill(String.valueOf(spec.name()), item);
    }

    private @Nullable String mediaType(ObjectNode item) {
        String type = spec.mediaType() == null ? "" : Fields.fill(spec.mediaType(), item);
        return type.isBlank() ? null : type;
    }

    private Parsed file(ObjectNode item, TemplateFile.Request download) {
        String name = fileName(item);
        String type = mediaType(item);
        if (!parser.accepts(name, type)) {
            throw new StoreException(
                    "file: " + name + " is of no kind that is read (expected: one that the parser accepts)");
        }
        HttpReader.Answer answer = api.download(api.request(download, item));
        Parsed parsed = parser.parse(name, type, answer.body());
        boolean isPlain = type != null && type.startsWith("text/plain");
        return new Parsed(
                parsed.title(),
                parsed.text(),
                parsed.pages(),
                isPlain ? parsed.metadata() : markdown(parsed.metadata()));
    }

    private void read(Paging list, ObjectNode item, String block, int depth, List<String> paragraphs) {
        ObjectNode context = item.deepCopy();
        for (JsonNode each : list.all(context.put("$block", block))) {
            if (spec.leaveOut() != null && spec.leaveOut().stream().anyMatch(field -> Fields.holds(each, field))) {
                continue;
            }
            paragraphs.addAll(BlockText.of(each, String.valueOf(spec.leaf())));
            if (paragraphs.size() > MOST_BLOCKS || depth > DEEPEST) {
                throw new StoreException("blocks: more than " + MOST_BLOCKS + ", or deeper than " + DEEPEST
                        + " (expected: at most that)");
            }
            if (spec.children() != null && spec.child() != null && Fields.holds(each, spec.children())) {
                read(list, item, Fields.first(each, spec.child()).asText(), depth + 1, paragraphs);
            }
        }
    }
}
