package dev.plinth.api.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.chat.ChatRequest;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchRequestTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");

    @ParameterizedTest
    @ValueSource(strings = {"a", "q-1", "Q_9", "----", "0"})
    void idsThatEveryProviderTakes(String id) {
        assertThat(new BatchRequest(id, HI).id()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a.b", "ü", "a/b", "a\n", "a:1", "\ud83d"})
    void otherIdsAreRefused(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchRequest(id, HI))
                .withMessage("id: " + id + " (expected: 1 to 64 of A-Z, a-z, 0-9, _ and -)");
    }

    @Test
    void idsHaveALength() {
        assertThat(new BatchRequest("x".repeat(64), HI).id()).hasSize(64);
        assertThatIllegalArgumentException().isThrownBy(() -> new BatchRequest("x".repeat(65), HI));
    }

    @Property
    void idIsKeptOrRefused(@ForAll String id) {
        boolean plain = id.length() <= 64
                && !id.isEmpty()
                && id.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c) || c == '_' || c == '-');
        if (plain) {
            assertThat(new BatchRequest(id, HI).id()).isEqualTo(id);
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> new BatchRequest(id, HI));
        }
    }
}
