package dev.plinth.rag.ingest;

/**
 * How far a run has come.
 *
 * @param documentsDone documents dealt with, whatever became of them
 * @param documentsTotal documents the source listed so far, or said it would; grows when it does not know before
 * @param chunksDone chunks embedded so far
 * @param chunksKnown chunks that the documents read so far were split into; grows until all are read
 * @param document the document dealt with last
 */
public record IngestProgress(
        long documentsDone, long documentsTotal, long chunksDone, long chunksKnown, String document) {}
