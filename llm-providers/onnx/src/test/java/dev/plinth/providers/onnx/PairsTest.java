package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PairsTest {

    private static final Weights FILES = Weights.of(PackagedModel.MINI_LM_L6_V2);
    private static final Tokenizer WORD_PIECES = TokenizerFile.read(FILES.tokenizerName(), FILES.tokenizer());
    private static final int MOST = 16;
    private static final HuggingFaceTokenizer LONGEST_FIRST = reference("LONGEST_FIRST");
    private static final HuggingFaceTokenizer ONLY_SECOND = reference("ONLY_SECOND");

    /** One id for each letter, between the marks 1 and 2. */
    private static final Tokenizer LETTERS = text -> {
        int[] ids = new int[text.length() + 2];
        ids[0] = 1;
        for (int i = 0; i < text.length(); i++) {
            ids[i + 1] = text.charAt(i);
        }
        ids[ids.length - 1] = 2;
        return ids;
    };

    @Property
    void readsWhatTheReferenceReads(@ForAll("texts") String query, @ForAll("texts") String document) {
        assertSame(
                pairs(WORD_PIECES, Overlong.TRUNCATE).of(query, List.of(document), () -> {})[0],
                LONGEST_FIRST.encode(query, document));
    }

    @Property
    void cutsTheDocumentAloneAsTheReferenceDoes(@ForAll("shortTexts") String query, @ForAll("texts") String document) {
        assertSame(
                pairs(WORD_PIECES, Overlong.TRUNCATE_DOCUMENTS).of(query, List.of(document), () -> {})[0],
                ONLY_SECOND.encode(query, document));
    }

    @Provide
    Arbitrary<String> texts() {
        return texts(30);
    }

    @Provide
    Arbitrary<String> shortTexts() {
        return texts(MOST - 4);
    }

    private static Arbitrary<String> texts(int words) {
        return Arbitraries.of("password", "the", "cat", "of", "price", "rain")
                .list()
                .ofMaxSize(words)
                .map(list -> String.join(" ", list));
    }

    @Property
    void neverReadsMoreThanTheModelTakesAndCountsWhatItCuts(
            @ForAll @IntRange(max = 40) int first,
            @ForAll @IntRange(max = 40) int second,
            @ForAll @IntRange(min = 1, max = 2) int separators) {
        Pairs pairs = new Pairs(LETTERS, profile(separators), Overlong.TRUNCATE, ErrorDetails.NONE);
        int whole = first + second + separators + 2;
        Sequence pair = pairs.of("q".repeat(first), List.of("d".repeat(second)), () -> {})[0];
        assertThat(pair.length()).isEqualTo(Math.min(whole, MOST));
        assertThat(pairs.truncated()).isEqualTo(whole > MOST ? 1 : 0);
        long kept = count(pair, 'q');
        assertThat(kept + count(pair, 'd')).isEqualTo(pair.length() - separators - 2);
        assertThat(pair.secondStart()).isEqualTo(1 + kept + separators);
    }

    @Test
    void oneOrTwoMarksStandBetween() {
        assertThat(pair(1, "ab", "cd").ids()).containsExactly(1, 'a', 'b', 2, 'c', 'd', 2);
        assertThat(pair(2, "ab", "cd").ids()).containsExactly(1, 'a', 'b', 2, 2, 'c', 'd', 2);
        assertThat(pair(1, "ab", "cd").secondStart()).isEqualTo(4);
        assertThat(pair(2, "ab", "cd").secondStart()).isEqualTo(5);
    }

    @Test
    void rejectsBeforeReadingWherePolicySaysSo() {
        Pairs pairs = pairs(LETTERS, Overlong.REJECT);
        assertThatThrownBy(() -> pairs.of("abc", List.of("d", "d".repeat(11)), () -> {}))
                .isInstanceOf(ContextTooLongException.class)
                .hasMessageStartingWith("query and documents[1]: 17 tokens (expected: <= 16)");
        assertThat(pairs.of("abc", List.of("d".repeat(10)), () -> {})[0].length())
                .isEqualTo(MOST);
        assertThat(pairs.truncated()).isZero();
    }

    @Test
    void aQueryThatLeavesNoRoomIsNotCutWherePolicySaysSo() {
        Pairs pairs = pairs(LETTERS, Overlong.TRUNCATE_DOCUMENTS);
        assertThatThrownBy(() -> pairs.of("q".repeat(13), List.of("dd"), () -> {}))
                .isInstanceOf(ContextTooLongException.class)
                .hasMessageStartingWith("query: 16 tokens (expected: < 16)");
        assertThat(count(pairs.of("q".repeat(12), List.of("dd"), () -> {})[0], 'd'))
                .isEqualTo(1);
    }

    private static Sequence pair(int separators, String query, String document) {
        return new Pairs(LETTERS, profile(separators), Overlong.REJECT, ErrorDetails.NONE)
                .of(query, List.of(document), () -> {})[0];
    }

    private static Pairs pairs(Tokenizer tokenizer, Overlong overlong) {
        return new Pairs(tokenizer, profile(1), overlong, ErrorDetails.NONE);
    }

    private static CrossEncoderProfile profile(int separators) {
        return CrossEncoderProfile.builder("test")
                .maxTokens(MOST)
                .separators(separators)
                .build();
    }

    private static long count(Sequence pair, int id) {
        return Arrays.stream(pair.ids()).filter(other -> other == id).count();
    }

    private static void assertSame(Sequence ours, Encoding reference) {
        assertThat(Arrays.stream(ours.ids()).asLongStream()).containsExactly(boxed(reference.getIds()));
        long[] types = new long[ours.length()];
        Arrays.fill(types, ours.secondStart(), types.length, 1);
        assertThat(types).isEqualTo(reference.getTypeIds());
    }

    private static Long[] boxed(long[] values) {
        return Arrays.stream(values).boxed().toArray(Long[]::new);
    }

    private static HuggingFaceTokenizer reference(String truncation) {
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(FILES.tokenizer()),
                    Map.of("truncation", truncation, "maxLength", Integer.toString(MOST), "padding", "false"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
