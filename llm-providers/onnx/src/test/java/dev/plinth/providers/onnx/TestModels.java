package dev.plinth.providers.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Cross-encoders that the tests make themselves, since no artifact ships one. */
final class TestModels {

    private TestModels() {}

    /** The WordPiece tokenizer of MiniLM, a vocabulary of the BERT family. */
    static Path tokenizer(Path folder) {
        return copy(PackagedModel.MINI_LM_L6_V2.tokenizer(), folder);
    }

    /** The {@link #counting()} model with its logit as it is. */
    static Path overlap(Path folder) {
        return counting()
                .node("Identity", List.of("count"), "logits")
                .output("logits", OnnxFile.FLOAT, -1, 1)
                .write(folder.resolve("overlap.onnx"));
    }

    /**
     * A model that counts: {@code count} is the number of the query's tokens that the document has too, less a
     * hundredth of the pair's length. It reads all three inputs, so that wrong ids, types or masks show. The output is
     * left to be added.
     */
    static OnnxFile counting() {
        return OnnxFile.create()
                .input("input_ids")
                .input("attention_mask")
                .input("token_type_ids")
                .integer("last_mark", 103)
                .floats("penalty", new long[] {1}, -0.01f)
                .node("Greater", List.of("input_ids", "last_mark"), "word")
                .node("Cast", List.of("attention_mask"), "real", OnnxFile.attribute("to", OnnxFile.BOOL))
                .node("Cast", List.of("token_type_ids"), "second", OnnxFile.attribute("to", OnnxFile.BOOL))
                .node("Not", List.of("second"), "first")
                .node("And", List.of("word", "real"), "own")
                .node("And", List.of("own", "first"), "query")
                .node("And", List.of("own", "second"), "document")
                .node("Unsqueeze", List.of("input_ids"), "rows", OnnxFile.axes(2))
                .node("Unsqueeze", List.of("input_ids"), "columns", OnnxFile.axes(1))
                .node("Equal", List.of("rows", "columns"), "same")
                .node("Unsqueeze", List.of("query"), "query_rows", OnnxFile.axes(2))
                .node("Unsqueeze", List.of("document"), "document_columns", OnnxFile.axes(1))
                .node("And", List.of("same", "query_rows"), "same_in_query")
                .node("And", List.of("same_in_query", "document_columns"), "shared")
                .node("Cast", List.of("shared"), "shared_floats", OnnxFile.attribute("to", OnnxFile.FLOAT))
                .node("ReduceMax", List.of("shared_floats"), "hit", OnnxFile.axes(2), OnnxFile.attribute("keepdims", 0))
                .node("ReduceSum", List.of("hit"), "hits", OnnxFile.axes(1), OnnxFile.attribute("keepdims", 1))
                .node("Cast", List.of("attention_mask"), "ones", OnnxFile.attribute("to", OnnxFile.FLOAT))
                .node("ReduceSum", List.of("ones"), "length", OnnxFile.axes(1), OnnxFile.attribute("keepdims", 1))
                .node("Mul", List.of("length", "penalty"), "less")
                .node("Add", List.of("hits", "less"), "count");
    }

    /**
     * MiniLM with a head on its first token, weight k = sin(k + 1) / 10: a whole transformer that reads pairs, though
     * the head was never trained.
     */
    static Path headedMiniLm(Path folder) {
        float[] head = new float[384];
        for (int k = 0; k < head.length; k++) {
            head[k] = (float) (Math.sin(k + 1) / 10);
        }
        return OnnxFile.after(bytes(copy(PackagedModel.MINI_LM_L6_V2.weights(), folder)))
                .integer("first_token", 0)
                .floats("head", new long[] {384, 1}, head)
                .node("Gather", List.of("last_hidden_state", "first_token"), "cls", OnnxFile.attribute("axis", 1))
                .node("MatMul", List.of("cls", "head"), "logits")
                .output("logits", OnnxFile.FLOAT, -1, 1)
                .write(folder.resolve("headed.onnx"));
    }

    /** A resource of the class path as a file. */
    static Path copy(String resource, Path folder) {
        Path file = folder.resolve(resource);
        if (Files.notExists(file)) {
            try (InputStream in = TestModels.class.getResourceAsStream("/" + resource)) {
                Files.copy(Objects.requireNonNull(in), file);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return file;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
