package dev.plinth.rag.split;

import java.util.ArrayList;
import java.util.List;

/** What may stand alone in a chunk: what stands between white space, and every ideograph and letter of Kana. */
final class WordSpans {
    private WordSpans() {}

    static List<Span> of(String text) {
        List<Span> words = new ArrayList<>();
        int start = -1;
        int position = 0;
        while (position < text.length()) {
            int codePoint = text.codePointAt(position);
            boolean space = Character.isWhitespace(codePoint);
            if (start >= 0 && (space || standsAlone(codePoint))) {
                words.add(new Span(start, position));
                start = -1;
            }
            if (start < 0 && !space) {
                start = position;
            }
            position += Character.charCount(codePoint);
        }
        if (start >= 0) {
            words.add(new Span(start, text.length()));
        }
        return words;
    }

    private static boolean standsAlone(int codePoint) {
        if (codePoint < 0x2E80) {
            return false;
        }
        Character.UnicodeScript script = Character.UnicodeScript.of(codePoint);
        return Character.isIdeographic(codePoint)
                || script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA;
    }
}
