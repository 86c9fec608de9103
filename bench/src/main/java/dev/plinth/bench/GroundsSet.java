package dev.plinth.bench;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.rag.split.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A small set written for this project: five short documents as a company has them, 25 questions they answer, in other
 * words than theirs, and 25 they do not answer, from far away to near by.
 */
record GroundsSet(List<Chunk> chunks, List<Question> questions) {
    private static final List<String> DOCUMENTS =
            List.of("shipping.md", "returns.md", "account.md", "api.md", "install.md");
    private static final String NO_DOCUMENT = "-";

    /** A question and the document that answers it. */
    record Question(String text, String document) {
        boolean answerable() {
            return !document.equals(NO_DOCUMENT);
        }
    }

    static GroundsSet read() throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        for (String name : DOCUMENTS) {
            chunks.addAll(Splitter.standard()
                    .split(new Document(name, "", resource(name), name, Readers.EVERYONE, Metadata.NONE)));
        }
        List<Question> questions = resource("questions.tsv")
                .lines()
                .map(line -> line.split("\t", -1))
                .map(fields -> new Question(fields[0], fields[1]))
                .toList();
        return new GroundsSet(chunks, questions);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = GroundsSet.class.getResourceAsStream("/grounds/" + name)) {
            if (in == null) {
                throw new IOException("resource: " + name + " (expected: in the jar)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
