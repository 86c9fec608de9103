package dev.plinth.api.testkit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where one value differs from a recorded one. The order of an object's members says nothing, 1 is 1.0, and
 * {@link Secrets#SCRUBBED} in a recorded string is any text.
 */
final class JsonDiff {
    /** One place: the names and indices that lead to it, and what stands there; null: nothing. */
    record Difference(
            List<String> path,
            @Nullable Json recorded,
            @Nullable Json found,
            double weight) {}

    private static final double ANOTHER_TEXT = 5; // as many as there are small fields
    private static final Pattern SCRUBBED = Pattern.compile(Pattern.quote(Secrets.SCRUBBED));

    private final List<List<String>> ignored;
    private final List<String> path = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();

    private JsonDiff(List<List<String>> ignored) {
        this.ignored = ignored;
    }

    /**
     * All differences, in order.
     *
     * @param ignored paths of what may differ; {@code *} is any name or index
     */
    static List<Difference> between(Json recorded, Json found, List<List<String>> ignored) {
        JsonDiff diff = new JsonDiff(ignored);
        diff.compare(recorded, found);
        return diff.differences;
    }

    private void compare(@Nullable Json recorded, @Nullable Json found) {
        if (isIgnored()) {
            return;
        }
        if (recorded instanceof Json.Obj one && found instanceof Json.Obj other) {
            Set<String> names = new LinkedHashSet<>(one.members().keySet());
            names.addAll(other.members().keySet());
            for (String name : names) {
                step(name, one.get(name), other.get(name));
            }
        } else if (recorded instanceof Json.Arr one && found instanceof Json.Arr other) {
            int size = Math.max(one.elements().size(), other.elements().size());
            for (int i = 0; i < size; i++) {
                step(Integer.toString(i), element(one, i), element(other, i));
            }
        } else if (recorded == null || found == null || !isSame(recorded, found)) {
            differences.add(new Difference(List.copyOf(path), recorded, found, weight(recorded, found)));
        }
    }

    private void step(String name, @Nullable Json recorded, @Nullable Json found) {
        path.add(name);
        compare(recorded, found);
        path.remove(path.size() - 1);
    }

    private static @Nullable Json element(Json.Arr array, int index) {
        return index < array.elements().size() ? array.elements().get(index) : null;
    }

    private boolean isIgnored() {
        return ignored.stream().anyMatch(this::fits);
    }

    private boolean fits(List<String> pattern) {
        if (pattern.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!pattern.get(i).equals("*") && !pattern.get(i).equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(Json recorded, Json found) {
        if (recorded instanceof Json.Str one && found instanceof Json.Str other) {
            return one.value().equals(other.value()) || isScrubbed(one.value(), other.value());
        }
        if (recorded instanceof Json.Plain one && found instanceof Json.Plain other) {
            return one.text().equals(other.text()) || isSameNumber(one, other);
        }
        return false;
    }

    private static boolean isScrubbed(String recorded, String found) {
        if (!recorded.contains(Secrets.SCRUBBED)) {
            return false;
        }
        String pattern =
                Stream.of(SCRUBBED.split(recorded, -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(pattern, Pattern.DOTALL).matcher(found).matches();
    }

    private static boolean isSameNumber(Json.Plain one, Json.Plain other) {
        try {
            return one.isNumber()
                    && other.isNumber()
                    && new BigDecimal(one.text()).compareTo(new BigDecimal(other.text())) == 0;
        } catch (ArithmeticException | NumberFormatException beyondMeasure) {
            return false;
        }
    }

    /** How much it matters when the nearest of several recordings is looked for: by leaves, and of texts by share. */
    private static double weight(@Nullable Json recorded, @Nullable Json found) {
        if (recorded instanceof Json.Str one && found instanceof Json.Str other) {
            int longest = Math.max(one.value().length(), other.value().length());
            return 1 + ANOTHER_TEXT * (1 - (double) common(one.value(), other.value()) / longest);
        }
        return Math.max(1, Math.max(leaves(recorded), leaves(found)));
    }

    private static int leaves(@Nullable Json json) {
        if (json instanceof Json.Obj object) {
            return object.members().values().stream().mapToInt(JsonDiff::leaves).sum();
        }
        if (json instanceof Json.Arr array) {
            return array.elements().stream().mapToInt(JsonDiff::leaves).sum();
        }
        return json == null ? 0 : 1;
    }

    private static int common(String one, String other) {
        int most = Math.min(one.length(), other.length());
        int start = 0;
        while (start < most && one.charAt(start) == other.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < most - start && one.charAt(one.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
            end++;
        }
        return start + end;
    }
}
