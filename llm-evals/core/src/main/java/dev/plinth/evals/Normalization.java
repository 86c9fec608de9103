package dev.plinth.evals;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a comparison of texts overlooks. Nothing is overlooked unless it is named. */
public enum Normalization {
    /** Upper and lower case, by the rules that hold in no language in particular ({@link Locale#ROOT}). */
    CASE,
    /** Different encodings of the same character: compares in Unicode normal form C. */
    NFC,
    /** The kind and amount of white space, line ends included, and all of it at both ends. */
    WHITESPACE;

    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}\\x85]+");

    // Composing comes after lower case, which may take a composed character apart.
    static String apply(Set<Normalization> steps, String text) {
        String result = text;
        if (steps.contains(CASE)) {
            result = result.toLowerCase(Locale.ROOT);
        }
        if (steps.contains(NFC)) {
            result = Normalizer.normalize(result, Normalizer.Form.NFC);
        }
        if (steps.contains(WHITESPACE)) {
            result = SPACES.matcher(result).replaceAll(" ").strip();
        }
        return result;
    }
}
