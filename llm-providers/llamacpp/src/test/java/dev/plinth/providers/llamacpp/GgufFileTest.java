package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {

    private static final int HEADER_BYTES = 12_000;

    private static Path folder;
    private static byte[] whole;

    @BeforeContainer
    static void write() throws IOException {
        folder = Files.createTempDirectory("gguf");
        whole = Files.readAllBytes(TinyGguf.in(folder));
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.deleteIfExists(folder.resolve("tiny.gguf"));
        Files.deleteIfExists(folder.resolve("changed.gguf"));
        Files.delete(folder);
    }

    private static GgufVocabulary read(Path file) {
        return GgufVocabulary.of(GgufFile.read(file));
    }

    private static Throwable reading(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("changed.gguf"), bytes);
        try {
            read(file);
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    private static void isTyped(Throwable thrown) {
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
        assertThat(thrown.getMessage()).startsWith("gguf.").contains(" (expected: ");
    }

    @Property(tries = 200)
    void aFileThatIsCutIsRefused(@ForAll @IntRange(max = 143_000) int length) throws IOException {
        isTyped(reading(Arrays.copyOf(whole, length)));
    }

    @Property(tries = 800)
    void aHeaderWithChangedBytesIsReadOrRefused(@ForAll Random random, @ForAll @IntRange(min = 1, max = 8) int changes)
            throws IOException {
        byte[] bytes = whole.clone();
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(HEADER_BYTES)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xff);
        }
        Throwable thrown = reading(bytes);
        if (thrown != null) {
            isTyped(thrown);
        }
    }

    @Property(tries = 500)
    void anyBytesAreRefused(@ForAll Random random, @ForAll @IntRange(max = 2000) int length) throws IOException {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        byte[] start = "GGUF\3\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(start, 0, bytes, 0, Math.min(start.length, length));
        isTyped(reading(bytes));
    }

    @Test
    void knowsWhatTheFileSays(@TempDir Path place) {
        GgufFile file = GgufFile.read(TinyGguf.in(place));
        assertThat(file.text("general.name")).hasValue("Tiny");
        assertThat(file.text("tokenizer.chat_template")).hasValue(TinyGguf.CHAT_ML);
        assertThat(GgufVocabulary.of(file).controlTokens())
                .containsExactlyInAnyOrder("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>");
        assertThat(GgufModel.contextLength(file)).isEqualTo(4096);
        assertThat(SpecialTokens.of(file, GgufVocabulary.of(file)))
                .isEqualTo(new SpecialTokens("<s>", "<|im_end|>", false, false, true));
    }

    @Test
    void whatTheEngineAddsFollowsFromTheVocabularyWhenTheFileDoesNotSay(@TempDir Path place) {
        GgufFile file = GgufFile.read(
                TinyGguf.create().with("tokenizer.ggml.add_bos_token", null).write(place.resolve("f")));
        assertThat(SpecialTokens.of(file, GgufVocabulary.of(file)))
                .isEqualTo(new SpecialTokens("<s>", "<|im_end|>", true, false, false));
    }

    @Test
    void refusesWhatTheEngineDoesNotKnow(@TempDir Path place) {
        refused(place, "general.architecture", "qwen9", "gguf.general.architecture: qwen9");
        refused(place, "general.architecture", "bert", "gguf.general.architecture: bert");
        refused(place, "general.architecture", null, "gguf.general.architecture: none");
        refused(place, "general.alignment", 12, "gguf.general.alignment: 12");
        refused(place, "split.count", 3, "gguf.split.count: 3 (expected: one file)");
    }

    @Test
    void refusesWhatContradictsItself(@TempDir Path place) {
        refused(place, "llama.context_length", 0, "gguf.llama.context_length: 0");
        refused(place, "llama.block_count", -1, "gguf.llama.block_count: 4294967295");
        refused(place, "llama.embedding_length", null, "gguf.llama.embedding_length: null");
        refused(place, "llama.attention.head_count", 0, "gguf.llama.attention.head_count: 0");
        refused(
                place,
                "llama.attention.head_count",
                5,
                "gguf.llama.attention.head_count: 5 (expected: a divisor of 32)");
        refused(place, "llama.attention.head_count", List.of(1, 2), "gguf.llama.attention.head_count: 2 numbers");
        refused(place, "tokenizer.ggml.eos_token_id", 99_999, "gguf.tokenizer.ggml.eos_token_id: 99999");
        refused(place, "tokenizer.ggml.tokens", null, "gguf.tokenizer.ggml.tokens: none");
        refused(place, "tokenizer.ggml.scores", List.of(1f, 2f), "gguf.tokenizer.ggml.scores: of another length");
        refused(
                place,
                "tokenizer.ggml.token_type",
                Collections.nCopies(371, 1f),
                "gguf.tokenizer.ggml.token_type: of another length or type");
    }

    @Test
    void refusesVocabulariesThatTheEngineWouldFailOn(@TempDir Path place) {
        List<String> tokens = new ArrayList<>(TinyGguf.create().tokens());
        tokens.set(300, tokens.get(301));
        refused(
                place,
                "tokenizer.ggml.tokens",
                tokens,
                "gguf.tokenizer.ggml.tokens: H twice (expected: each token once)");
        List<String> gap = new ArrayList<>(TinyGguf.create().tokens());
        gap.set(gap.indexOf("<0x0A>"), "line");
        refused(
                place,
                "tokenizer.ggml.tokens",
                gap,
                "gguf.tokenizer.ggml.tokens: no <0x0A> (expected: a token for each");
    }

    private static void refused(Path place, String key, Object value, String message) {
        Path file = TinyGguf.create().with(key, value).write(place.resolve("refused.gguf"));
        assertThatIllegalArgumentException().isThrownBy(() -> read(file)).withMessageStartingWith(message);
    }

    @Test
    void refusesTensorsThatEndAfterTheFile(@TempDir Path place) throws IOException {
        Path file = TinyGguf.in(place);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 64));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(file))
                .withMessageStartingWith("gguf.tensor output.weight: ends after the file (expected: within its ");
    }

    @Test
    void saysWhichFileIsMissing(@TempDir Path place) {
        assertThatThrownBy(() -> GgufFile.read(place.resolve("none.gguf")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none.gguf (expected: a readable file)");
    }
}
