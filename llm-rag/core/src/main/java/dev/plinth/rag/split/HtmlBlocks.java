package dev.plinth.rag.split;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The blocks of an HTML text: what stands between the borders of block elements, each with its own tags, so that hardly
 * anything but scripts and styles is left out. A table is one block with its rows as parts. Any text is read, however
 * broken its markup.
 */
final class HtmlBlocks {
    private static final Set<String> BLOCK = Set.of(("address article aside blockquote body caption center dd details"
                    + " dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr"
                    + " html legend li main menu nav ol p section summary table tbody tfoot thead title tr ul")
            .split(" "));
    private static final Set<String> SHOWN = Set.of("img", "svg", "math", "input", "video", "audio");

    private final String text;
    private final int end;
    private final boolean insideTable;
    private final HtmlTokens tokens;
    private final List<Block> blocks = new ArrayList<>();

    /** Start of the open run. */
    private int start;

    private boolean hasText;
    /** A block element ended in this run: only further end tags still belong to it. */
    private boolean closed;

    private int level;
    private Block.Kind kind = Block.Kind.PARAGRAPH;

    private HtmlBlocks(String text, int start, int end, boolean insideTable) {
        this.text = text;
        this.start = start;
        this.end = end;
        this.insideTable = insideTable;
        this.tokens = new HtmlTokens(text, start, end);
    }

    static List<Block> of(String text) {
        return new HtmlBlocks(text, 0, text.length(), false).read();
    }

    private List<Block> read() {
        HtmlTokens.Token token = tokens.next();
        while (token != null) {
            switch (token.kind()) {
                case TEXT -> text(token);
                case START -> start(token);
                case END -> end(token);
                case HIDDEN -> hidden(token);
                case COMMENT -> comment(token);
            }
            token = tokens.next();
        }
        flush(end);
        return blocks;
    }

    private void text(HtmlTokens.Token token) {
        if (!text.substring(token.start(), token.end()).isBlank()) {
            inline(token);
        }
    }

    private void inline(HtmlTokens.Token token) {
        if (closed) {
            flush(token.start());
        }
        hasText = true;
    }

    private void start(HtmlTokens.Token token) {
        String name = token.name();
        if (!BLOCK.contains(name) && !name.equals("pre")) {
            if (SHOWN.contains(name)) {
                inline(token);
            }
            return;
        }
        if (hasText || closed) {
            flush(token.start());
        }
        if (name.equals("pre") || name.equals("table") && !insideTable) {
            whole(token);
        } else if (name.length() == 2 && name.charAt(0) == 'h' && Character.isDigit(name.charAt(1))) {
            kind = Block.Kind.HEADING;
            level = name.charAt(1) - '0';
        } else if (name.equals("li")) {
            kind = Block.Kind.LIST_ITEM;
        }
    }

    private void end(HtmlTokens.Token token) {
        closed |= BLOCK.contains(token.name());
    }

    private void hidden(HtmlTokens.Token token) {
        flush(token.start());
        blocks.add(Block.of(Block.Kind.SKIPPED, token.start(), token.end()));
        start = token.end();
    }

    private void comment(HtmlTokens.Token token) {
        if (closed) {
            flush(token.start());
        }
        if (!hasText) {
            start = token.end();
        }
    }

    /** A table or preformatted text to its end, with the start tags before it. */
    private void whole(HtmlTokens.Token opening) {
        int last = tokens.skipElement(opening.name());
        List<Block> parts =
                opening.name().equals("table") ? new HtmlBlocks(text, opening.start(), last, true).read() : List.of();
        blocks.add(Block.whole(start, last, 0, "", parts));
        open(last);
    }

    /** Ends the run here; markup without text is left out. */
    private void flush(int at) {
        if (hasText) {
            blocks.add(
                    kind == Block.Kind.HEADING
                            ? Block.heading(start, at, level, HtmlTokens.text(text, start, at))
                            : Block.of(kind, start, at));
        }
        open(at);
    }

    private void open(int at) {
        start = at;
        hasText = false;
        closed = false;
        kind = Block.Kind.PARAGRAPH;
    }
}
