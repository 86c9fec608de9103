package dev.plinth.api.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.OverloadedException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void whatIsNotSaidIsNotKnown() {
        Batch batch = Batch.builder("b", Batch.State.RUNNING).build();
        assertThat(batch.id()).isEqualTo("b");
        assertThat(batch.rawState()).isEqualTo("RUNNING");
        assertThat(batch.total()).isEmpty();
        assertThat(batch.succeeded()).isZero();
        assertThat(batch.failed()).isZero();
        assertThat(batch.createdAt()).isEmpty();
        assertThat(batch.endedAt()).isEmpty();
        assertThat(batch.expiresAt()).isEmpty();
        assertThat(batch.failure()).isEmpty();
        assertThat(batch).hasToString("Batch[b, RUNNING, 0 succeeded, 0 failed]");
    }

    @Test
    void whatIsSaidIsKept() {
        Batch batch = Batch.builder("b", Batch.State.ENDED)
                .rawState("completed")
                .total(5)
                .succeeded(3)
                .failed(2)
                .createdAt(THEN)
                .endedAt(THEN.plusSeconds(1))
                .expiresAt(THEN.plusSeconds(2))
                .failure("why")
                .build();
        assertThat(batch.rawState()).isEqualTo("completed");
        assertThat(batch.total()).hasValue(5);
        assertThat(batch.succeeded()).isEqualTo(3);
        assertThat(batch.failed()).isEqualTo(2);
        assertThat(batch.createdAt()).contains(THEN);
        assertThat(batch.endedAt()).contains(THEN.plusSeconds(1));
        assertThat(batch.expiresAt()).contains(THEN.plusSeconds(2));
        assertThat(batch.failure()).contains("why");
        assertThat(batch).hasToString("Batch[b, completed, 3 of 5 succeeded, 2 failed]");
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheEndIsOver(Batch.State state) {
        boolean over = state == Batch.State.ENDED || state == Batch.State.FAILED;
        assertThat(Batch.builder("b", state).build().isOver()).isEqualTo(over);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Batch.builder(" ", Batch.State.RUNNING));
        Batch.Builder builder = Batch.builder("b", Batch.State.RUNNING);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.succeeded(-1))
                .withMessage("succeeded: -1 (expected: >= 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.failed(-1))
                .withMessage("failed: -1 (expected: >= 0)");
        assertThat(builder.total(-1).build().total()).isEmpty();
    }

    @Test
    void resultIsAnAnswerOrAnError() {
        ChatResponse response = ChatResponse.builder()
                .message(Message.assistant("secret words"))
                .finishReason(FinishReason.STOP)
                .build();
        BatchResult answered = BatchResult.answered("q", response);
        assertThat(answered.response()).contains(response);
        assertThat(answered.error()).isEmpty();
        assertThat(answered).hasToString("BatchResult[q, answered]");
        OverloadedException error = new OverloadedException("x", ErrorDetails.NONE, null);
        BatchResult failed = BatchResult.failed("q", error);
        assertThat(failed.response()).isEmpty();
        assertThat(failed.error()).contains(error);
        assertThat(failed).hasToString("BatchResult[q, overloaded]");
        assertThatIllegalArgumentException().isThrownBy(() -> BatchResult.answered("", response));
    }
}
