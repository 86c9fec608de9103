package dev.plinth.rag.sqlite;

import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.text.Analyzer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an index is opened with.
 *
 * @param tenant empty: none
 * @param extension the library of sqlite-vec; null: cosines are counted in Java
 */
record Settings(
        Path file,
        VectorStore.Stamp stamp,
        String tenant,
        Analyzer analyzer,
        @Nullable Path extension) {}
