package dev.plinth.rag.text;

/**
 * The suffix stripper of M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, pp. 130-137, with the
 * two departures its author published later (BLI to BLE, LOGI to LOG in step 2; words of one or two letters stay).
 *
 * <p>Works on lower-case ASCII words; anything else is returned unchanged. Stateless, safe for any thread.
 */
final class PorterStemmer {
    private static final String[][] STEP_2 = {
        {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
        {"bli", "ble"}, {"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"},
        {"ization", "ize"}, {"ation", "ate"}, {"ator", "ate"}, {"alism", "al"}, {"iveness", "ive"},
        {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"}, {"iviti", "ive"}, {"biliti", "ble"},
        {"logi", "log"}
    };
    private static final String[][] STEP_3 = {
        {"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""}
    };
    private static final String[] STEP_4 = {
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ou", "ism", "ate", "iti",
        "ous", "ive", "ize"
    };

    private PorterStemmer() {}

    static String stem(String word) {
        if (word.length() <= 2 || !isLowerAscii(word)) {
            return word;
        }
        String stem = pluralsAndParticiples(word);
        stem = finalY(stem);
        stem = replaceLongest(stem, STEP_2);
        stem = replaceLongest(stem, STEP_3);
        stem = dropSuffix(stem);
        return finalE(stem);
    }

    private static boolean isLowerAscii(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c < 'a' || c > 'z') {
                return false;
            }
        }
        return true;
    }

    /** Steps 1a and 1b. */
    private static String pluralsAndParticiples(String word) {
        String stem = plural(word);
        if (stem.endsWith("eed")) {
            return measure(stem, stem.length() - 3) > 0 ? cut(stem, 1) : stem;
        }
        int suffix = stem.endsWith("ed") ? 2 : stem.endsWith("ing") ? 3 : 0;
        if (suffix == 0 || !hasVowel(stem, stem.length() - suffix)) {
            return stem;
        }
        return repairEnd(cut(stem, suffix));
    }

    private static String plural(String word) {
        if (word.endsWith("sses") || word.endsWith("ies")) {
            return cut(word, 2);
        }
        return word.endsWith("s") && !word.endsWith("ss") ? cut(word, 1) : word;
    }

    /** After -ed or -ing was cut: hopp(ing) to hop, siz(ed) to size, fil(ing) to file. */
    private static String repairEnd(String stem) {
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
            return stem + "e";
        }
        char last = stem.charAt(stem.length() - 1);
        if (endsInDoubleConsonant(stem)) {
            return last == 'l' || last == 's' || last == 'z' ? stem : cut(stem, 1);
        }
        return measure(stem, stem.length()) == 1 && endsInShortSyllable(stem, stem.length()) ? stem + "e" : stem;
    }

    /** Step 1c. */
    private static String finalY(String stem) {
        return stem.endsWith("y") && hasVowel(stem, stem.length() - 1) ? cut(stem, 1) + "i" : stem;
    }

    /**
     * Steps 2 and 3: only the longest suffix that matches is tried, and replaced when a measure above 0 stands before
     * it.
     */
    private static String replaceLongest(String stem, String[][] rules) {
        String[] longest = null;
        for (String[] rule : rules) {
            if (stem.endsWith(rule[0]) && (longest == null || rule[0].length() > longest[0].length())) {
                longest = rule;
            }
        }
        if (longest == null || measure(stem, stem.length() - longest[0].length()) == 0) {
            return stem;
        }
        return cut(stem, longest[0].length()) + longest[1];
    }

    /** Step 4: the longest suffix goes when a measure above 1 stands before it. */
    private static String dropSuffix(String stem) {
        String longest = "";
        for (String suffix : STEP_4) {
            if (suffix.length() > longest.length() && stem.endsWith(suffix)) {
                longest = suffix;
            }
        }
        if (longest.isEmpty() && (stem.endsWith("sion") || stem.endsWith("tion"))) {
            longest = "ion";
        }
        boolean cut = !longest.isEmpty() && measure(stem, stem.length() - longest.length()) > 1;
        return cut ? cut(stem, longest.length()) : stem;
    }

    /** Step 5. */
    private static String finalE(String word) {
        String stem = word;
        if (stem.endsWith("e")) {
            int rest = stem.length() - 1;
            int measure = measure(stem, rest);
            if (measure > 1 || (measure == 1 && !endsInShortSyllable(stem, rest))) {
                stem = cut(stem, 1);
            }
        }
        return stem.endsWith("ll") && measure(stem, stem.length()) > 1 ? cut(stem, 1) : stem;
    }

    private static String cut(String word, int letters) {
        return word.substring(0, word.length() - letters);
    }

    /** A letter other than a, e, i, o, u, and other than a y after a consonant. */
    private static boolean isConsonant(char letter, boolean afterConsonant) {
        return switch (letter) {
            case 'a', 'e', 'i', 'o', 'u' -> false;
            case 'y' -> !afterConsonant;
            default -> true;
        };
    }

    private static boolean isConsonant(String word, int index) {
        int first = index;
        while (first > 0 && word.charAt(first) == 'y') {
            first--;
        }
        boolean consonant = false;
        for (int i = first; i <= index; i++) {
            consonant = isConsonant(word.charAt(i), consonant);
        }
        return consonant;
    }

    /** Porter's m of the first {@code length} letters: the number of vowel-consonant changes. */
    private static int measure(String word, int length) {
        int changes = 0;
        boolean afterConsonant = false;
        for (int i = 0; i < length; i++) {
            boolean consonant = isConsonant(word.charAt(i), afterConsonant);
            if (i > 0 && consonant && !afterConsonant) {
                changes++;
            }
            afterConsonant = consonant;
        }
        return changes;
    }

    private static boolean hasVowel(String word, int length) {
        boolean consonant = false;
        for (int i = 0; i < length; i++) {
            consonant = isConsonant(word.charAt(i), consonant);
            if (!consonant) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsInDoubleConsonant(String word) {
        int last = word.length() - 1;
        return last >= 1 && word.charAt(last) == word.charAt(last - 1) && isConsonant(word, last);
    }

    /** Porter's *o: consonant, vowel, consonant, the last of which is not w, x or y. */
    private static boolean endsInShortSyllable(String word, int length) {
        int last = length - 1;
        if (last < 2 || !isConsonant(word, last) || isConsonant(word, last - 1) || !isConsonant(word, last - 2)) {
            return false;
        }
        char c = word.charAt(last);
        return c != 'w' && c != 'x' && c != 'y';
    }
}
