package dev.plinth.rag.text;

/**
 * Finds words near to the default word borders of Unicode (UAX #29): runs of letters, digits and marks; one apostrophe,
 * full stop or middle dot inside a word of letters and one comma, full stop or semicolon inside a number do not end it
 * ("don't", "U.S", "1,000.5"); an underscore joins. Each ideograph and each Hiragana letter is a word.
 */
final class Words {
    private Words() {}

    /** Receives one word as a range of the text, end exclusive. */
    interface Sink {
        void word(int start, int end);
    }

    static void forEach(String text, Sink sink) {
        int position = 0;
        while (position < text.length()) {
            int codePoint = text.codePointAt(position);
            int next = position + Character.charCount(codePoint);
            if (standsAlone(codePoint)) {
                sink.word(position, next);
            } else if (isWordPart(codePoint)) {
                next = endOfWord(text, next, codePoint);
                sink.word(position, next);
            }
            position = next;
        }
    }

    static boolean isApostrophe(char c) {
        return c == '\'' || c == '\u2019' || c == '\uFF07';
    }

    private static int endOfWord(String text, int from, int first) {
        int position = from;
        int previous = first;
        while (position < text.length()) {
            int codePoint = text.codePointAt(position);
            int next = position + Character.charCount(codePoint);
            if (standsAlone(codePoint)) {
                return position;
            }
            if (!isWordPart(codePoint)) {
                boolean joins = next < text.length() && joins(previous, codePoint, text.codePointAt(next));
                if (!joins) {
                    return position;
                }
            }
            previous = codePoint;
            position = next;
        }
        return position;
    }

    private static boolean joins(int before, int middle, int after) {
        if (standsAlone(after)) {
            return false;
        }
        boolean letters = isLetter(before) && isLetter(after);
        boolean digits = Character.isDigit(before) && Character.isDigit(after);
        return switch (middle) {
            case '\'', '\u2019', '.', '\u2018', '\u2024', '\uFE52', '\uFF07', '\uFF0E' -> letters || digits;
            case ':', '\u00B7', '\u2027' -> letters;
            case ',', ';', '\u066C' -> digits;
            default -> false;
        };
    }

    private static boolean isLetter(int codePoint) {
        return Character.isLetter(codePoint);
    }

    private static boolean isWordPart(int codePoint) {
        if (Character.isLetterOrDigit(codePoint) || codePoint == '_') {
            return true;
        }
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.FORMAT && codePoint == 0x200D;
    }

    private static boolean standsAlone(int codePoint) {
        return codePoint >= 0x2E80
                && (Character.isIdeographic(codePoint)
                        || Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HIRAGANA);
    }
}
