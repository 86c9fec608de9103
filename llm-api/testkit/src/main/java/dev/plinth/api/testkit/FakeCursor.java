package dev.plinth.api.testkit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list of a {@link FakeConnector}.
 *
 * @param changes whether the list is one of changes
 * @param after the revision from which on changes are told
 * @param asOf the revision when the list began: the next list of changes starts there
 * @param id the last one of the page before; null: the first page
 */
record FakeCursor(
        boolean changes, long after, long asOf, @Nullable String id) {
    private static final Pattern FORM =
            Pattern.compile("(all|changes) (\\d{1,18}) (\\d{1,18}|now)(?: (.+))?", Pattern.DOTALL);

    static FakeCursor everything(long now) {
        return new FakeCursor(false, 0, now, null);
    }

    /** Its text stands for "what has changed after that revision", whenever it is asked. */
    static String changesAfter(long revision) {
        return "changes " + revision + " now";
    }

    /** What is no cursor lists everything. */
    static FakeCursor parse(@Nullable String cursor, long now) {
        Matcher matcher = FORM.matcher(cursor == null ? "" : cursor);
        if (!matcher.matches()) {
            return everything(now);
        }
        long asOf = matcher.group(3).equals("now") ? now : Long.parseLong(matcher.group(3));
        return new FakeCursor(
                matcher.group(1).equals("changes"), Long.parseLong(matcher.group(2)), asOf, matcher.group(4));
    }

    FakeCursor next(@Nullable String last) {
        return new FakeCursor(changes, after, asOf, last);
    }

    @Override
    public String toString() {
        return (changes ? "changes " : "all ") + after + " " + asOf + (id == null ? "" : " " + id);
    }
}
