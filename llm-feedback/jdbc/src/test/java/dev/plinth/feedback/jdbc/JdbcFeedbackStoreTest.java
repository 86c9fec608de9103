package dev.plinth.feedback.jdbc;

import static dev.plinth.feedback.jdbc.Samples.ANSWER;
import static dev.plinth.feedback.jdbc.Samples.AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.score.Target;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcFeedbackStoreTest {

    @TempDir
    Path directory;

    private Path file;
    private FeedbackStore store;

    @BeforeEach
    void open() {
        file = directory.resolve("made on demand").resolve("feedback");
        store = JdbcFeedbackStore.h2(file);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keepsTheFirstOfAnId() {
        Feedback first = Samples.full("id", "text");

        assertThat(store.save(first)).isTrue();
        assertThat(store.save(Samples.thumb("id"))).isFalse();
        assertThat(store.find("id")).contains(first);
        assertThat(store.find("ID")).isEmpty();
        assertThat(store.find("id ")).isEmpty();
    }

    @Test
    void ordersByTimeAndThenByArrival() {
        Feedback late = Samples.thumb("a", AT.plusNanos(1));
        Feedback early = Samples.thumb("b", AT);
        Feedback alsoLate = Samples.thumb("c", AT.plusNanos(1));
        Feedback ancient = Samples.thumb("d", Instant.MIN);
        Feedback distant = Samples.thumb("e", Instant.MAX);
        List.of(distant, late, early, alsoLate, ancient).forEach(store::save);

        assertThat(store.about(ANSWER)).containsExactly(ancient, early, late, alsoLate, distant);
    }

    @Test
    void tellsTargetsApartByKindAndId() {
        store.save(Samples.thumb("id"));

        assertThat(store.about(new Target(Target.Kind.RESPONSE, ANSWER.id()))).isEmpty();
        assertThat(store.about(Target.interaction("interaction-%"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; DROP TABLE plinth_feedback; --",
                "\" OR 1=1 --",
                "\\'); DELETE FROM plinth_feedback; /*",
                "${x} {fn now()} ? :name %_",
                "日本語 😀 👩‍💻 e\u0301 \u202e العربية",
                "\u0001 tab\t line\r\n end",
                "NULL"
            })
    void keepsTextsAsTheyAre(String text) {
        Feedback feedback = Samples.full(text, text);
        Target target = new Target(Target.Kind.CHUNK, text);
        Feedback about = Feedback.builder(
                        text + "2",
                        Feedback.Kind.THUMB,
                        Samples.score().target(target).build())
                .build();
        store.save(Samples.thumb("another"));
        store.save(feedback);
        store.save(about);

        assertThat(store.find(text)).contains(feedback);
        assertThat(store.about(target)).containsExactly(about);
        assertThat(store.find("another")).isPresent();
    }

    @Test
    void keepsEmptyAndLongTexts() {
        String long1 = "0123456789abcdé😀".repeat(65_536);
        Feedback discarded = Samples.edit("empty", "", "");
        Feedback megabyte = Samples.edit("long", long1, long1 + "end");

        store.save(discarded);
        store.save(megabyte);

        assertThat(store.find("empty")).contains(discarded);
        assertThat(store.find("long")).contains(megabyte);
    }

    @Test
    void survivesReopening() {
        Feedback feedback = Samples.full("id", "text");
        store.save(feedback);
        store.close();

        store = JdbcFeedbackStore.h2(file);

        assertThat(store.find("id")).contains(feedback);
        assertThat(store.save(feedback)).isFalse();
    }

    @Test
    void storesOfOneProcessShareTheFile() {
        try (FeedbackStore other = JdbcFeedbackStore.h2(file)) {
            other.save(Samples.thumb("id"));
        }

        assertThat(store.find("id")).isPresent();
    }

    @Test
    void oneOfManyAtOnceIsTheFirst() throws Exception {
        int threads = 8;
        int ids = 40;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Long>> savers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                savers.add(() -> IntStream.range(0, ids)
                        .filter(id -> store.save(Samples.thumb("id-" + id)))
                        .count());
            }
            long saved = 0;
            for (Future<Long> future : executor.invokeAll(savers)) {
                saved += future.get();
            }
            assertThat(saved).isEqualTo(ids);
            assertThat(store.about(ANSWER)).hasSize(ids);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void anInterruptedThreadDoesNotCloseTheStoreForTheOthers() throws Exception {
        Thread interrupted = new Thread(() -> {
            for (int number = 0; number < 20; number++) {
                Thread.currentThread().interrupt();
                store.save(Samples.edit("interrupted-" + number, "x".repeat(100_000), ""));
            }
        });
        interrupted.start();
        interrupted.join();

        assertThat(store.save(Samples.thumb("after"))).isTrue();
        assertThat(store.find("after")).isPresent();
        assertThat(store.find("interrupted-19")).isPresent();
    }

    @Test
    void closingTwiceIsFineAndUsingItAfterwardsIsNot() {
        store.close();
        store.close();

        assertThatThrownBy(() -> store.find("id"))
                .isInstanceOf(StoreException.class)
                .hasMessage("store: closed (expected: open)");
        assertThatThrownBy(() -> store.save(Samples.thumb("id"))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.about(ANSWER)).isInstanceOf(StoreException.class);
    }

    @Test
    void refusesIdsThatAreTooLong() {
        String longest = "x".repeat(JdbcFeedbackStore.MAX_ID);

        assertThat(store.save(Samples.thumb(longest))).isTrue();
        assertThatThrownBy(() -> store.save(Samples.thumb(longest + "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("id.length: 513 (expected: <= 512)");
        assertThat(store.find(longest + "x")).isEmpty();
    }
}
