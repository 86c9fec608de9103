package dev.plinth.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Target;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FeedbackRecorderTest {

    private static final Target ANSWER = Target.interaction("interaction-1");

    private final ManualTime time = new ManualTime();
    private final InMemoryFeedbackStore store = new InMemoryFeedbackStore();
    private final FeedbackRecorder recorder = new FeedbackRecorder(store, time);

    @Test
    void aThumb() {
        Feedback feedback = recorder.thumb("click-1", ANSWER, "user-7", Thumb.DOWN, "outdated");

        assertThat(store.find("click-1")).contains(feedback);
        assertThat(feedback.kind()).isEqualTo(Feedback.Kind.THUMB);
        assertThat(feedback.comment()).contains("outdated");
        assertThat(feedback.score().outcome()).isEqualTo(Outcome.FAIL);
        assertThat(feedback.score().value()).hasValue(0);
        assertThat(feedback.score().label()).contains("thumbs-down");
        assertThat(feedback.score().annotator()).isEqualTo(new Annotator(Annotator.Kind.HUMAN, "user-7"));
        assertThat(feedback.score().at()).contains(time.now());
        assertThat(recorder.thumb("click-2", ANSWER, "user-7", Thumb.UP).score().outcome())
                .isEqualTo(Outcome.PASS);
    }

    @Test
    void anEditWithItsScore() {
        Feedback feedback = recorder.edit("e", ANSWER, "user-7", "Thirty days.", "Fourteen days.");

        assertThat(feedback.kind()).isEqualTo(Feedback.Kind.EDIT);
        assertThat(feedback.original()).contains("Thirty days.");
        assertThat(feedback.edited()).contains("Fourteen days.");
        assertThat(feedback.score().value()).hasValue(2.0 / 3);
        assertThat(feedback.score().label()).contains("heavy");
    }

    @Test
    void anAnswerThrownAwayIsAnEditToNothing() {
        assertThat(recorder.edit("e", ANSWER, "user-7", "Thirty days.", "")
                        .score()
                        .label())
                .contains("discarded");
    }

    @Test
    void hintsDecideNothing() {
        recorder.comment("1", ANSWER, "user-7", "Where is the source?");
        recorder.copied("2", ANSWER, "user-7");
        recorder.retried("3", ANSWER, "user-7");

        assertThat(store.about(ANSWER))
                .extracting(Feedback::kind)
                .containsExactly(Feedback.Kind.COMMENT, Feedback.Kind.COPY, Feedback.Kind.RETRY);
        assertThat(store.about(ANSWER)).allSatisfy(feedback -> {
            assertThat(feedback.score().outcome()).isEqualTo(Outcome.UNDECIDED);
            assertThat(feedback.score().value()).isEmpty();
        });
    }

    @Test
    void theSameIdTwiceIsKeptOnce() {
        Feedback first = recorder.thumb("click-1", ANSWER, "user-7", Thumb.UP);
        time.now = time.now.plusSeconds(60);

        assertThat(recorder.thumb("click-1", ANSWER, "user-7", Thumb.UP)).isEqualTo(first);
        assertThat(store.about(ANSWER)).containsExactly(first);
    }

    @Test
    void orderedByTimeNotByArrival() {
        Feedback second = recorder.copied("b", ANSWER, "user-7");
        time.now = time.now.minusSeconds(60);
        Feedback first = recorder.copied("a", ANSWER, "user-7");

        assertThat(store.about(ANSWER)).containsExactly(first, second);
        assertThat(store.about(Target.interaction("another"))).isEmpty();
    }

    @Test
    void refusesWhatIsMissingOrTooLong() {
        String secret = "x".repeat(FeedbackRecorder.MAX_LENGTH + 1);
        assertThatThrownBy(() -> recorder.edit("e", ANSWER, "user-7", secret, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("original.length: 1000001 (expected: <= 1000000)");
        assertThatThrownBy(() -> recorder.comment("c", ANSWER, "user-7", " "))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> recorder.copied(" ", ANSWER, "user-7")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> recorder.copied("c", ANSWER, " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("by:");
        assertThat(store.about(ANSWER)).isEmpty();
    }

    @Test
    void aClosedStoreSaysSo() {
        store.close();
        store.close();

        assertThatThrownBy(() -> recorder.copied("c", ANSWER, "user-7"))
                .isInstanceOf(StoreException.class)
                .hasMessage("store: closed (expected: open)");
    }

    private static final class ManualTime implements TimeSource {
        private Instant now = Instant.parse("2026-03-01T10:00:00Z");

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) {
            now = now.plus(duration);
        }
    }
}
