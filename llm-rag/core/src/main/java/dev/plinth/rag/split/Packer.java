package dev.plinth.rag.split;

import java.util.ArrayList;
import java.util.List;

/** Fills chunks with the blocks of one section after another: as many as fit, never across a heading. */
final class Packer {
    private final String text;
    private final int maxLength;
    private final int overlap;

    /** What a part may have so that the overlap and the white space before it, up to an empty line, fit in too. */
    private final int partLength;

    private final Cutter cutter;
    private final List<Pieces.Piece> pieces = new ArrayList<>();
    private final HeadingPath path = new HeadingPath();

    /** Start of the open chunk, or -1. */
    private int start = -1;

    private int end;
    private boolean onlyHeadings;

    Packer(String text, int maxLength, int overlap) {
        this.text = text;
        this.maxLength = maxLength;
        this.overlap = overlap;
        this.partLength = overlap == 0 ? maxLength : maxLength - overlap - 2;
        this.cutter = new Cutter(text, partLength);
    }

    List<Pieces.Piece> pack(List<Block> blocks) {
        for (Block block : blocks) {
            if (block.kind() == Block.Kind.HEADING) {
                heading(block);
            } else {
                body(block);
            }
        }
        close();
        return pieces;
    }

    private void heading(Block block) {
        if (!onlyHeadings) {
            close();
        }
        path.enter(block.level(), block.title());
        boolean stillOnlyHeadings = start < 0 || onlyHeadings;
        body(block);
        onlyHeadings = stillOnlyHeadings;
    }

    private void body(Block block) {
        Span whole = Span.trimmed(text, block.start(), block.end());
        boolean fits = whole.length() <= (block.kind() == Block.Kind.VERBATIM ? maxLength : partLength);
        if (fits) {
            append(whole);
        } else {
            cutter.cut(block).forEach(this::append);
        }
        onlyHeadings = false;
    }

    private void append(Span span) {
        if (start >= 0 && span.end() - start > maxLength) {
            int previousStart = start;
            int previousEnd = end;
            close();
            start = overlappedStart(span, previousStart, previousEnd);
        } else if (start < 0) {
            start = span.start();
        }
        end = span.end();
    }

    /**
     * {@code overlap} characters before the end of the chunk before, as far as that chunk reaches and the size allows.
     */
    private int overlappedStart(Span span, int previousStart, int previousEnd) {
        int earliest = Math.max(Math.max(previousEnd - overlap, previousStart), span.end() - maxLength);
        if (overlap == 0 || earliest >= previousEnd) {
            return span.start();
        }
        return Cutter.splitsPair(text, earliest) ? earliest + 1 : earliest;
    }

    private void close() {
        if (start >= 0) {
            pieces.add(new Pieces.Piece(start, end, path.titles()));
        }
        start = -1;
        onlyHeadings = false;
    }
}
