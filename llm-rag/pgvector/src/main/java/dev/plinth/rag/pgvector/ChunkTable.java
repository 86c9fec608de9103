package dev.plinth.rag.pgvector;

/**
 * The table of the chunks as it is in this database.
 *
 * @param name with its schema
 * @param language the text search configuration of the words
 * @param scan how it can be searched by vector
 */
record ChunkTable(String name, int dimensions, String language, Extension extension, VectorScan scan) {}
