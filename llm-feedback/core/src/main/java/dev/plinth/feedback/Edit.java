package dev.plinth.feedback;

import dev.plinth.api.check.Check;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What somebody did to an output: which words stayed, and how far the edit goes.
 *
 * <p>Words are compared, not their spacing: a word is a run of letters and digits, a single character in scripts
 * written without spaces, and every other visible character. Unicode normal forms and line ends make no difference.
 *
 * <p>Immutable and thread-safe.
 */
public final class Edit {

    /** The name of an edit's score. */
    public static final String SCORE_NAME = "edit";

    private static final double LIGHT_BELOW = 0.10;
    private static final double REWRITTEN_BELOW = 0.50;
    // About 0.2 s: 64 cells of the table are computed at a time.
    private static final long MAX_CELLS = 4_000_000_000L;

    private final WordDiff diff;
    private final double similarity;
    private final boolean exact;

    private Edit(WordDiff diff, double similarity, boolean exact) {
        this.diff = diff;
        this.similarity = similarity;
        this.exact = exact;
    }

    /** Compares an output with what became of it. Either text may be empty. */
    public static Edit between(String original, String edited) {
        Check.notNull(original, "original");
        Check.notNull(edited, "edited");
        int[] before = codePoints(original);
        int[] after = codePoints(edited);
        Span middle = Span.differing(before, after);
        boolean comparable = middle.cells() <= MAX_CELLS;
        int distance = comparable
                ? Levenshtein.distance(middle.of(before), middle.ofOther(after))
                : Math.max(middle.length(), middle.otherLength());
        int longest = Math.max(before.length, after.length);
        WordDiff diff = WordDiff.between(original, edited);
        return new Edit(diff, longest == 0 ? 1 : 1 - (double) distance / longest, comparable && diff.exact());
    }

    private static int[] codePoints(String text) {
        return Normalizer.normalize(text.replace("\r\n", "\n"), Normalizer.Form.NFC)
                .codePoints()
                .toArray();
    }

    /** How far the edit goes. */
    public EditClass editClass() {
        if (diff.kept() == Math.max(diff.originalWords(), diff.editedWords())) {
            return EditClass.ACCEPTED;
        }
        if (diff.editedWords() == 0) {
            return EditClass.DISCARDED;
        }
        if (keptShare() < REWRITTEN_BELOW) {
            return EditClass.REWRITTEN;
        }
        return changedShare() < LIGHT_BELOW ? EditClass.LIGHT : EditClass.HEAVY;
    }

    /**
     * The share of the original's words that were kept in their order, 0 to 1. Of an original without words it is 1 if
     * nothing was added, else 0.
     */
    public double keptShare() {
        if (diff.originalWords() == 0) {
            return diff.editedWords() == 0 ? 1 : 0;
        }
        return (double) diff.kept() / diff.originalWords();
    }

    /** The words that were not kept, as a share of the longer text's words, 0 to 1: counts what was added as well. */
    public double changedShare() {
        int longest = Math.max(diff.originalWords(), diff.editedWords());
        return longest == 0 ? 0 : (double) (longest - diff.kept()) / longest;
    }

    /**
     * 1 - d / n, with the Levenshtein distance d and the length n of the longer text, both in code points; 1 for equal
     * texts. Unlike the shares it counts white space.
     */
    public double similarity() {
        return similarity;
    }

    /**
     * Whether the figures are exact. They are not when the parts that differ are longer than about 5,000 words: such a
     * part then counts as replaced, so that the share kept and the similarity are lower bounds, and the class may be
     * milder than it seems.
     */
    public boolean exact() {
        return exact;
    }

    /** The edit step by step: the originals in their order make up the original text, the edited ones the edited. */
    public List<Change> changes() {
        return diff.changes();
    }

    /**
     * The judgement that lies in the edit: the value is the share kept, the label the class, the outcome that of the
     * class. Where {@linkplain #exact lower bounds} leave the class open, the score is undecided, has no value and the
     * label {@code too-long}.
     *
     * @param target what was edited
     * @param annotator who edited
     * @param at when
     */
    public Score score(Target target, Annotator annotator, Instant at) {
        EditClass editClass = editClass();
        boolean open = !exact && (editClass == EditClass.HEAVY || editClass == EditClass.REWRITTEN);
        Score.Builder score = Score.builder(SCORE_NAME, open ? Outcome.UNDECIDED : editClass.outcome(), annotator)
                .explanation(toString())
                .target(target)
                .at(at);
        return open
                ? score.label("too-long").build()
                : score.label(editClass.label()).value(keptShare()).build();
    }

    /** The figures, without the texts. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: kept %d of %d words, now %d, similarity %.3f%s",
                editClass().label(),
                diff.kept(),
                diff.originalWords(),
                diff.editedWords(),
                similarity,
                exact ? "" : ", at least");
    }

    /**
     * One step of an edit.
     *
     * @param kind what was done
     * @param original the text before; empty where something was added
     * @param edited the text after; empty where something was removed, and with its own white space where it was kept
     */
    public record Change(Kind kind, String original, String edited) {

        /** What was done. */
        public enum Kind {
            KEPT,
            REMOVED,
            ADDED,
            REPLACED
        }

        public Change {
            Check.notNull(kind, "kind");
            Check.notNull(original, "original");
            Check.notNull(edited, "edited");
        }
    }
}
