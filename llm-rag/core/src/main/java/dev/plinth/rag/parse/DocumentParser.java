package dev.plinth.rag.parse;

import org.jspecify.annotations.Nullable;

/**
 * Reads the text out of a file.
 *
 * <p>Thread-safe.
 */
public interface DocumentParser {

    /** Reads UTF-8 and marked UTF-16 text in files ending in .md, .markdown and .txt: {@link TextParser#create}. */
    static DocumentParser text() {
        return TextParser.create();
    }

    /**
     * Whether this parser reads such files.
     *
     * @param name of the file; a path may stand before it
     * @param mediaType what a server says of it, such as {@code text/markdown}; null when nobody says anything
     */
    boolean accepts(String name, @Nullable String mediaType);

    /**
     * The text of a file.
     *
     * @param name of the file, which says what kind it is
     * @param mediaType what a server says of it; null when nobody says anything
     * @param content all bytes; not changed
     * @throws dev.plinth.api.error.StoreException if the file is broken, encrypted or of another kind than its name says
     */
    Parsed parse(String name, @Nullable String mediaType, byte[] content);

    /**
     * Changes when files that were passed over are accepted, or when the same file becomes another text: an ingestion then
     * reads everything anew. So it holds the parser's name, a number that its author counts up, the settings that matter,
     * and the version of a library that does the work. The same in every process.
     */
    String fingerprint();
}
