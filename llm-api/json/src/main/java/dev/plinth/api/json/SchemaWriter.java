package dev.plinth.api.json;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.AnnotatedElement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON Schema (2020-12) in the subset that strict modes of vendors take: no keyword beside {@code $ref},
 * everything required, nothing additional. The same type always gives the same text.
 *
 * <p>A record or sealed interface that is used in several places, or in itself, is a definition; what is used once
 * stands where it is used. The root always stands in full, since vendors ask for an object there.
 */
final class SchemaWriter {

    private final Map<Shape, Integer> uses = new HashMap<>();
    private final Map<Shape, String> names = new HashMap<>();
    private final Map<String, ObjectNode> definitions = new LinkedHashMap<>();
    private boolean open;

    private SchemaWriter() {}

    /**
     * A schema.
     *
     * @param text the JSON
     * @param strict whether strict modes can enforce it: it has no object with free property names
     */
    record Schema(String text, boolean strict) {}

    /** The schema of a shape. */
    static Schema write(Shape root) {
        SchemaWriter writer = new SchemaWriter();
        writer.count(root);
        ObjectNode schema = writer.bodyOf(root);
        if (!writer.definitions.isEmpty()) {
            ObjectNode definitions = schema.putObject("$defs");
            writer.definitions.forEach(definitions::set);
        }
        return new Schema(schema.toString(), !writer.open);
    }

    private void count(Shape shape) {
        open = open || shape instanceof MapShape;
        if (uses.merge(shape, 1, Integer::sum) == 1) {
            shape.parts().forEach(this::count);
        }
    }

    private ObjectNode bodyOf(Shape root) {
        return root instanceof ObjectShape || root instanceof UnionShape ? body(root, null) : root.schema(this, null);
    }

    private ObjectNode body(Shape shape, @Nullable String description) {
        return shape instanceof ObjectShape object
                ? object.body(this, description)
                : ((UnionShape) shape).body(this, description);
    }

    /** The schema of a shape that may be used in several places: in full, or a reference to its definition. */
    ObjectNode shared(Shape shape, String name, @Nullable String description) {
        if (uses.getOrDefault(shape, 0) <= 1) {
            return body(shape, description);
        }
        String defined = names.get(shape);
        if (defined == null) {
            defined = freeName(name);
            names.put(shape, defined);
            // Reserves the place first: definitions are listed in the order in which they are met.
            definitions.put(defined, node(null, null));
            definitions.put(defined, body(shape, null));
        }
        ObjectNode reference = node(null, null).put("$ref", "#/$defs/" + defined);
        if (description == null) {
            return reference;
        }
        ObjectNode described = node(null, description);
        described.putArray("anyOf").add(reference);
        return described;
    }

    private String freeName(String name) {
        String plain = plainName(name);
        String free = plain;
        for (int i = 2; definitions.containsKey(free); i++) {
            free = plain + "_" + i;
        }
        return free;
    }

    /** The name with nothing in it but what all vendors take, at most 60 characters. */
    static String plainName(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
        return plain.length() <= 60 ? plain : plain.substring(0, 60);
    }

    /** A node with a type and a description, as far as they are given. */
    ObjectNode node(@Nullable String type, @Nullable String description) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (type != null) {
            node.put("type", type);
        }
        if (description != null) {
            node.put("description", description);
        }
        return node;
    }

    /** What {@link Description} says; null: nothing. */
    static @Nullable String description(AnnotatedElement element) {
        Description description = element.getAnnotation(Description.class);
        return description == null ? null : description.value();
    }

    /** Two descriptions as two sentences. */
    static @Nullable String joined(@Nullable String first, @Nullable String second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        boolean ended = first.endsWith(".") || first.endsWith("!") || first.endsWith("?");
        return first + (ended ? " " : ". ") + second;
    }
}
