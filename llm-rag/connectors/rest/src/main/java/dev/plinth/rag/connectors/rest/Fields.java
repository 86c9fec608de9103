package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds fields by their path: names with {@code /} between them, {@code *} for every element of a list or field of an
 * object, a number for one element. What a template says of texts has paths in braces: {@code {fields/summary}}.
 */
final class Fields {
    private static final Pattern IN_BRACES = Pattern.compile("\\{([^{}\\s]+)}");

    private Fields() {}

    /** All fields with this path, in order; the empty path is the root. */
    static List<JsonNode> all(JsonNode root, String path) {
        List<JsonNode> found = List.of(root);
        for (String step : path.isEmpty() ? new String[0] : path.split("/")) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : found) {
                if (step.equals("*")) {
                    node.forEach(next::add);
                } else if (node.isArray() && step.matches("\\d{1,6}")) {
                    next.add(node.path(Integer.parseInt(step)));
                } else {
                    next.add(node.path(step));
                }
            }
            found = next;
        }
        return found.stream()
                .filter(node -> !node.isMissingNode() && !node.isNull())
                .toList();
    }

    /** The first field with this path; one that is missing if there is none. */
    static JsonNode first(JsonNode root, String path) {
        List<JsonNode> all = all(root, path);
        return all.isEmpty() ? MissingNode.getInstance() : all.get(0);
    }

    /** Whether there is such a field that is not false. */
    static boolean holds(JsonNode root, String path) {
        JsonNode field = first(root, path);
        return !field.isMissingNode() && !(field.isBoolean() && !field.booleanValue());
    }

    /** The texts and numbers with this path that are not blank. */
    static List<String> texts(JsonNode root, String path) {
        return all(root, path).stream()
                .filter(JsonNode::isValueNode)
                .map(JsonNode::asText)
                .filter(text -> !text.isBlank())
                .toList();
    }

    /** A text with the fields that it names; several with the same path stand one after the other. */
    static String fill(String template, JsonNode root) {
        Matcher matcher = IN_BRACES.matcher(template);
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(text, Matcher.quoteReplacement(String.join("", texts(root, matcher.group(1)))));
        }
        return matcher.appendTail(text).toString();
    }

    /** The path of a template that is nothing but one; empty: it is more. */
    static String only(String template) {
        Matcher matcher = IN_BRACES.matcher(template);
        return matcher.matches() ? matcher.group(1) : "";
    }
}
