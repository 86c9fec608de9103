package dev.plinth.rag.split;

import java.util.List;

/** Fills chunks with the blocks of one section after another: never across a heading, a block whole if it fits. */
final class BlockPacker {
    private final String text;
    private final Size size;
    private final Cutter cutter;
    private final Packer packer;

    /** The open chunk has nothing but headings yet. */
    private boolean onlyHeadings;

    BlockPacker(String text, Size size, Pieces pieces) {
        this.text = text;
        this.size = size;
        this.cutter = new Cutter(text, size.part());
        this.packer = new Packer(text, size, pieces);
    }

    void pack(List<Block> blocks) {
        blocks.forEach(this::add);
        close();
    }

    private void add(Block block) {
        switch (block.kind()) {
            case HEADING -> heading(block);
            case SKIPPED -> close();
            default -> body(block);
        }
    }

    private void heading(Block block) {
        if (!onlyHeadings) {
            close();
        }
        packer.path().enter(block.level(), block.title());
        boolean stillOnlyHeadings = !packer.isOpen() || onlyHeadings;
        body(block);
        onlyHeadings = stillOnlyHeadings;
    }

    private void body(Block block) {
        Span whole = Span.trimmed(text, block.start(), block.end());
        if (isKept(block, whole)) {
            packer.append(whole);
        } else if (block.parts().isEmpty()) {
            cutter.cut(block).forEach(packer::append);
        } else {
            parts(block);
        }
        onlyHeadings = false;
    }

    /** Text that would leave its heading alone in a chunk is cut so that it begins with the heading. */
    private boolean isKept(Block block, Span whole) {
        return block.kind() == Block.Kind.VERBATIM
                ? whole.length() <= size.max()
                : whole.length() <= size.part() && (!onlyHeadings || packer.hasRoom(whole));
    }

    private void parts(Block block) {
        if (block.title().isEmpty()) {
            block.parts().forEach(this::add);
            return;
        }
        close();
        packer.path().enter(block.level(), block.title());
        block.parts().forEach(this::add);
        close();
        packer.path().leave(block.level());
    }

    private void close() {
        packer.close();
        onlyHeadings = false;
    }
}
