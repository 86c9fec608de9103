package dev.plinth.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A retrieval set in the layout of BEIR: corpus.jsonl, queries.jsonl, qrels.jsonl; where sample-2000.txt stands beside
 * them, only the queries it names. A passage's title becomes its heading.
 */
record IrSet(List<Chunk> passages, List<Query> queries, boolean sampled) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SAMPLE = "sample-2000.txt";

    /** A question, how relevant which passages are, and texts that answer it where the set has them. */
    record Query(String id, String text, Map<String, Integer> relevant, List<String> answers) {}

    static IrSet read(Path folder) throws IOException {
        Path sample = folder.resolve(SAMPLE);
        boolean sampled = Files.exists(sample);
        Set<String> wanted = sampled ? new HashSet<>(Files.readAllLines(sample)) : Set.of();
        Map<String, Map<String, Integer>> relevant = new HashMap<>();
        for (JsonNode line : lines(folder.resolve("qrels.jsonl"))) {
            relevant.computeIfAbsent(line.get("query-id").asText(), id -> new HashMap<>())
                    .put(line.get("corpus-id").asText(), line.get("score").asInt());
        }
        List<Query> queries = new ArrayList<>();
        for (JsonNode line : lines(folder.resolve("queries.jsonl"))) {
            String id = line.get("_id").asText();
            if (!sampled || wanted.contains(id)) {
                List<String> answers = new ArrayList<>();
                line.path("answers").forEach(answer -> answers.add(answer.asText()));
                queries.add(new Query(id, line.get("text").asText(), relevant.getOrDefault(id, Map.of()), answers));
            }
        }
        return new IrSet(passages(folder), queries, sampled);
    }

    /** The same with the first so many questions only. */
    IrSet first(int questions) {
        return new IrSet(passages, queries.subList(0, Math.min(questions, queries.size())), sampled);
    }

    /** The document of the passages that are relevant to a question. */
    String documentOf(Query query) {
        return passages.stream()
                .filter(passage -> query.relevant().containsKey(passage.id()))
                .map(Chunk::documentId)
                .findFirst()
                .orElseThrow();
    }

    private static List<Chunk> passages(Path folder) throws IOException {
        List<Chunk> passages = new ArrayList<>();
        for (JsonNode line : lines(folder.resolve("corpus.jsonl"))) {
            String text = line.get("text").asText();
            String title = line.path("title").asText("");
            int endLine = 1
                    + (int) text.stripTrailing().chars().filter(c -> c == '\n').count();
            String document = title.isEmpty() ? line.path("doc").asText("corpus") : title;
            passages.add(new Chunk(
                    line.get("_id").asText(),
                    document,
                    line.get("_id").asText(),
                    text,
                    new Chunk.Span(0, text.length(), 1, endLine),
                    title.isEmpty() ? List.of() : List.of(title),
                    Readers.EVERYONE.on(Metadata.NONE.with("document", document))));
        }
        return passages;
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> nodes = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                nodes.add(JSON.readTree(line));
            }
        }
        return nodes;
    }
}
