package dev.plinth.governance;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the file of a kill switch. Reads on after a mistake, to name them all. */
final class StopsReader {

    private static final List<String> FILE_KEYS = List.of("stops");
    private static final List<String> WHAT_KEYS = List.of("everything", "team", "useCase", "prompt", "provider");
    private static final List<String> STOP_KEYS = List.of(
            "everything", "team", "useCase", "prompt", "version", "provider", "model", "reason", "owner", "since");
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    private StopsReader() {}

    static @Nullable List<Stop> read(Node root, Problems problems) {
        YamlMapping file = YamlMapping.of(root, "", problems, FILE_KEYS);
        if (file == null) {
            return null;
        }
        List<Stop> stops = new ArrayList<>();
        List<Node> items = file.list("stops");
        for (int i = 0; i < items.size(); i++) {
            YamlMapping entry = YamlMapping.of(items.get(i), "stops[" + i + "]", problems, STOP_KEYS);
            Stop stop = entry == null ? null : stop(entry, problems);
            if (stop != null) {
                stops.add(stop);
            }
        }
        return stops;
    }

    private static @Nullable Stop stop(YamlMapping entry, Problems problems) {
        Stoppable what = what(entry, problems);
        String reason = entry.text("reason", StopsReader::isName, "why it is stopped");
        String owner = entry.text("owner", StopsReader::isName, "who answers for it");
        Instant since = entry.read("since", "a time, such as 2026-11-26T04:57:26Z", StopsReader::time);
        return what == null || reason == null || owner == null || since == null
                ? null
                : new Stop(what, reason, owner, since);
    }

    private static @Nullable Stoppable what(YamlMapping entry, Problems problems) {
        List<String> named = WHAT_KEYS.stream().filter(entry::has).toList();
        if (named.size() != 1) {
            String found = named.isEmpty() ? "nothing" : String.join(" and ", named);
            problems.add(entry.node(), entry.at("what"), found, "one of " + String.join(", ", WHAT_KEYS));
            return null;
        }
        String key = named.get(0);
        partOf(entry, problems, "version", "prompt", key);
        partOf(entry, problems, "model", "provider", key);
        if (key.equals("everything")) {
            Boolean all = entry.read(key, "true", StopsReader::yes);
            return all == null ? null : Stoppable.everything();
        }
        String name = key.equals("provider") ? entry.name(key) : entry.text(key, StopsReader::isName, "a name");
        if (name == null) {
            return null;
        }
        return switch (key) {
            case "team" -> Stoppable.team(name);
            case "useCase" -> Stoppable.useCase(name);
            case "prompt" -> prompt(entry, name);
            default -> model(entry, name);
        };
    }

    private static void partOf(YamlMapping entry, Problems problems, String part, String whole, String key) {
        if (entry.has(part) && !key.equals(whole)) {
            problems.add(entry.node(), entry.at(part), "without " + whole, "both, or none");
        }
    }

    private static @Nullable Stoppable prompt(YamlMapping entry, String name) {
        if (!entry.has("version")) {
            return Stoppable.prompt(name);
        }
        String version = entry.read("version", "a version", StopsReader::version);
        return version == null ? null : Stoppable.prompt(name, version);
    }

    private static @Nullable Stoppable model(YamlMapping entry, String provider) {
        if (!entry.has("model")) {
            return Stoppable.provider(provider);
        }
        String model = entry.name("model");
        return model == null ? null : Stoppable.model(provider, model);
    }

    private static @Nullable Boolean yes(ScalarNode scalar) {
        return scalar.getTag().equals(Tag.BOOL) && scalar.getValue().equals("true") ? true : null;
    }

    private static boolean isName(String text) {
        return !text.isBlank();
    }

    /** As it is written: a number is a version, too. */
    private static @Nullable String version(ScalarNode scalar) {
        boolean text = List.of(Tag.STR, Tag.INT, Tag.FLOAT).contains(scalar.getTag());
        return text && !scalar.getValue().isBlank() ? scalar.getValue() : null;
    }

    private static @Nullable Instant time(ScalarNode scalar) {
        try {
            return TIME.matcher(scalar.getValue()).matches()
                    ? OffsetDateTime.parse(scalar.getValue()).toInstant()
                    : null;
        } catch (DateTimeException broken) {
            return null;
        }
    }
}
