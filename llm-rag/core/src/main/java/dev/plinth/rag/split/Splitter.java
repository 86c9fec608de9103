package dev.plinth.rag.split;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import java.util.List;

/**
 * Cuts a document into chunks. A chunk's text is exactly {@code document.text().substring(start, end)}; each starts and
 * ends after the one before it.
 *
 * <p>{@link StructureSplitter} serves most documents; {@link ParentChildSplitter} reads more than it finds by;
 * {@link TokenSplitter} fills a model's window; {@link SentenceSplitter}, {@link RecursiveSplitter} and
 * {@link SemanticSplitter} are for texts without structure. Measure on your own questions.
 *
 * <p>Thread-safe. The same document gives the same chunks always. A splitter that asks a model fails as the model does.
 */
public interface Splitter {

    /** Along the structure of the document, at most 1,000 characters, no overlap: {@link StructureSplitter#create}. */
    static StructureSplitter standard() {
        return StructureSplitter.create();
    }

    /**
     * The chunks in the order of the text; none when it is blank. Their ids are the document's id, {@code #}, and a
     * number from 1; they carry the document's metadata and its readers.
     */
    List<Chunk> split(Document document);

    /**
     * Names everything that decides where the cuts are: other settings or another version of the class give another
     * text, and make an ingestion split every document anew.
     */
    String fingerprint();
}
