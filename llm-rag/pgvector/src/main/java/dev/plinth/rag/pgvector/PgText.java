package dev.plinth.rag.pgvector;

/** Texts as PostgreSQL can hold them: it has neither U+0000 nor surrogates without their pair. Both ways are exact. */
final class PgText {
    private static final char ESCAPE = '\u001A'; // SUBSTITUTE, in no ordinary text
    private static final int HEX = 16;
    private static final int UNIT = 4; // digits of an escaped character

    /** Code units from here on are in another order as UTF-16 than as code points. */
    private static final int HIGH = Character.MIN_SURROGATE;

    private static final int MOVED = Character.MIN_SUPPLEMENTARY_CODE_POINT;

    private PgText() {}

    /** The text itself, but for the characters that cannot be held: these as an escape character and four digits. */
    static String escaped(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == 0 || unit == ESCAPE || isAlone(text, i)) {
                escaped = escaped == null ? new StringBuilder(text.substring(0, i)) : escaped;
                String hex = Integer.toHexString(unit);
                escaped.append(ESCAPE).append("0".repeat(UNIT - hex.length())).append(hex);
            } else if (escaped != null) {
                escaped.append(unit);
            }
        }
        return escaped == null ? text : escaped.toString();
    }

    /** What {@link #escaped} was given. */
    static String unescaped(String escaped) {
        if (escaped.indexOf(ESCAPE) < 0) {
            return escaped;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == ESCAPE) {
                text.append((char) Integer.parseInt(escaped, i + 1, i + 1 + UNIT, HEX));
                i += UNIT;
            } else {
                text.append(escaped.charAt(i));
            }
        }
        return text.toString();
    }

    private static boolean isAlone(String text, int at) {
        char unit = text.charAt(at);
        if (Character.isHighSurrogate(unit)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(unit) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    /**
     * A text whose order by code points, which is that of the collation "C", is the order of the given ones by UTF-16
     * code units: each unit from U+D800 on becomes a code point beyond U+FFFF, and U+0000 and U+0001 become two.
     */
    static String ordered(String text) {
        StringBuilder ordered = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit <= 1) {
                ordered.append('\u0001').append((char) (unit + 1));
            } else if (unit < HIGH) {
                ordered.append(unit);
            } else {
                ordered.appendCodePoint(MOVED + unit - HIGH);
            }
        }
        return ordered.toString();
    }

    /** What {@link #ordered} was given. */
    static String unordered(String ordered) {
        StringBuilder text = new StringBuilder(ordered.length());
        for (int i = 0; i < ordered.length(); i++) {
            int point = ordered.codePointAt(i);
            if (point == 1) {
                i++;
                text.append((char) (ordered.charAt(i) - 1));
            } else if (point < MOVED) {
                text.append((char) point);
            } else {
                i++;
                text.append((char) (point - MOVED + HIGH));
            }
        }
        return text.toString();
    }
}
