package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plinth's tokenizer against the Hugging Face library on a real vocabulary. */
class WordPieceTokenizerTest {

    private static final Weights FILES = Weights.of(PackagedModel.BGE_SMALL_EN_V1_5);
    private static final Tokenizer OURS = TokenizerFile.read(FILES.tokenizerName(), FILES.tokenizer());
    private static final HuggingFaceTokenizer REFERENCE = reference();

    @Test
    void knownIds() {
        assertThat(OURS.encode("Hello, world!")).containsExactly(101, 7592, 1010, 2088, 999, 102);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \t ",
                "Plinth's tokenizers: don't -- it costs $5.00+tax=~6^2|`x`<y>",
                "naïve café résumé Ångström ﬁ ﬂ ½ Straße GROẞE",
                "e\u0301 \u00e9 e\u0301\u0327 a\u0301\u0301\u0301",
                "İstanbul ıI ΣΑΣ ΟΔΥΣΣΕΥΣ Οδυσσεύς",
                "日本語のテスト。東京タワー 中文测试，人工智能 한국어 테스트 문장",
                "Привет, мир! Ёлка й مرحبا بالعالم नमस्ते दुनिया สวัสดีชาวโลก",
                "👩‍👩‍👧‍👦 family 🏳️‍🌈 🇩🇪 ok👍🏽 𝔘𝔫𝔦 𝟙𝟚 𠀀𪜀𫝀𫠠𬺡",
                "tab\tnl\ncr\r vt\u000b ff\f nel\u0085 ls\u2028 nbsp\u00a0 wide\u3000 zero\u200bjoin\u200d bom\ufeff",
                "nul\u0000 replaced\ufffd private\ue000 kelvin\u212a ohm\u2126 grave\u1fef question\u037e",
                "a[SEP]b [MASK] x[PAD] [sep] [CLS",
            })
    void agreesOnWhatTokenizersTripOver(String text) {
        assertAgrees(text);
    }

    @Test
    void agreesAtTheLongestWord() {
        assertAgrees("x".repeat(100) + " " + "x".repeat(101) + " " + "😀".repeat(100) + " " + "ab".repeat(600));
    }

    @Property
    void agreesOnAnyMixOfScripts(@ForAll("mixedTexts") String text) {
        assertAgrees(text);
    }

    @Provide
    Arbitrary<String> mixedTexts() {
        Arbitrary<Integer> characters = Arbitraries.frequencyOf(List.of(
                weighted(6, 0x20, 0x7e),
                weighted(2, 0xa0, 0x17f),
                weighted(1, 0x300, 0x36f),
                weighted(1, 0x370, 0x52f),
                // 0x61d came with Unicode 14: newer versions of Java split there, Java 17 and the reference do not
                weighted(1, 0x5d0, 0x61c),
                weighted(1, 0x61e, 0x6ff),
                weighted(1, 0x1e00, 0x206f),
                weighted(1, 0x2190, 0x27bf),
                weighted(1, 0x3000, 0x30ff),
                weighted(1, 0x4e00, 0x9fa5),
                weighted(1, 0xac00, 0xd7a3),
                weighted(1, 0xf900, 0xfa6d),
                weighted(1, 0x1f300, 0x1f64f)));
        return characters.list().ofMaxSize(80).map(WordPieceTokenizerTest::text);
    }

    @Test
    void agreesOnRealTexts() throws IOException {
        Path data = shared().resolve("data");
        assumeTrue(Files.isDirectory(data), "../shared/data is not there");
        for (String file : List.of("ir/chunkeval/corpus.jsonl", "ir/squad-dev/queries.jsonl", "pii/cases.jsonl")) {
            strings(data.resolve(file)).forEach(WordPieceTokenizerTest::assertAgrees);
        }
    }

    private static void assertAgrees(String text) {
        long[] expected = REFERENCE.encode(text).getIds();
        assertThat(Arrays.stream(OURS.encode(text)).asLongStream().toArray())
                .as(text)
                .isEqualTo(expected);
    }

    private static Tuple2<Integer, Arbitrary<Integer>> weighted(int weight, int from, int to) {
        return Tuple.of(weight, Arbitraries.integers().between(from, to));
    }

    private static String text(List<Integer> characters) {
        StringBuilder text = new StringBuilder();
        characters.forEach(text::appendCodePoint);
        return text.toString();
    }

    private static List<String> strings(Path jsonLines) throws IOException {
        List<String> strings = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(jsonLines.toFile())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    strings.add(parser.getText());
                }
            }
        }
        assertThat(strings).isNotEmpty();
        return strings;
    }

    private static Path shared() {
        String configured = System.getProperty("plinth.shared");
        return configured != null ? Path.of(configured) : Path.of("../../../shared");
    }

    private static HuggingFaceTokenizer reference() {
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(FILES.tokenizer()), Map.of("truncation", "false", "padding", "false"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
