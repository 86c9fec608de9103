package dev.plinth.rag.split;

import java.util.Arrays;

/** The lines of a text, cut at line feeds. */
final class Lines {
    private final String text;
    private final int[] starts;

    Lines(String text) {
        this.text = text;
        this.starts = findStarts(text);
    }

    int count() {
        return starts.length;
    }

    int start(int line) {
        return starts[line];
    }

    /** Just after the line's line feed, or the end of the text. */
    int end(int line) {
        return line + 1 < starts.length ? starts[line + 1] : text.length();
    }

    /** The line without its line end. */
    String content(int line) {
        String content = text.substring(start(line), end(line));
        int length = content.length();
        while (length > 0 && (content.charAt(length - 1) == '\n' || content.charAt(length - 1) == '\r')) {
            length--;
        }
        return content.substring(0, length);
    }

    boolean isBlank(int line) {
        for (int i = start(line); i < end(line); i++) {
            if (!Character.isWhitespace(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The number, from 1, of the line that holds the character at {@code offset}. */
    int numberAt(int offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    private static int[] findStarts(String text) {
        int[] starts = new int[16];
        int count = 0;
        int position = 0;
        while (position < text.length()) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
            }
            starts[count++] = position;
            int feed = text.indexOf('\n', position);
            position = feed < 0 ? text.length() : feed + 1;
        }
        return Arrays.copyOf(starts, count);
    }
}
