package dev.plinth.rag.prompt;

import java.util.regex.Pattern;

/** The tags that a prompt marks texts as data with, such as {@code <source>} and {@code </source>}. */
public final class DataTags {
    private final Pattern opening;

    private DataTags(Pattern opening) {
        this.opening = opening;
    }

    /** Tags of these names. */
    public static DataTags of(String... names) {
        String opening = "<(?=\\s*+/?\\s*+(?:" + String.join("|", names) + "))";
        return new DataTags(Pattern.compile(opening, Pattern.CASE_INSENSITIVE));
    }

    /** A text that cannot close its own tag or open another: the bracket of such a tag becomes a look-alike. */
    public String harmless(String text) {
        return opening.matcher(text).replaceAll("\u2039");
    }
}
