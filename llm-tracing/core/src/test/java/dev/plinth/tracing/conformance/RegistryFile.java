package dev.plinth.tracing.conformance;

import dev.plinth.tracing.conformance.Registry.EventType;
import dev.plinth.tracing.conformance.Registry.MetricType;
import dev.plinth.tracing.conformance.Registry.SpanType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads {@code conventions/<version>/registry.yaml}; the file says what its words mean. */
final class RegistryFile {

    private RegistryFile() {}

    static Registry read(String version) {
        Map<String, Object> file = load("/conventions/" + version + "/registry.yaml");
        Map<String, SpanType> spans = each(file, "spans", (name, span) -> span(span));
        Map<String, Object> buckets = map(file.get("buckets"));
        return new Registry(
                text(file, "schema_url"),
                each(file, "attributes", RegistryFile::attribute),
                words(file, "renamed"),
                set(file, "anywhere"),
                spans,
                each(file, "events", (name, event) -> event(map(event), spans)),
                each(file, "metrics", (name, metric) -> metric(map(metric), buckets)),
                MessageSchemas.of(version));
    }

    private static Map<String, Object> load(String path) {
        try (InputStream file = RegistryFile.class.getResourceAsStream(path)) {
            LoadSettings settings =
                    LoadSettings.builder().setAllowDuplicateKeys(false).build();
            return map(new Load(settings).loadFromInputStream(Objects.requireNonNull(file, path)));
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static Attribute attribute(String key, Object given) {
        Map<String, Object> rules = given instanceof String type ? Map.of("type", type) : map(given);
        return new Attribute(
                key,
                text(rules, "type"),
                List.copyOf(set(rules, "known")),
                List.copyOf(set(rules, "values")),
                words(rules, "aliases"),
                rules.get("only"),
                rules.get("never"),
                (String) rules.get("schema"),
                Boolean.TRUE.equals(rules.get("template")));
    }

    private static SpanType span(Object given) {
        Map<String, Object> span = map(given);
        return new SpanType(
                set(span, "operations"), set(span, "kinds"), text(span, "name"), set(span, "sampling"), levels(span));
    }

    private static EventType event(Map<String, Object> event, Map<String, SpanType> spans) {
        String like = (String) event.get("attributes_of");
        Levels levels = like == null
                ? levels(event)
                : Objects.requireNonNull(spans.get(like), like).levels();
        return new EventType((String) event.get("severity"), levels);
    }

    private static MetricType metric(Map<String, Object> metric, Map<String, Object> buckets) {
        Object named = metric.get("buckets");
        List<?> boundaries = named == null ? List.of() : (List<?>) Objects.requireNonNull(buckets.get(named));
        return new MetricType(
                text(metric, "instrument"),
                text(metric, "unit"),
                text(metric, "value"),
                boundaries.stream().map(each -> ((Number) each).doubleValue()).toList(),
                set(metric, "not_for"),
                levels(metric));
    }

    private static Levels levels(Map<String, Object> signal) {
        return new Levels(words(signal, "attributes"));
    }

    private static <T> Map<String, T> each(Map<String, Object> file, String key, BiFunction<String, Object, T> read) {
        Map<String, T> all = new LinkedHashMap<>();
        map(file.get(key)).forEach((name, value) -> all.put(name, read.apply(name, value)));
        return all;
    }

    private static Map<String, String> words(Map<String, Object> from, String key) {
        Map<String, String> words = new LinkedHashMap<>();
        map(from.get(key)).forEach((name, value) -> words.put(name, (String) value));
        return words;
    }

    private static Set<String> set(Map<String, Object> from, String key) {
        Set<String> words = new LinkedHashSet<>();
        if (from.get(key) instanceof List<?> list) {
            list.forEach(word -> words.add((String) word));
        }
        return words;
    }

    private static String text(Map<String, Object> from, String key) {
        return (String) Objects.requireNonNull(from.get(key), key);
    }

    @SuppressWarnings("unchecked") // the keys of these files are texts
    private static Map<String, Object> map(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }
}
