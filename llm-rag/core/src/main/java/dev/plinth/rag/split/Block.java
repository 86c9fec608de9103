package dev.plinth.rag.split;

/**
 * One structural part of a text, whole lines, end exclusive.
 *
 * @param level 1 to 6 for a heading, else 0
 * @param title the heading's words without marks, else empty
 */
record Block(Kind kind, int start, int end, int level, String title) {
    enum Kind {
        HEADING,
        /** A fenced code block, a table or a front matter: read only as a whole, cut at line ends when it must be. */
        VERBATIM,
        LIST_ITEM,
        PARAGRAPH
    }

    static Block of(Kind kind, int start, int end) {
        return new Block(kind, start, end, 0, "");
    }

    static Block heading(int start, int end, int level, String title) {
        return new Block(Kind.HEADING, start, end, level, title);
    }
}
