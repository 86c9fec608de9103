package dev.plinth.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import java.util.List;

/**
 * A Java type as a model sees it: its JSON Schema, and the way from JSON to the type and back.
 *
 * <pre>{@code
 * record Step(@Description("One sentence, imperative") String text, @Nullable Duration time) {}
 * record Recipe(String name, List<Step> steps) {}
 *
 * JsonType<Recipe> type = JsonType.of(Recipe.class);
 * String schema = type.schema();
 * Recipe recipe = type.read(json);
 * }</pre>
 *
 * <p>Described are:
 *
 * <ul>
 *   <li>records, each component a property of the same name; the record's own constructor may refuse values, and its
 *       message is what the model is told;
 *   <li>sealed interfaces of records, told apart by a property {@code type} that holds the record's simple name;
 *   <li>enums, by the names of their constants;
 *   <li>{@code List}, {@code Collection}, {@code Set} and arrays; {@code Map} with {@code String} keys, which strict
 *       modes of vendors cannot enforce;
 *   <li>{@code Optional}, {@code OptionalInt}, {@code OptionalLong}, {@code OptionalDouble}, and whatever carries an
 *       annotation named {@code Nullable}: the value or JSON null;
 *   <li>primitives and their boxes (no characters), {@code String}, {@code BigInteger}, {@code BigDecimal},
 *       {@code LocalDate}, {@code LocalTime}, {@code LocalDateTime}, {@code Instant}, {@code OffsetDateTime},
 *       {@code Duration}, {@code UUID}, {@code URI}.
 * </ul>
 *
 * <p>Anything else is refused, records with type parameters included. Annotations of JSON libraries have no effect.
 *
 * <p>Immutable and thread-safe. Making one looks into the classes; keep it.
 *
 * @param <T> the type
 */
public final class JsonType<T> {

    private final String name;
    private final Shape shape;
    private final SchemaWriter.Schema schema;

    private JsonType(String name, Shape shape) {
        this.name = name;
        this.shape = shape;
        this.schema = SchemaWriter.write(shape);
    }

    /**
     * A type.
     *
     * @throws IllegalArgumentException naming the component that cannot be described, or the module that has to open
     *     its package to {@code dev.plinth.api.json}
     */
    public static <T> JsonType<T> of(Class<T> type) {
        Check.notNull(type, "type");
        return new JsonType<>(type.getSimpleName(), new Shapes().of(type));
    }

    /**
     * A list of a type.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public static <E> JsonType<List<E>> listOf(Class<E> element) {
        Check.notNull(element, "element");
        Shape list = new SequenceShape(new Shapes().of(element), List.class);
        return new JsonType<>(element.getSimpleName() + "List", list);
    }

    /**
     * The JSON Schema, 2020-12, in one line. The same type always gives the same text. Objects have no additional
     * properties, and all their properties are required; what may be missing is a union with null.
     */
    public String schema() {
        return schema.text();
    }

    /**
     * The value of a JSON text. Strict: no unknown and no missing properties (one that may be null may also be left
     * out), no value of another kind, no number out of range, nothing beside the JSON. Only the case of enum constants
     * is forgiven.
     *
     * @throws StructuredOutputException listing everything that is wrong
     */
    public T read(String json) {
        Reading reading = Reading.root();
        JsonNode node = JsonText.parse(Check.notNull(json, "json"), reading);
        Object value = node == null ? null : shape.read(node, reading);
        if (value == null || !reading.isClean()) {
            throw StructuredOutputException.mismatch(name, json, reading.violations(), List.of(), ErrorDetails.NONE);
        }
        return cast(value);
    }

    /**
     * The JSON of a value, in one line; {@link #read} takes it back.
     *
     * @throws IllegalArgumentException if a number is not finite
     */
    public String write(T value) {
        return JsonText.write(shape, Check.notNull(value, "value"));
    }

    /** The simple name of the type. */
    String name() {
        return name;
    }

    Shape shape() {
        return shape;
    }

    /** Whether strict modes can enforce the schema. */
    boolean isStrict() {
        return schema.strict();
    }

    // The shape makes values of this type only; Java's generics cannot say so.
    @SuppressWarnings("unchecked")
    T cast(Object value) {
        return (T) value;
    }

    /**
     * This type, or when it is not an object, an object with it as the only property {@code value}: vendors ask for an
     * object.
     */
    JsonType<T> asObject() {
        if (shape instanceof ObjectShape) {
            return this;
        }
        ObjectShape wrapper = new ObjectShape(name, null, null, values -> Check.notNull(values[0], "value"));
        wrapper.complete(List.of(new ObjectShape.Property("value", null, shape, value -> value)));
        return new JsonType<>(name, wrapper);
    }

    @Override
    public String toString() {
        return "JsonType[" + name + "]";
    }
}
