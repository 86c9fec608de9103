package dev.plinth.governance.guardrails;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Rewrites a text that comes in pieces: whatever the pieces, the result is that of the whole text.
 *
 * <p>It releases what no further text can change. For that it keeps back the end of the text where something may still
 * be going on, and as much of what was released as the detectors look back. Of findings that overlap, the one that
 * starts first is taken whole, of those that start together the longest; of the others what is left.
 */
final class TextMask {

    /** The most characters that are ever kept back. */
    static final int WINDOW = Detector.REACH;

    private static final int TRIM_AT = 4096;
    private static final Comparator<Finding> FIRST_LONGEST =
            Comparator.comparingInt(Finding::start).thenComparing(Finding::end, Comparator.reverseOrder());

    private final List<Detector> detectors;
    private final BiFunction<Finding.Kind, String, String> rewrite;
    private final boolean json;

    private final StringBuilder text = new StringBuilder();
    private int released;
    private int rewrittenTo;
    private final JsonStrings strings = new JsonStrings();

    /**
     * A mask for one text.
     *
     * @param rewrite says what stands instead of a value
     * @param json whether the text is JSON: outside its strings a token is put into quotes
     */
    TextMask(List<Detector> detectors, BiFunction<Finding.Kind, String, String> rewrite, boolean json) {
        this.detectors = detectors;
        this.rewrite = rewrite;
        this.json = json;
    }

    /** Takes the next piece and returns what is settled by now; may be empty. */
    String append(String piece) {
        text.append(piece);
        int settled = text.length();
        for (Detector detector : detectors) {
            settled = Math.min(settled, detector.undecidedFrom(text));
        }
        return release(settled);
    }

    /**
     * Takes the text so far as complete and returns the rest. When more text comes nevertheless, what was released
     * stays, and the rest of a value that began in it is masked.
     */
    String flush() {
        return release(text.length());
    }

    private String release(int settled) {
        if (settled <= released) {
            return "";
        }
        List<Finding> found = new ArrayList<>();
        detectors.forEach(detector -> detector.find(text, released, found));
        found.sort(FIRST_LONGEST);
        StringBuilder out = new StringBuilder();
        for (Finding finding : found) {
            if (finding.start() >= settled) {
                break;
            }
            if (finding.end() > released) {
                pass(finding.start(), out);
                rewrite(finding, out);
            }
        }
        pass(settled, out);
        trim();
        return out.toString();
    }

    private void pass(int end, StringBuilder out) {
        if (end > released) {
            out.append(text, released, end);
            moveTo(end);
        }
    }

    private void rewrite(Finding finding, StringBuilder out) {
        String value = text.substring(Math.max(finding.start(), rewrittenTo), finding.end());
        String rewritten = rewrite.apply(finding.kind(), value);
        boolean quoted = json && !strings.inside() && !rewritten.equals(value) && finding.kind() != Finding.Kind.TOKEN;
        out.append(quoted ? '"' + rewritten + '"' : rewritten);
        moveTo(finding.end());
        rewrittenTo = finding.end();
    }

    private void moveTo(int end) {
        if (json) {
            strings.read(text, released, end);
        }
        released = end;
    }

    private void trim() {
        int cut = released - Detector.REACH;
        if (cut >= TRIM_AT) {
            text.delete(0, cut);
            released -= cut;
            rewrittenTo = Math.max(0, rewrittenTo - cut);
        }
    }

    /** Knows whether a place in JSON is within a string. */
    private static final class JsonStrings {
        private boolean inside;
        private boolean escaped;

        boolean inside() {
            return inside;
        }

        void read(CharSequence json, int start, int end) {
            for (int i = start; i < end; i++) {
                char character = json.charAt(i);
                if (escaped) {
                    escaped = false;
                } else if (character == '\\') {
                    escaped = inside;
                } else if (character == '"') {
                    inside = !inside;
                }
            }
        }
    }
}
