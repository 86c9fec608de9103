package dev.plinth.feedback;

import static java.lang.Character.UnicodeScript.HAN;
import static java.lang.Character.UnicodeScript.HIRAGANA;
import static java.lang.Character.UnicodeScript.KATAKANA;
import static java.lang.Character.UnicodeScript.KHMER;
import static java.lang.Character.UnicodeScript.LAO;
import static java.lang.Character.UnicodeScript.MYANMAR;
import static java.lang.Character.UnicodeScript.THAI;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Cuts a text into words by rules of its own: {@link java.text.BreakIterator} changes its mind between JDKs, and a
 * stored figure has to stay comparable.
 *
 * <p>A run of letters and digits is a word, an apostrophe between two letters included; in scripts written without
 * spaces every character is one; every other visible character is one. Marks and joiners belong to what they follow.
 */
final class Words {

    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final Set<UnicodeScript> WITHOUT_SPACES =
            EnumSet.of(HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR);

    private Words() {}

    static List<Word> of(String text) {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            if (!isSpace(character)) {
                next = end(text, at);
                words.add(new Word(at, Normalizer.normalize(text.substring(at, next), Normalizer.Form.NFC)));
            }
            at = next;
        }
        return words;
    }

    private static int end(String text, int start) {
        int previous = text.codePointAt(start);
        int at = start + Character.charCount(previous);
        boolean inRun = isOfRun(previous);
        while (at < text.length()) {
            int character = text.codePointAt(at);
            boolean attached = isAttached(character) || (previous == ZERO_WIDTH_JOINER && !isSpace(character));
            boolean continued = inRun && (isOfRun(character) || isInnerApostrophe(text, at));
            if (!attached && !continued) {
                break;
            }
            previous = character;
            at += Character.charCount(character);
        }
        return at;
    }

    private static boolean isOfRun(int character) {
        return Character.isLetterOrDigit(character) && !WITHOUT_SPACES.contains(UnicodeScript.of(character));
    }

    private static boolean isInnerApostrophe(String text, int at) {
        char sign = text.charAt(at);
        return (sign == '\'' || sign == '\u2019')
                && at + 1 < text.length()
                && Character.isLetter(text.codePointBefore(at))
                && isOfRun(text.codePointAt(at + 1));
    }

    private static boolean isAttached(int character) {
        int type = Character.getType(character);
        boolean skinTone = character >= 0x1F3FB && character <= 0x1F3FF;
        return skinTone
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT;
    }

    private static boolean isSpace(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }
}
