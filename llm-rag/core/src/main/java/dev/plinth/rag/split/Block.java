package dev.plinth.rag.split;

import java.util.List;

/**
 * One structural part of a text, end exclusive.
 *
 * @param level 1 or more for what may have a title: how deep it stands, else 0
 * @param title a heading's words without marks, at most 1,000 characters, a declaration's first line, else empty
 * @param parts what it is made of, to be read in its place when it is too large; empty: it is cut as text
 */
record Block(Kind kind, int start, int end, int level, String title, List<Block> parts) {
    enum Kind {
        HEADING,
        /** A fenced code block, a table, a declaration: read only as a whole, cut at line ends when it must be. */
        VERBATIM,
        LIST_ITEM,
        PARAGRAPH,
        /** Not read at all: no chunk goes over it. */
        SKIPPED
    }

    /** A title is repeated in every chunk below it. */
    private static final int LONGEST_TITLE = 1_000;

    static Block of(Kind kind, int start, int end) {
        return new Block(kind, start, end, 0, "", List.of());
    }

    static Block heading(int start, int end, int level, String title) {
        int length = Math.min(title.length(), LONGEST_TITLE);
        length -= Cutter.splitsPair(title, length) ? 1 : 0;
        return new Block(Kind.HEADING, start, end, level, title.substring(0, length), List.of());
    }

    /** Kept whole, else its parts are, under its title if it has one. */
    static Block whole(int start, int end, int level, String title, List<Block> parts) {
        return new Block(Kind.VERBATIM, start, end, level, title, parts);
    }
}
