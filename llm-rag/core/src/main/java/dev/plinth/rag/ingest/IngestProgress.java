package dev.plinth.rag.ingest;

/**
 * How far a run has come.
 *
 * @param documentsDone documents dealt with, whatever became of them
 * @param documentsTotal documents the source listed
 * @param chunksDone chunks embedded so far
 * @param chunksKnown chunks that the documents read so far were split into; grows until all are read
 * @param document the document dealt with last
 */
public record IngestProgress(int documentsDone, int documentsTotal, int chunksDone, int chunksKnown, String document) {}
