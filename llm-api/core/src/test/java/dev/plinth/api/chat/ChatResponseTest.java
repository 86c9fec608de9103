package dev.plinth.api.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatResponseTest {
    private static final Attempt ATTEMPT = new Attempt(
            "eu", "p", "m", "first choice", Instant.EPOCH, Duration.ofMillis(5), null, Usage.of(1, 1), null);

    @Test
    void saysWhatWasTriedAndWhetherItIsLessThanWasAskedFor() {
        ChatResponse plain = ChatResponse.of("Hi");
        assertThat(plain.attempts()).isEmpty();
        assertThat(plain.degraded()).isFalse();
        List<Attempt> tried = new ArrayList<>(List.of(ATTEMPT));
        ChatResponse second = plain.toBuilder().attempts(tried).degraded(true).build();
        tried.clear();
        assertThat(second.attempts()).containsExactly(ATTEMPT);
        assertThat(second.degraded()).isTrue();
        assertThat(second.toBuilder().build()).isEqualTo(second).hasSameHashCodeAs(second);
    }

    @Test
    void answersThatCameAboutInAnotherWayAreNotEqual() {
        ChatResponse plain = ChatResponse.of("Hi");
        assertThat(plain.toBuilder().attempts(List.of(ATTEMPT)).build()).isNotEqualTo(plain);
        assertThat(plain.toBuilder().degraded(true).build()).isNotEqualTo(plain);
    }
}
