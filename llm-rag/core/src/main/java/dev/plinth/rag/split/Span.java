package dev.plinth.rag.split;

/** A range of a text, end exclusive. */
record Span(int start, int end) {
    int length() {
        return end - start;
    }

    /** Without white space at its end and without blank lines at its start; the indentation of its first line stays. */
    static Span trimmed(String text, int start, int end) {
        int last = end;
        while (last > start && Character.isWhitespace(text.charAt(last - 1))) {
            last--;
        }
        int first = start;
        for (int i = start; i < last && Character.isWhitespace(text.charAt(i)); i++) {
            if (text.charAt(i) == '\n') {
                first = i + 1;
            }
        }
        return new Span(first, last);
    }
}
