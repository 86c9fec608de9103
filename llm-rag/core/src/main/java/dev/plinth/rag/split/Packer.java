package dev.plinth.rag.split;

/**
 * Fills chunks with spans one after the other: as many as fit. A chunk that follows a full one starts with its last
 * characters, the overlap.
 */
final class Packer {
    private final String text;
    private final Size size;
    private final Pieces pieces;
    private final HeadingPath path = new HeadingPath();

    /** Start of the open chunk, or -1. */
    private int start = -1;

    private int end;

    Packer(String text, Size size, Pieces pieces) {
        this.text = text;
        this.size = size;
        this.pieces = pieces;
    }

    /** The headings that what is closed from now on stands under. */
    HeadingPath path() {
        return path;
    }

    boolean isOpen() {
        return start >= 0;
    }

    /** Whether the open chunk, if there is one, could have this span too. */
    boolean hasRoom(Span span) {
        return start < 0 || span.end() - start <= size.max();
    }

    /** Adds a span that stands after all before; no longer than {@link Size#max}. */
    void append(Span span) {
        if (!hasRoom(span)) {
            int previousStart = start;
            int previousEnd = end;
            close();
            start = overlappedStart(span, previousStart, previousEnd);
        } else if (start < 0) {
            start = span.start();
        }
        end = span.end();
    }

    /** Ends the open chunk, if there is one; the next shares nothing with it. */
    void close() {
        if (start >= 0) {
            pieces.add(start, end, path.titles(), null);
        }
        start = -1;
    }

    /**
     * The overlap before the end of the chunk before, as far as that chunk reaches and the size allows.
     */
    private int overlappedStart(Span span, int previousStart, int previousEnd) {
        int earliest = Math.max(Math.max(previousEnd - size.overlap(), previousStart), span.end() - size.max());
        if (size.overlap() == 0 || earliest >= previousEnd) {
            return span.start();
        }
        return Cutter.splitsPair(text, earliest) ? earliest + 1 : earliest;
    }
}
