package dev.plinth.rag.ingest;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.time.TimeSource;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.split.Splitter;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an {@link Ingestion.Builder} was told. */
record Settings(
        VectorStore store,
        Ledger ledger,
        EmbeddingModel model,
        Splitter splitter,
        int batchSize,
        int maxChunks,
        double maxRemovedShare,
        int quarantineAfter,
        int lanes,
        Executor executor,
        int documentsAtOnce,
        @Nullable Workers workers,
        TimeSource time,
        Consumer<? super IngestProgress> progress,
        Consumer<? super Outcome> outcomes) {}
