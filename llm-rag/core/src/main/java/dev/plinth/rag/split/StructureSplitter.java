package dev.plinth.rag.split;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.parse.FileNames;
import java.util.List;

/**
 * Cuts a document into chunks along its structure.
 *
 * <p>A heading starts a new chunk. Below it, list items, paragraphs, tables, fenced code and declarations are put
 * together as long as they fit; a table, a fence or a declaration that fits a chunk is never cut. What does not fit is
 * cut between its parts (rows of an HTML table, members of a declaration), else at line ends (tables, fences, code) or
 * sentence ends, then at white space, at last anywhere but inside a surrogate pair. A chunk's text is exactly
 * {@code document.text().substring(start, end)}; every character that is no white space is in at least one chunk, but
 * for what no reader of an HTML page sees.
 *
 * <p>Sizes are in characters ({@code char}). Defaults: at most 1,000, which is 200 to 250 tokens of English and leaves
 * room for the headings in a model that reads 256 tokens; no overlap.
 *
 * <p>With an overlap, a chunk that goes on in the same section starts exactly that many characters before the end of
 * the chunk before it. It is less where that chunk is shorter, where a block kept whole or more than two characters of
 * white space leave no room, and by one where it would cut a surrogate pair.
 *
 * <p>Immutable and thread-safe.
 */
public final class StructureSplitter implements Splitter {
    /** How a document is read. */
    public enum Format {
        /** Markdown with GitHub's tables. */
        MARKDOWN,
        /**
         * HTML as it was written: chunks have its tags, and headings are the elements h1 to h6. Comments and tags around
         * no text may be left out; no chunk goes over a script or a style. Any text is read, however broken its markup.
         */
        HTML,
        /**
         * Source code of any language that nests by brackets or by indentation: declarations with the comments and
         * annotations before them. The headings of a part of one that was too large are the first lines of what it
         * stands in, at most 120 characters each.
         */
        CODE,
        /** Paragraphs between blank lines, no headings. */
        PLAIN,
        /**
         * By {@link Document#MEDIA_TYPE} where it is {@code text/markdown} or {@code text/html}; else by the ending of the
         * document's id: Markdown for .md, .markdown and .mdx, HTML for .html, .htm and .xhtml, code for the usual endings
         * of source files, else plain.
         */
        BY_NAME
    }

    private static final Value MARKDOWN_TYPE = Value.of("text/markdown");
    private static final Value HTML_TYPE = Value.of("text/html");

    private final Size size;
    private final Format format;

    private StructureSplitter(Size size, Format format) {
        this.size = size;
        this.format = format;
    }

    /** At most 1,000 characters, no overlap, the format by name. */
    public static StructureSplitter create() {
        return new StructureSplitter(Size.of(1000), Format.BY_NAME);
    }

    /** The same with chunks of at most this many characters, 16 or more and at least twice the overlap. */
    public StructureSplitter maxSize(int characters) {
        return new StructureSplitter(size.withMax(characters), format);
    }

    /** The same with this many characters shared by neighbours, 0 to half the size. */
    public StructureSplitter overlap(int characters) {
        return new StructureSplitter(size.withOverlap(characters), format);
    }

    /** The same for documents of this format. */
    public StructureSplitter format(Format format) {
        return new StructureSplitter(size, Check.notNull(format, "format"));
    }

    @Override
    public String fingerprint() {
        return "structure-2/" + size + "/" + format;
    }

    /**
     * The chunks, as {@link Splitter#split} says; their headings begin with the document's title, if it has one that is
     * not the first heading itself.
     */
    @Override
    public List<Chunk> split(Document document) {
        String text = document.text();
        Pieces pieces = new Pieces(document);
        new BlockPacker(text, size, pieces).pack(blocks(document));
        return pieces.chunks();
    }

    private List<Block> blocks(Document document) {
        Lines lines = new Lines(document.text());
        String ending = FileNames.extension(document.id());
        return switch (format == Format.BY_NAME ? byName(document, ending) : format) {
            case MARKDOWN -> MarkdownBlocks.of(lines);
            case HTML -> HtmlBlocks.of(document.text());
            case CODE -> CodeBlocks.of(lines, ending);
            case PLAIN, BY_NAME -> PlainBlocks.of(lines);
        };
    }

    private static Format byName(Document document, String ending) {
        Value type = document.metadata().get(Document.MEDIA_TYPE).orElse(null);
        if (MARKDOWN_TYPE.equals(type)) {
            return Format.MARKDOWN;
        }
        return HTML_TYPE.equals(type) ? Format.HTML : byEnding(ending);
    }

    private static Format byEnding(String ending) {
        return switch (ending) {
            case "md", "markdown", "mdx" -> Format.MARKDOWN;
            case "html", "htm", "xhtml" -> Format.HTML;
            default -> CodeBlocks.isCode(ending) ? Format.CODE : Format.PLAIN;
        };
    }
}
