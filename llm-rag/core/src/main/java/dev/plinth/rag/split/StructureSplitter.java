package dev.plinth.rag.split;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a document into chunks along its structure.
 *
 * <p>A heading starts a new chunk. Below it, list items, paragraphs, tables and fenced code are put together as long as
 * they fit; a table or a fence that fits a chunk is never cut. What does not fit is cut at line ends (tables, fences)
 * or sentence ends, then at white space, at last anywhere but inside a surrogate pair. A chunk's text is exactly
 * {@code document.text().substring(start, end)}; every character that is no white space is in at least one chunk.
 *
 * <p>Sizes are in characters ({@code char}). Defaults: at most 1,000, which is 200 to 250 tokens of English and leaves
 * room for the headings in a model that reads 256 tokens; no overlap.
 *
 * <p>With an overlap, a chunk that goes on in the same section starts exactly that many characters before the end of
 * the chunk before it. It is less where that chunk is shorter, where a table or fence kept whole or more than two
 * characters of white space leave no room, and by one where it would cut a surrogate pair.
 *
 * <p>Immutable and thread-safe.
 */
public final class StructureSplitter implements Splitter {
    private static final int LEAST_SIZE = 16;

    /** How a document is read. */
    public enum Format {
        /** Markdown with GitHub's tables. */
        MARKDOWN,
        /** Paragraphs between blank lines, no headings. */
        PLAIN,
        /** Markdown when the document's id ends in .md, .markdown or .mdx, else plain. */
        BY_NAME
    }

    private final int maxSize;
    private final int overlap;
    private final Format format;

    private StructureSplitter(int maxSize, int overlap, Format format) {
        this.maxSize = maxSize;
        this.overlap = overlap;
        this.format = format;
    }

    /** At most 1,000 characters, no overlap, the format by name. */
    public static StructureSplitter create() {
        return new StructureSplitter(1000, 0, Format.BY_NAME);
    }

    /** The same with chunks of at most this many characters, 16 or more and at least twice the overlap. */
    public StructureSplitter maxSize(int characters) {
        Check.that(characters >= LEAST_SIZE, "maxSize", characters, ">= " + LEAST_SIZE);
        Check.that(characters >= 2 * overlap, "maxSize", characters, ">= " + 2 * overlap + ", twice the overlap");
        return new StructureSplitter(characters, overlap, format);
    }

    /** The same with this many characters shared by neighbours, 0 to half the size. */
    public StructureSplitter overlap(int characters) {
        Check.that(characters >= 0 && characters <= maxSize / 2, "overlap", characters, "0 to " + maxSize / 2);
        return new StructureSplitter(maxSize, characters, format);
    }

    /** The same for documents of this format. */
    public StructureSplitter format(Format format) {
        return new StructureSplitter(maxSize, overlap, Check.notNull(format, "format"));
    }

    @Override
    public String fingerprint() {
        return "split-1/" + maxSize + "/" + overlap + "/" + format;
    }

    /**
     * The chunks, as {@link Splitter#split} says; their headings begin with the document's title, if it has one that is
     * not the first heading itself.
     */
    @Override
    public List<Chunk> split(Document document) {
        String text = document.text();
        Lines lines = new Lines(text);
        List<Block> blocks = isMarkdown(document.id()) ? MarkdownBlocks.of(lines) : PlainBlocks.of(lines);
        return Pieces.chunks(document, new Packer(text, maxSize, overlap).pack(blocks));
    }

    private boolean isMarkdown(String id) {
        String name = id.toLowerCase(Locale.ROOT);
        return switch (format) {
            case MARKDOWN -> true;
            case PLAIN -> false;
            case BY_NAME -> name.endsWith(".md") || name.endsWith(".markdown") || name.endsWith(".mdx");
        };
    }
}
