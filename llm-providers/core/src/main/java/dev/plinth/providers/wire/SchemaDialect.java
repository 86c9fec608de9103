package dev.plinth.providers.wire;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The part of JSON Schema that a vendor enforces, and how a schema is brought down to it. What the vendor does not
 * enforce is not lost: it is told to the model in the description, and whoever asked for the schema checks the answer
 * against all of it.
 *
 * <pre>{@code
 * SchemaDialect dialect = SchemaDialect.builder()
 *     .keywords("type", "properties", "required", "items", "enum", "description", "anyOf", "$ref", "$defs")
 *     .closedObjects()
 *     .build();
 * }</pre>
 *
 * <p>A schema that fits already comes back as it was. Immutable and thread-safe.
 */
public final class SchemaDialect {

    /** All of JSON Schema: only {@code $schema}, which some servers refuse, is left out. */
    public static final SchemaDialect FULL = new SchemaDialect(new Builder(), true);

    // Applications use a handful of schemas; someone who makes one up for each call must not fill the memory.
    private static final int MAX_CONVERTED = 256;

    private final boolean full;
    private final Set<String> keywords;
    private final Set<String> formats;
    private final boolean closedObjects;
    private final boolean allRequired;
    private final boolean inlined;
    private final boolean nullableKeyword;
    private final Map<String, String> converted = new ConcurrentHashMap<>();

    private SchemaDialect(Builder builder, boolean full) {
        this.full = full;
        this.keywords = builder.keywords;
        this.formats = builder.formats;
        this.closedObjects = builder.closedObjects;
        this.allRequired = builder.allRequired;
        this.inlined = builder.inlined;
        this.nullableKeyword = builder.nullableKeyword;
    }

    /** A builder of a dialect that knows no keyword yet. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The schema in this dialect.
     *
     * @throws IllegalArgumentException if it is no JSON object, or refers to what is not in it, or, where references
     *     have to be written out, to itself
     */
    public String convert(String schema) {
        if (full && !schema.contains("\"$schema\"")) {
            return schema; // as nearly all of them are
        }
        String known = converted.get(schema);
        if (known != null) {
            return known;
        }
        String result = new SchemaConversion(this, tree(schema)).result(schema);
        if (converted.size() < MAX_CONVERTED) {
            converted.put(schema, result);
        }
        return result;
    }

    private static Map<?, ?> tree(String schema) {
        try {
            if (JsonTree.read(schema) instanceof Map<?, ?> object) {
                return object;
            }
            throw new IllegalArgumentException("schema: no object (expected: a JSON Schema)");
        } catch (IOException broken) {
            throw new IllegalArgumentException("schema: broken JSON (expected: a JSON Schema)", broken);
        }
    }

    boolean knows(String keyword) {
        return full ? !keyword.equals("$schema") : keywords.contains(keyword);
    }

    boolean knowsFormat(Object format) {
        return formats.isEmpty() || formats.contains(String.valueOf(format));
    }

    boolean closesObjects() {
        return closedObjects;
    }

    boolean requiresAll() {
        return allRequired;
    }

    boolean inlines() {
        return inlined;
    }

    boolean saysNullable() {
        return nullableKeyword;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private Set<String> keywords = Set.of();
        private Set<String> formats = Set.of();
        private boolean closedObjects;
        private boolean allRequired;
        private boolean inlined;
        private boolean nullableKeyword;

        private Builder() {}

        /** The keywords the vendor takes. Of {@code oneOf} and {@code const} others are made where it does not. */
        public Builder keywords(String... keywords) {
            this.keywords = Set.of(keywords);
            return this;
        }

        /** The formats the vendor takes; all of them unless said. */
        public Builder formats(String... formats) {
            this.formats = Set.of(formats);
            return this;
        }

        /** Every object says that it has no other properties. */
        public Builder closedObjects() {
            this.closedObjects = true;
            return this;
        }

        /** Every property is required; what was not becomes one that may be null. */
        public Builder allRequired() {
            this.allRequired = true;
            return this;
        }

        /** References are written out; a schema that refers to itself is refused. */
        public Builder inlined() {
            this.inlined = true;
            return this;
        }

        /** What may be null says so by {@code nullable}, as OpenAPI 3.0 does, not by a type. */
        public Builder nullableKeyword() {
            this.nullableKeyword = true;
            return this;
        }

        /** The dialect. */
        public SchemaDialect build() {
            return new SchemaDialect(this, false);
        }
    }
}
