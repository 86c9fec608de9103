package dev.plinth.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whole texts, and questions with the ranges of one text that answer them: a corpus.jsonl whose passages, joined in
 * order for each {@code doc}, give the texts, and a queries.jsonl with {@code doc} and {@code references}.
 */
record ChunkingSet(List<Document> documents, List<Question> questions) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A question.
     *
     * @param document whose text answers it
     * @param references the characters that answer it
     */
    record Question(String text, String document, BitSet references) {}

    static ChunkingSet read(Path folder) throws IOException {
        Map<String, StringBuilder> texts = new LinkedHashMap<>();
        for (String line : Files.readAllLines(folder.resolve("corpus.jsonl"))) {
            JsonNode passage = JSON.readTree(line);
            texts.computeIfAbsent(passage.path("doc").asText("corpus"), doc -> new StringBuilder())
                    .append(passage.get("text").asText());
        }
        List<Document> documents = new ArrayList<>();
        texts.forEach((id, text) ->
                documents.add(new Document(id, "", text.toString(), id, Readers.EVERYONE, Metadata.NONE)));
        List<Question> questions = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("queries.jsonl"))) {
            questions.add(question(JSON.readTree(line)));
        }
        return new ChunkingSet(documents, questions);
    }

    private static Question question(JsonNode line) {
        BitSet references = new BitSet();
        for (JsonNode reference : line.path("references")) {
            references.set(
                    reference.get("start_index").asInt(),
                    reference.get("end_index").asInt());
        }
        if (references.isEmpty()) {
            throw new IllegalArgumentException(
                    "--data: a question without references (expected: a set that has them, such as chunkeval)");
        }
        return new Question(line.get("text").asText(), line.path("doc").asText("corpus"), references);
    }

    /** What the chunks that were found for a question have of its references. */
    static Overlap overlap(Question question, List<Chunk> found) {
        BitSet hit = new BitSet();
        long retrieved = 0;
        for (Chunk chunk : found) {
            retrieved += chunk.text().length();
            if (chunk.documentId().equals(question.document())) {
                hit.set(chunk.span().start(), chunk.span().end());
            }
        }
        hit.and(question.references());
        return new Overlap(hit.cardinality(), question.references().cardinality(), retrieved);
    }

    /**
     * Three numbers of characters.
     *
     * @param hit of the references that were found, each counted once
     * @param expected of the references
     * @param retrieved of what was found, counted as often as it was
     */
    record Overlap(long hit, long expected, long retrieved) {
        double recall() {
            return (double) hit / expected;
        }

        double precision() {
            return retrieved == 0 ? 0 : (double) hit / retrieved;
        }

        double intersectionOverUnion() {
            return (double) hit / (expected + retrieved - hit);
        }
    }
}
