package dev.plinth.providers.jtokkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts, against OpenAI's own tokenizer. */
class JtokkitTokenCounterTest {

    private static final JtokkitTokenCounter O200K = JtokkitTokenCounter.forEncoding("o200k_base");
    private static final JtokkitTokenCounter CL100K = JtokkitTokenCounter.forEncoding("cl100k_base");

    /** Made with Python's tiktoken 0.14.0: {@code len(tiktoken.get_encoding(name).encode_ordinary(text))}. */
    static Stream<Arguments> countsOfTiktoken() {
        return Stream.of(
                arguments("", 0, 0),
                arguments("Hello", 1, 1),
                arguments("Hello, world!", 4, 4),
                arguments("Why is the sky blue?", 6, 6),
                arguments("antidisestablishmentarianism", 6, 6),
                arguments("Donaudampfschifffahrtsgesellschaft", 10, 13),
                arguments("don't WE'LL it's I'D", 7, 9),
                arguments("HTTPServer parseJSON snake_case camelCase", 8, 8),
                arguments("3.14159 1234567 100,000", 12, 12),
                arguments("  two  spaces\t\ttabs", 7, 7),
                arguments("a\n\n\nb\r\n\r\nc \n ", 7, 7),
                arguments("https://example.org/a?b=c&d=%20#e", 14, 14),
                arguments("for (int i = 0; i < n; i++) { sum += i; }", 20, 20),
                arguments("{\"type\":\"object\",\"required\":[\"city\"]}", 10, 9),
                arguments("naïve café, Straße, İstanbul, Ångström", 12, 15),
                arguments("e\u0301 a\u0308 a\u030a\u0301", 7, 9),
                arguments("Привет, как дела?", 6, 8),
                arguments("日本語のテスト。東京タワー", 10, 15),
                arguments("中文测试，人工智能", 5, 9),
                arguments("한국어 테스트 문장", 5, 9),
                arguments("مرحبا بالعالم", 4, 10),
                arguments("नमस्ते दुनिया", 5, 13),
                arguments("สวัสดีชาวโลก", 7, 13),
                arguments("😀👍🏽 👩\u200d👩\u200d👧 🇩🇪", 16, 26),
                arguments("𝔘𝔫𝔦 𠀀𪜀", 17, 17),
                arguments("<|endoftext|>", 7, 7),
                arguments("a<|endofprompt|>b <|fim_prefix|> <|im_start|>", 21, 20),
                arguments("\u00a0\u2003\u3000\u200b\ufeff", 5, 6),
                arguments("½ ² Ⅷ ٣ ①", 10, 12),
                // Half of a pair alone: UTF-8 has no bytes for it.
                arguments("\ud800", 1, 1),
                arguments("a\udc00b", 3, 3),
                arguments("\ud83d\ud83d \udc00", 2, 2));
    }

    @ParameterizedTest
    @MethodSource("countsOfTiktoken")
    void countsAsTiktokenDoes(String text, long o200k, long cl100k) {
        assertThat(O200K.count(text)).isEqualTo(o200k);
        assertThat(CL100K.count(text)).isEqualTo(cl100k);
    }

    @Property
    void anyTextHasBetweenOneTokenAndOneForEachByte(@ForAll("texts") String text) {
        int bytes = text.replaceAll("\\p{Cs}", "\ufffd").getBytes(StandardCharsets.UTF_8).length;
        assertThat(List.of(O200K.count(text), CL100K.count(text)))
                .allSatisfy(tokens -> assertThat(tokens).isBetween(Math.min(1L, bytes), (long) bytes));
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> anyUnits = Arbitraries.strings().all().ofMaxLength(60); // surrogates without a partner too
        Arbitrary<String> pieces = Arbitraries.of(
                        "a",
                        " ",
                        "\n",
                        "'s",
                        "7",
                        "é",
                        "\u0301",
                        "字",
                        "😀",
                        "\ud83d",
                        "\udc00",
                        "<|endoftext|>",
                        "\u0000")
                .list()
                .ofMaxSize(40)
                .map(list -> String.join("", list));
        return Arbitraries.oneOf(anyUnits, pieces);
    }

    @Test
    void longTextsAreCountedWhole() {
        assertThat(O200K.count("ab1 ".repeat(100_000))).isEqualTo(200_001);
        assertThat(O200K.count("1".repeat(100_000))).isEqualTo(33_334);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4o",
                "gpt-4o-mini-2024-07-18",
                "gpt-4.1-nano",
                "gpt-4.5-preview",
                "gpt-5",
                "gpt-5-mini",
                "gpt-5.4-pro",
                "gpt-6-mini",
                "gpt-oss-20b",
                "chatgpt-4o-latest",
                "o1",
                "o3-mini",
                "o4-mini-2025-04-16",
                "openai/gpt-5-mini",
                "openai/gpt-oss-120b:free",
                "ft:gpt-4o-mini-2024-07-18:org::id"
            })
    void modelsOfToday(String model) {
        assertThat(Vocabulary.ofModel(model)).isEqualTo(Vocabulary.O200K_BASE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4",
                "gpt-4-turbo",
                "gpt-4-0613",
                "gpt-3.5-turbo",
                "gpt-35-turbo",
                "text-embedding-3-small",
                "text-embedding-ada-002",
                "ft:gpt-3.5-turbo:org::id"
            })
    void olderModelsAndEmbeddings(String model) {
        assertThat(Vocabulary.ofModel(model)).isEqualTo(Vocabulary.CL100K_BASE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-sonnet-5", "gemini-3-pro", "gpt-4x", "gpt-40", "o", "my-deployment", "GPT-5"})
    void otherModelsAreRefused(String model) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JtokkitTokenCounter.forModel(model))
                .withMessageStartingWith("model: " + model + " (expected: ")
                .withMessageContaining("[o200k_base, cl100k_base]");
    }

    @Test
    void otherEncodingsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JtokkitTokenCounter.forEncoding("p50k_base"))
                .withMessage("encoding: p50k_base (expected: one of [o200k_base, cl100k_base])");
    }

    @Test
    void nullsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> JtokkitTokenCounter.forModel(null));
        assertThatIllegalArgumentException().isThrownBy(() -> JtokkitTokenCounter.forEncoding(null));
        assertThatIllegalArgumentException().isThrownBy(() -> O200K.count((String) null));
    }

    @Test
    void manyThreadsCountAlike() {
        List<String> texts =
                Stream.iterate("Why? ", text -> text + "Because. ").limit(200).toList();
        List<Long> alone = texts.stream().map(O200K::count).toList();
        assertThat(texts.parallelStream().map(O200K::count).toList()).isEqualTo(alone);
    }
}
