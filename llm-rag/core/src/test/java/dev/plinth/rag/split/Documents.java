package dev.plinth.rag.split;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import java.util.List;

/** Short ways to documents and their chunks. */
final class Documents {
    private Documents() {}

    static Document document(String id, String text) {
        return new Document(id, "", text, id, Readers.EVERYONE, Metadata.NONE);
    }

    static List<Chunk> split(Splitter splitter, String text) {
        return splitter.split(document("d", text));
    }

    static List<String> texts(Splitter splitter, String text) {
        return split(splitter, text).stream().map(Chunk::text).toList();
    }
}
