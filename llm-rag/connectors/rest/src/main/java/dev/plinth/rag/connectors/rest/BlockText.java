package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The text of nested blocks, such as Atlassian's document format or the blocks of Notion, by one rule that needs no list of
 * their kinds: every field of one name is text; what stands in the same list is one paragraph.
 */
final class BlockText {
    private final String leaf;
    private final List<String> paragraphs = new ArrayList<>();

    private BlockText(String leaf) {
        this.leaf = leaf;
    }

    static List<String> of(JsonNode block, String leaf) {
        BlockText text = new BlockText(leaf);
        StringBuilder line = new StringBuilder();
        text.read(block, line);
        text.end(line);
        return text.paragraphs;
    }

    private void read(JsonNode node, StringBuilder line) {
        if (node.isArray()) {
            BlockText inside = new BlockText(leaf);
            StringBuilder own = new StringBuilder();
            node.forEach(element -> inside.read(element, own));
            inside.end(own);
            if (!inside.paragraphs.isEmpty()) {
                end(line);
                paragraphs.addAll(inside.paragraphs);
            }
            return;
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (field.getKey().equals(leaf) && field.getValue().isTextual()) {
                line.append(field.getValue().textValue());
            } else {
                read(field.getValue(), line);
            }
        }
    }

    private void end(StringBuilder line) {
        if (!line.toString().isBlank()) {
            paragraphs.add(line.toString().strip());
        }
        line.setLength(0);
    }
}
