package dev.plinth.api.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CheckTest {
    private static void refuses(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    @Test
    void returnsWhatIsGood() {
        List<String> list = List.of("a");
        assertThat(Check.notNull("a", "x")).isEqualTo("a");
        assertThat(Check.notBlank(" a", "x")).isEqualTo(" a");
        assertThat(Check.positive(1, "x")).isEqualTo(1);
        assertThat(Check.positive(1L, "x")).isEqualTo(1L);
        assertThat(Check.positive(Duration.ofNanos(1), "x")).isEqualTo(Duration.ofNanos(1));
        assertThat(Check.within(2, 0, 2, "x")).isEqualTo(2);
        assertThat(Check.within(0, 0, 2, "x")).isZero();
        assertThat(Check.notEmpty(list, "x")).isSameAs(list);
        Check.that(true, "x", null, "anything");
    }

    @Test
    void saysNameValueAndExpectation() {
        refuses(() -> Check.notNull(null, "model"), "model: null (expected: not null)");
        refuses(() -> Check.notBlank(null, "model"), "model: null (expected: not null)");
        refuses(() -> Check.notBlank(" \t", "model"), "model: ' \t' (expected: not blank)");
        refuses(() -> Check.positive(0, "k"), "k: 0 (expected: > 0)");
        refuses(() -> Check.positive(-1L, "tokens"), "tokens: -1 (expected: > 0)");
        refuses(() -> Check.positive(Duration.ZERO, "ttl"), "ttl: PT0S (expected: > 0)");
        refuses(() -> Check.positive(Duration.ofSeconds(-2), "ttl"), "ttl: PT-2S (expected: > 0)");
        refuses(() -> Check.within(Double.NaN, 0, 2, "temperature"), "temperature: NaN (expected: 0.0 to 2.0)");
        refuses(() -> Check.within(2.1, 0, 2, "temperature"), "temperature: 2.1 (expected: 0.0 to 2.0)");
        refuses(() -> Check.notEmpty(List.of(), "texts"), "texts: empty (expected: at least one element)");
        refuses(() -> Check.notEmpty(Arrays.asList("a", null), "texts"), "texts[1]: null (expected: not null)");
        refuses(() -> Check.that(false, "choice", null, "a name"), "choice: null (expected: a name)");
    }
}
