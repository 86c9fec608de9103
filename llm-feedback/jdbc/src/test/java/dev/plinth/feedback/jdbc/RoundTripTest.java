package dev.plinth.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import java.time.Instant;
import java.util.UUID;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.h2.jdbcx.JdbcConnectionPool;

class RoundTripTest {

    private static JdbcConnectionPool pool;
    private static FeedbackStore store;

    @BeforeContainer
    static void open() {
        pool = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "sa", "");
        store = JdbcFeedbackStore.over(pool);
    }

    @AfterContainer
    static void close() {
        store.close();
        pool.dispose();
    }

    @Property(tries = 300)
    void whatComesOutIsWhatWentIn(
            @ForAll Outcome outcome,
            @ForAll Annotator.Kind annotator,
            @ForAll Target.Kind target,
            @ForAll double value,
            @ForAll @LongRange(min = -31557014167219200L, max = 31556889864403199L) long seconds,
            @ForAll @IntRange(max = 999_999_999) int nanos,
            @ForAll String original,
            @ForAll String edited) {
        Assume.that(Double.isFinite(value));
        Score score = Score.builder("edit", outcome, new Annotator(annotator, "user-7"))
                .value(value)
                .explanation(edited)
                .target(new Target(target, "id"))
                .at(Instant.ofEpochSecond(seconds, nanos))
                .build();
        Feedback feedback = Feedback.builder(UUID.randomUUID().toString(), Feedback.Kind.EDIT, score)
                .edit(original, edited)
                .build();

        assertThat(store.save(feedback)).isTrue();
        assertThat(store.find(feedback.id())).contains(feedback);
    }
}
