package dev.plinth.providers.onnx;

import java.text.Normalizer;

/**
 * The text clean-up of BERT, as the Hugging Face tokenizers library does it, since a vector is only comparable when
 * the model sees the same pieces: drop control characters, one kind of space, spaces around Chinese characters, strip
 * accents, lower-case; in this order.
 */
final class BertNormalizer {

    private final boolean clean;
    private final boolean spaceChinese;
    private final boolean stripAccents;
    private final boolean lowercase;

    BertNormalizer(boolean clean, boolean spaceChinese, boolean stripAccents, boolean lowercase) {
        this.clean = clean;
        this.spaceChinese = spaceChinese;
        this.stripAccents = stripAccents;
        this.lowercase = lowercase;
    }

    String normalize(String text) {
        String cleaned = cleaned(text);
        String bare = stripAccents && !isAscii(cleaned) ? withoutAccents(cleaned) : cleaned;
        return lowercase ? lowercased(bare) : bare;
    }

    private String cleaned(String text) {
        StringBuilder cleaned = new StringBuilder(text.length() + 16);
        for (int i = 0, next; i < text.length(); i = next) {
            int c = text.codePointAt(i);
            next = i + Character.charCount(c);
            if (clean && isDropped(c)) {
                continue;
            }
            if (clean && isSpace(c)) {
                cleaned.append(' ');
            } else if (spaceChinese && isChinese(c)) {
                cleaned.append(' ').appendCodePoint(c).append(' ');
            } else {
                cleaned.appendCodePoint(c);
            }
        }
        return cleaned.toString();
    }

    private static String withoutAccents(String text) {
        String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
        StringBuilder bare = new StringBuilder(decomposed.length());
        decomposed
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(bare::appendCodePoint);
        return bare.toString();
    }

    // Not String.toLowerCase: that one looks at the neighbours of a final sigma, the reference does not.
    private static String lowercased(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        for (int i = 0, next; i < text.length(); i = next) {
            int c = text.codePointAt(i);
            next = i + Character.charCount(c);
            lower.appendCodePoint(Character.toLowerCase(c));
        }
        return lower.toString();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDropped(int c) {
        if (c == '\t' || c == '\n' || c == '\r') {
            return false;
        }
        int type = Character.getType(c);
        return c == 0xFFFD
                || type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.PRIVATE_USE
                || type == Character.SURROGATE;
    }

    /** The White_Space property of Unicode, which is neither of the two white-space tests of {@link Character}. */
    static boolean isSpace(int c) {
        return c == ' ' || within(c, '\t', '\r') || c == 0x85 || c == 0xA0 || isFarSpace(c);
    }

    private static boolean isFarSpace(int c) {
        return c == 0x1680
                || within(c, 0x2000, 0x200A)
                || within(c, 0x2028, 0x2029)
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    // The blocks of the reference; 0x2B920 is its own slip for 0x2B820 and kept, or vectors would differ.
    private static boolean isChinese(int c) {
        return within(c, 0x4E00, 0x9FFF)
                || within(c, 0x3400, 0x4DBF)
                || within(c, 0xF900, 0xFAFF)
                || within(c, 0x20000, 0x2A6DF)
                || within(c, 0x2A700, 0x2B73F)
                || within(c, 0x2B740, 0x2B81F)
                || within(c, 0x2B920, 0x2CEAF)
                || within(c, 0x2F800, 0x2FA1F);
    }

    private static boolean within(int c, int first, int last) {
        return c >= first && c <= last;
    }
}
