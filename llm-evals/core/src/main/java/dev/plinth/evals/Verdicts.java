package dev.plinth.evals;

import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;

/** The scores of evaluators that are code. */
final class Verdicts {

    private static final int SHOWN = 60;

    private Verdicts() {}

    /** @param rule name and version, such as {@code exact-match/1}: another version measures something else */
    static Annotator rule(String rule) {
        return new Annotator(Annotator.Kind.CODE, rule);
    }

    static Score passed(String name, Annotator rule) {
        return Score.builder(name, Outcome.PASS, rule).value(1).build();
    }

    static Score failed(String name, Annotator rule, String why) {
        return Score.builder(name, Outcome.FAIL, rule).value(0).explanation(why).build();
    }

    static Score undecided(String name, Annotator rule, String label, String why) {
        return Score.builder(name, Outcome.UNDECIDED, rule)
                .label(label)
                .explanation(why)
                .build();
    }

    static Score nothingExpected(String name, Annotator rule) {
        return undecided(name, rule, "nothing-expected", "the case has no expected answer to compare with");
    }

    /** The text in quotes, or as much of it as a line of a report can take. */
    static String quoted(String text) {
        return quoted(text, 0);
    }

    /** The text from about this position on. */
    static String quoted(String text, int start) {
        int from = boundary(text, start);
        int to = boundary(text, Math.min(text.length(), from + SHOWN));
        return (from > 0 ? "..." : "") + "'" + text.substring(from, to) + "'" + (to < text.length() ? "..." : "");
    }

    // Never between the two halves of a character.
    private static int boundary(String text, int position) {
        boolean inside = position > 0
                && position < text.length()
                && Character.isSurrogatePair(text.charAt(position - 1), text.charAt(position));
        return inside ? position - 1 : position;
    }
}
