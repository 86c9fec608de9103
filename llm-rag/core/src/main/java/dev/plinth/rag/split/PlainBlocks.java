package dev.plinth.rag.split;

import java.util.ArrayList;
import java.util.List;

/** Paragraphs between blank lines. */
final class PlainBlocks {
    private PlainBlocks() {}

    static List<Block> of(Lines lines) {
        List<Block> blocks = new ArrayList<>();
        int line = 0;
        while (line < lines.count()) {
            if (lines.isBlank(line)) {
                line++;
                continue;
            }
            int first = line;
            while (line < lines.count() && !lines.isBlank(line)) {
                line++;
            }
            blocks.add(Block.of(Block.Kind.PARAGRAPH, lines.start(first), lines.end(line - 1)));
        }
        return blocks;
    }
}
