package dev.plinth.governance;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of a YAML file, read strictly. It works on nodes, not on Java values: so it knows lines, and a price keeps
 * the digits it was written with. What is wrong goes to the {@link Problems}, and the value is null then.
 */
final class YamlMapping {

    private static final Pattern DECIMAL = Pattern.compile("\\d{1,12}(\\.\\d{1,12})?");

    private final Node node;
    private final String path;
    private final Problems problems;
    private final Map<String, Node> values = new LinkedHashMap<>();

    private YamlMapping(Node node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
    }

    /**
     * The node as a mapping, or null.
     *
     * @param path of the mapping in the file; empty for the file itself
     * @param keys all it may have
     */
    static @Nullable YamlMapping of(Node node, String path, Problems problems, List<String> keys) {
        if (!(node instanceof MappingNode mapping)) {
            problems.add(node, path.isEmpty() ? problems.what() : path, show(node), "keys " + String.join(", ", keys));
            return null;
        }
        YamlMapping read = new YamlMapping(node, path, problems);
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "a key that is no text";
            if (!keys.contains(key)) {
                problems.add(tuple.getKeyNode(), read.at(key), "unknown key", "one of " + String.join(", ", keys));
            } else if (read.values.putIfAbsent(key, tuple.getValueNode()) != null) {
                problems.add(tuple.getKeyNode(), read.at(key), "repeated", "each key once");
            }
        }
        return read;
    }

    Node node() {
        return node;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** The node of a key that has to be there. */
    @Nullable
    Node required(String key) {
        Node value = values.get(key);
        if (value == null) {
            problems.add(node, at(key), "missing", "a value");
        }
        return value;
    }

    /** A text without blanks. */
    @Nullable
    String name(String key) {
        return text(
                key,
                text -> !text.isEmpty() && text.chars().noneMatch(Character::isWhitespace),
                "a text without blanks");
    }

    @Nullable
    String text(String key, Predicate<String> allowed, String expected) {
        return read(
                key,
                expected,
                scalar ->
                        scalar.getTag().equals(Tag.STR) && allowed.test(scalar.getValue()) ? scalar.getValue() : null);
    }

    <E extends Enum<E>> @Nullable E oneOf(String key, E[] constants) {
        String names = Stream.of(constants).map(YamlMapping::word).collect(Collectors.joining(", "));
        return read(
                key,
                "one of " + names,
                scalar -> Stream.of(constants)
                        .filter(constant -> word(constant).equals(scalar.getValue()))
                        .findFirst()
                        .orElse(null));
    }

    /** A number of at least 0, written without an exponent. */
    @Nullable
    BigDecimal amount(String key) {
        return read(key, "a number >= 0", scalar -> isNumber(scalar) ? new BigDecimal(scalar.getValue()) : null);
    }

    @Nullable
    Integer count(String key) {
        return read(key, "a whole number > 0", scalar -> {
            BigDecimal number = isNumber(scalar) ? new BigDecimal(scalar.getValue()) : BigDecimal.ZERO;
            boolean whole = number.signum() > 0 && number.stripTrailingZeros().scale() <= 0;
            return whole && number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0 ? number.intValue() : null;
        });
    }

    /** The texts of a list; empty when the key is not there. */
    List<String> texts(String key, Predicate<String> allowed, String expected) {
        List<String> texts = new ArrayList<>();
        for (Node item : values.containsKey(key) ? list(key) : List.<Node>of()) {
            boolean fits = item instanceof ScalarNode scalar
                    && scalar.getTag().equals(Tag.STR)
                    && allowed.test(scalar.getValue());
            if (!fits || texts.contains(show(item))) {
                problems.add(item, at(key) + "[" + texts.size() + "]", show(item), expected + ", each once");
            }
            texts.add(show(item));
        }
        return texts;
    }

    /** The items of a list; empty when it is none. */
    List<Node> list(String key) {
        Node value = required(key);
        if (value instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        if (value != null) {
            problems.add(value, at(key), show(value), "a list");
        }
        return List.of();
    }

    <T> @Nullable T read(String key, String expected, Function<ScalarNode, @Nullable T> parse) {
        Node value = required(key);
        if (value == null) {
            return null;
        }
        T parsed = value instanceof ScalarNode scalar ? parse.apply(scalar) : null;
        if (parsed == null) {
            problems.add(value, at(key), show(value), expected);
        }
        return parsed;
    }

    /** The path of a key in the file. */
    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    static String show(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue().isEmpty() ? "nothing" : scalar.getValue();
        }
        return node instanceof SequenceNode ? "a list" : "a mapping";
    }

    private static boolean isNumber(ScalarNode scalar) {
        boolean number = scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT);
        return number && DECIMAL.matcher(scalar.getValue()).matches();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
