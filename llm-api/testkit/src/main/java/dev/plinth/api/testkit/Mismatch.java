package dev.plinth.api.testkit;

import dev.plinth.api.testkit.JsonDiff.Difference;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How far a request is from a recorded one, and how it differs, in words a test report can show. */
final class Mismatch {
    private static final int SHOWN = 20;
    private static final int QUOTED = 120;
    private static final int BEFORE = 30;
    private static final double ANOTHER_ENDPOINT = 1000;

    private Mismatch() {}

    static double distance(Difference difference) {
        String part = difference.path().get(0);
        return part.equals("method") || part.equals("path") ? ANOTHER_ENDPOINT : difference.weight();
    }

    /** One difference per line. */
    static String describe(List<Difference> differences) {
        String shown = differences.stream().limit(SHOWN).map(Mismatch::describe).collect(Collectors.joining("\n"));
        int more = differences.size() - SHOWN;
        return more > 0 ? shown + "\n  and " + more + " more" : shown;
    }

    private static String describe(Difference difference) {
        Json found = difference.found();
        Json recorded = difference.recorded();
        int start = Math.max(0, firstDifference(found, recorded) - BEFORE);
        return "  " + place(difference.path()) + ": " + quoted(found, start) + " (recorded: " + quoted(recorded, start)
                + ")";
    }

    /** A pointer into a body, as it may be handed to be ignored; else what it is. */
    private static String place(List<String> path) {
        String part = path.get(0);
        if (part.equals("query") && path.size() > 1) {
            return "query " + path.get(1);
        }
        if (part.equals(RecordedBody.JSON)) {
            return "body "
                    + path.stream()
                            .skip(1)
                            .map(name -> "/" + name.replace("~", "~0").replace("/", "~1"))
                            .collect(Collectors.joining());
        }
        boolean body = part.equals(RecordedBody.TEXT) || part.equals(RecordedBody.BASE64);
        return body ? "body" + (path.size() > 1 ? ", line " + (Integer.parseInt(path.get(1)) + 1) : "") : part;
    }

    private static int firstDifference(@Nullable Json one, @Nullable Json other) {
        if (!(one instanceof Json.Str a) || !(other instanceof Json.Str b)) {
            return 0;
        }
        int same = 0;
        while (same < a.value().length()
                && same < b.value().length()
                && a.value().charAt(same) == b.value().charAt(same)) {
            same++;
        }
        return same;
    }

    private static String quoted(@Nullable Json value, int start) {
        if (value == null) {
            return "nothing";
        }
        if (value instanceof Json.Str string) {
            String text = string.value();
            String from = text.substring(Math.min(start, text.length()));
            String shown = from.length() <= QUOTED ? from : from.substring(0, QUOTED) + "...";
            return Json.of((start > 0 ? "..." : "") + shown).toString();
        }
        String json = value.toString();
        return json.length() <= QUOTED ? json : json.substring(0, QUOTED) + "...";
    }
}
