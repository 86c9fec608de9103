package dev.plinth.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Record to JSON to record, with an independent validator of JSON Schema as the judge. */
class JsonTypePropertyTest {

    /** A value of each kind that JSON has, by which another is replaced. */
    private static final List<JsonNode> OTHERS = List.of(
            JsonNodeFactory.instance.nullNode(),
            JsonNodeFactory.instance.booleanNode(true),
            JsonNodeFactory.instance.numberNode(7),
            JsonNodeFactory.instance.numberNode(new BigDecimal("0.5")),
            JsonNodeFactory.instance.textNode("Another"),
            JsonNodeFactory.instance.arrayNode(),
            JsonNodeFactory.instance.objectNode());

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final JsonType<Kitchen.Scalars> SCALARS = JsonType.of(Kitchen.Scalars.class);
    private static final JsonType<Kitchen.Times> TIMES = JsonType.of(Kitchen.Times.class);
    private static final JsonType<Kitchen.Recipe> RECIPE = JsonType.of(Kitchen.Recipe.class);
    private static final JsonType<Kitchen.Order> ORDER = JsonType.of(Kitchen.Order.class);
    private static final JsonType<Kitchen.Tree> TREE = JsonType.of(Kitchen.Tree.class);

    @Property(tries = 300)
    void scalars(@ForAll("scalars") Kitchen.Scalars value) {
        assertRoundTrip(SCALARS, value);
    }

    @Property(tries = 300)
    void times(@ForAll("times") Kitchen.Times value) {
        assertRoundTrip(TIMES, value);
    }

    @Property(tries = 200)
    void recipes(@ForAll("recipes") Kitchen.Recipe value) {
        assertRoundTrip(RECIPE, value);
    }

    @Property(tries = 200)
    void sealedInterfaces(@ForAll("orders") Kitchen.Order value) {
        assertRoundTrip(ORDER, value);
    }

    @Property(tries = 200)
    void recursion(@ForAll("trees") Kitchen.Tree value) {
        assertRoundTrip(TREE, value);
    }

    @Property(tries = 500)
    void agreesWithTheSchemaOnChangedRecipes(@ForAll("recipes") Kitchen.Recipe value, @ForAll Random random)
            throws JsonProcessingException {
        assertSameVerdict(RECIPE, RECIPE.write(value), random);
    }

    @Property(tries = 500)
    void agreesWithTheSchemaOnChangedOrders(@ForAll("orders") Kitchen.Order value, @ForAll Random random)
            throws JsonProcessingException {
        assertSameVerdict(ORDER, ORDER.write(value), random);
    }

    record Formats(LocalDate day, Instant moment, Duration span, UUID id) {}

    @Property(tries = 500)
    void agreesWithTheSchemaOnChangedFormats(@ForAll("times") Kitchen.Times value, @ForAll Random random)
            throws JsonProcessingException {
        JsonType<Formats> type = JsonType.of(Formats.class);
        Formats formats = new Formats(value.day(), value.moment(), value.span(), UUID.randomUUID());

        assertSameVerdict(type, type.write(formats), random);
    }

    private static <T> void assertRoundTrip(JsonType<T> type, T value) {
        String json = type.write(value);

        assertThat(type.read(json)).isEqualTo(value);
        assertThat(schema(type).validate(json, InputFormat.JSON)).as(json).isEmpty();
    }

    /** Changes one place; what the schema refuses, the reading refuses, and the other way round. */
    private static <T> void assertSameVerdict(JsonType<T> type, String json, Random random)
            throws JsonProcessingException {
        JsonNode changed = MAPPER.readTree(json);
        List<JsonNode> containers = new ArrayList<>();
        collect(changed, containers);
        change(containers.get(random.nextInt(containers.size())), random);

        boolean fits = schema(type)
                .validate(
                        changed.toString(),
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .isEmpty();

        assertThat(isRead(type, changed.toString())).as(changed.toString()).isEqualTo(fits);
    }

    private static boolean isRead(JsonType<?> type, String json) {
        try {
            type.read(json);
            return true;
        } catch (StructuredOutputException refused) {
            assertThat(refused.violations()).isNotEmpty();
            return false;
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.size() > 0) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static void change(JsonNode container, Random random) {
        JsonNode other = OTHERS.get(random.nextInt(OTHERS.size()));
        int index = random.nextInt(container.size());
        if (container instanceof ArrayNode array) {
            array.set(index, other);
            return;
        }
        ObjectNode object = (ObjectNode) container;
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(index);
        boolean mayBeNull = List.of("heat", "time", "near", "second").contains(name);
        int way = random.nextInt(3);
        if (way == 0 && !mayBeNull) { // left out where null may stand is forgiven, beyond the schema
            object.remove(name);
        } else if (way == 1) {
            object.set("another", other);
        } else {
            object.set(name, other);
        }
    }

    private static Schema schema(JsonType<?> type) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(type.schema());
    }

    @Provide
    Arbitrary<Kitchen.Scalars> scalars() {
        Arbitrary<Object[]> numbers = Combinators.combine(
                        Arbitraries.bytes(),
                        Arbitraries.shorts(),
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        Arbitraries.floats().filter(value -> Float.compare(value, -0f) != 0),
                        Arbitraries.doubles().filter(value -> Double.compare(value, -0d) != 0))
                .as((a, b, c, d, e, f) -> new Object[] {a, b, c, d, e, f});
        return Combinators.combine(
                        numbers,
                        Arbitraries.bigIntegers(),
                        Arbitraries.bigDecimals().ofScale(9),
                        Arbitraries.strings(),
                        Arbitraries.of(true, false),
                        Arbitraries.create(UUID::randomUUID),
                        Arbitraries.strings().alpha().map(path -> URI.create("https://example.org/" + path)))
                .as((n, huge, exact, text, truth, id, link) -> new Kitchen.Scalars(
                        (Byte) n[0],
                        (Short) n[1],
                        (Integer) n[2],
                        (Long) n[3],
                        (Float) n[4],
                        (Double) n[5],
                        huge,
                        exact,
                        text,
                        truth,
                        id,
                        link));
    }

    @Provide
    Arbitrary<Kitchen.Times> times() {
        Arbitrary<Long> seconds = Arbitraries.longs().between(0, 4_000_000_000L);
        return Combinators.combine(seconds, Arbitraries.longs().between(0, 999_999_999))
                .as((second, nano) -> {
                    Instant moment = Instant.ofEpochSecond(second, nano);
                    LocalDate day = LocalDate.ofEpochDay(second / 86_400);
                    LocalTime time = LocalTime.ofSecondOfDay(second % 86_400);
                    Duration span = Duration.ofSeconds(second % 1_000_000);
                    return new Kitchen.Times(day, time, LocalDateTime.of(day, time), moment, span);
                });
    }

    @Provide
    Arbitrary<Kitchen.Recipe> recipes() {
        Arbitrary<Kitchen.Ingredient> ingredients = Combinators.combine(
                        Arbitraries.strings(), Arbitraries.bigDecimals())
                .as(Kitchen.Ingredient::new);
        return Combinators.combine(
                        Arbitraries.strings(),
                        ingredients.list().ofMaxSize(5),
                        Arbitraries.of(Kitchen.Heat.class).injectNull(0.3),
                        Arbitraries.integers()
                                .between(0, 10_000)
                                .map(Duration::ofMinutes)
                                .optional(),
                        Arbitraries.of(true, false))
                .as((title, all, heat, time, vegan) -> new Kitchen.Recipe(title, all, heat, time, vegan));
    }

    @Provide
    Arbitrary<Kitchen.Order> orders() {
        Arbitrary<Kitchen.Table> tables = Arbitraries.integers().map(Kitchen.Table::new);
        Arbitrary<Kitchen.Place> places = Arbitraries.recursive(
                () -> Arbitraries.oneOf(tables, Arbitraries.just(new Kitchen.Bench())),
                inner -> Combinators.combine(Arbitraries.strings(), inner.injectNull(0.3))
                        .as(Kitchen.Blanket::new),
                0,
                3);
        return Combinators.combine(places, tables, places.injectNull(0.3)).as(Kitchen.Order::new);
    }

    @Provide
    Arbitrary<Kitchen.Tree> trees() {
        return Arbitraries.recursive(
                () -> Arbitraries.strings().map(label -> new Kitchen.Tree(label, List.of())),
                inner -> Combinators.combine(Arbitraries.strings(), inner.list().ofMaxSize(3))
                        .as(Kitchen.Tree::new),
                0,
                4);
    }

    @Property(tries = 100)
    void containers(@ForAll List<String> texts, @ForAll("recipes") Kitchen.Recipe recipe) {
        JsonType<Kitchen.Containers> type = JsonType.of(Kitchen.Containers.class);
        List<Integer> gaps = new ArrayList<>(List.of(1, 2));
        gaps.add(null);
        Map<String, Kitchen.Ingredient> byName = new LinkedHashMap<>();
        recipe.ingredients().forEach(one -> byName.put(one.name(), one));
        Kitchen.Containers value = new Kitchen.Containers(
                texts,
                Optional.ofNullable(recipe.heat()).stream().collect(Collectors.toSet()),
                new int[] {texts.size()},
                texts.toArray(new String[0]),
                byName,
                gaps,
                List.of(List.of(), List.of(Kitchen.Heat.HOT)),
                OptionalInt.of(texts.size()),
                OptionalLong.empty(),
                OptionalDouble.of(0.5));

        String json = type.write(value);

        assertThat(type.read(json)).usingRecursiveComparison().isEqualTo(value);
        assertThat(schema(type).validate(json, InputFormat.JSON)).as(json).isEmpty();
    }

    @Property(tries = 100)
    void integersOfAnySize(@ForAll BigInteger value) {
        JsonType<BigInteger> type = JsonType.of(BigInteger.class);

        assertThat(type.read(type.write(value))).isEqualTo(value);
        assertThat(JsonType.of(BigDecimal.class).read(value + ".500")).isEqualTo(new BigDecimal(value + ".500"));
    }
}
