package dev.plinth.api.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** How texts become calls. */
class EmbeddingLimitsTest {
    private static final EmbeddingLimits NONE = EmbeddingLimits.NONE;

    private static List<Integer> sizes(EmbeddingLimits limits, String... texts) {
        return limits.split(List.of(texts)).stream().map(List::size).toList();
    }

    @Test
    void callsAreNotLargerThanTheLimits() {
        String[] texts = {"aaaa", "bbbb", "cc", "éé", "x"};
        assertThat(sizes(NONE, texts)).containsExactly(5);
        assertThat(sizes(NONE.withTexts(5), texts)).containsExactly(5);
        assertThat(sizes(NONE.withTexts(2), texts)).containsExactly(2, 2, 1);
        assertThat(sizes(NONE.withBytes(8), texts)).containsExactly(2, 3);
        assertThat(sizes(NONE.withTokens(8), texts)).containsExactly(2, 3);
        assertThat(sizes(NONE.withTokens(20).withBytes(5), texts)).containsExactly(1, 1, 1, 2);
        assertThat(sizes(NONE.withTexts(2).withBytes(8), texts)).containsExactly(2, 2, 1);
    }

    @Test
    void textThatIsTooLargeGoesAlone() {
        assertThat(sizes(NONE.withBytes(3), "aa", "too large", "b", "c")).containsExactly(1, 1, 2);
    }

    @Test
    void bothLimitsHold() {
        EmbeddingLimits both =
                NONE.withTexts(9).withTokens(5).and(NONE.withTexts(3).withBytes(7));
        assertThat(both).isEqualTo(new EmbeddingLimits(3, 5, 7));
        assertThat(both.and(NONE)).isEqualTo(both);
    }

    @Test
    void refusesNonsense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withTexts(0))
                .withMessage("texts: 0 (expected: > 0)");
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withTokens(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.split(List.of()));
    }

    @Property
    void everyCallIsAsLargeAsItMayBeAndNothingIsLost(
            @ForAll @IntRange(min = 1, max = 9) int most,
            @ForAll @LongRange(min = 1, max = 60) long tokens,
            @ForAll @LongRange(min = 1, max = 60) long bytes,
            @ForAll @Size(min = 1, max = 30)
                    List<
                                    @StringLength(min = 1, max = 20) @CharRange(from = '!', to = '~')
                                    @CharRange(from = 'à', to = 'ä') @CharRange(from = '一', to = '三') String>
                            texts) {
        long size = Math.min(tokens, bytes);
        int from = 0;
        for (List<String> call : new EmbeddingLimits(most, tokens, bytes).split(texts)) {
            int end = from + call.size();
            assertThat(call).isEqualTo(texts.subList(from, end)).hasSizeBetween(1, most);
            assertThat(call.size() == 1 || bytes(call) <= size).isTrue();
            boolean full = call.size() == most || end == texts.size() || bytes(texts.subList(from, end + 1)) > size;
            assertThat(full).isTrue();
            from = end;
        }
        assertThat(from).isEqualTo(texts.size());
    }

    @Property
    void bytesAreCountedAsUtf8HasThem(@ForAll @Size(min = 2, max = 2) List<@StringLength(min = 1) String> texts) {
        // Half a character is not text: what writes it decides what becomes of it.
        List<String> whole = texts.stream()
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .toList();
        assertThat(NONE.withBytes(bytes(whole)).split(whole)).hasSize(1);
        if (bytes(whole) > 1) {
            assertThat(NONE.withBytes(bytes(whole) - 1).split(whole)).hasSize(2);
        }
    }

    private static long bytes(List<String> texts) {
        return texts.stream()
                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }
}
