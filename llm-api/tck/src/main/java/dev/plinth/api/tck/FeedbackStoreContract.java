package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link FeedbackStore} has to do. Times are tried to the microsecond, which every database keeps. */
public abstract class FeedbackStoreContract {
    private static final Target TARGET = Target.interaction("i-1");
    private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.123456Z");

    /** What a store may be unable to do. */
    public enum Behavior {
        /** Keeps what it holds when it is closed: {@link #reopen} finds it again. */
        DURABLE
    }

    private final List<FeedbackStore> opened = new ArrayList<>();

    /** For subclasses. */
    protected FeedbackStoreContract() {}

    /** An empty store. The suite closes it. */
    protected abstract FeedbackStore open();

    /** The store that {@link #open} returned last and that has been closed since. To be overridden by durable ones. */
    protected FeedbackStore reopen() {
        throw new AssertionError("reopen: not overridden (expected: overridden, or DURABLE declared unsupported)");
    }

    /** What the store cannot do; nothing unless overridden. The tests of it are reported as skipped. */
    protected Set<Behavior> unsupported() {
        return Set.of();
    }

    /** Closes what a test opened. */
    @AfterEach
    public final void closeStores() {
        opened.forEach(FeedbackStore::close);
    }

    private FeedbackStore opened() {
        FeedbackStore store = open();
        opened.add(store);
        return store;
    }

    private static Feedback thumb(String id, Target target, Instant at) {
        return thumb(id, target, at, Outcome.PASS);
    }

    private static Feedback thumb(String id, Target target, Instant at, Outcome outcome) {
        Annotator person = new Annotator(Annotator.Kind.HUMAN, "p-17");
        Score score =
                Score.builder("thumb", outcome, person).target(target).at(at).build();
        return Feedback.builder(id, Feedback.Kind.THUMB, score).build();
    }

    private static List<Feedback> everyKind() {
        List<Feedback> all = new ArrayList<>();
        for (Feedback.Kind kind : Feedback.Kind.values()) {
            int number = all.size();
            Target target = new Target(cyclic(Target.Kind.values(), number), "id 'x' 日本");
            Annotator annotator = new Annotator(cyclic(Annotator.Kind.values(), number), "somebody \"x\"");
            Score score = Score.builder("name", cyclic(Outcome.values(), number), annotator)
                    .target(target)
                    .at(TIME.plusSeconds(number))
                    .value(0.1 + number)
                    .label("thumbs-down")
                    .explanation("too long; it's \"bad\"\n")
                    .build();
            Feedback.Builder builder =
                    Feedback.builder("f-" + kind, kind, score).comment("Kommentar 😀 \\ 100%");
            if (kind == Feedback.Kind.EDIT) {
                builder.edit("before " + "long ".repeat(20_000), "");
            }
            all.add(builder.build());
        }
        return all;
    }

    private static <T> T cyclic(T[] values, int number) {
        return values[number % values.length];
    }

    @Test
    public final void knowsNothingAtFirst() {
        FeedbackStore store = opened();
        assertThat(store.find("f-1")).isEmpty();
        assertThat(store.about(TARGET)).isEmpty();
    }

    @Test
    public final void givesFeedbackBackAsItCame() {
        FeedbackStore store = opened();
        List<Feedback> all = everyKind();
        all.forEach(feedback -> assertThat(store.save(feedback)).isTrue());
        for (Feedback feedback : all) {
            assertThat(store.find(feedback.id())).contains(feedback);
            assertThat(store.about(feedback.target())).contains(feedback);
        }
        Feedback plain = thumb("plain", TARGET, TIME);
        store.save(plain);
        assertThat(store.find("plain")).contains(plain);
    }

    @Test
    public final void firstOfAnIdStays() {
        FeedbackStore store = opened();
        Feedback first = thumb("f-1", TARGET, TIME);
        Feedback second = thumb("f-1", Target.interaction("i-2"), TIME.plusSeconds(1), Outcome.FAIL);
        assertThat(store.save(first)).isTrue();
        assertThat(store.save(first)).isFalse();
        assertThat(store.save(second)).isFalse();
        assertThat(store.find("f-1")).contains(first);
        assertThat(store.about(TARGET)).containsExactly(first);
        assertThat(store.about(Target.interaction("i-2"))).isEmpty();
    }

    @Test
    public final void idsAreComparedExactly() {
        FeedbackStore store = opened();
        for (String id : List.of("a", "A", "a ", "'; --", "%", "x".repeat(200))) {
            assertThat(store.save(thumb(id, TARGET, TIME))).as(id).isTrue();
        }
        assertThat(store.about(TARGET)).hasSize(6);
        assertThat(store.find("%").map(Feedback::id)).contains("%");
        assertThat(store.find("_")).isEmpty();
    }

    @Test
    public final void listsWhatIsAboutOneThingInTheOrderOfTimes() {
        FeedbackStore store = opened();
        Target other = new Target(Target.Kind.RESPONSE, TARGET.id());
        store.save(thumb("late", TARGET, TIME.plusSeconds(60)));
        store.save(thumb("early", TARGET, TIME));
        store.save(thumb("other", other, TIME));
        store.save(thumb("between", TARGET, TIME.plusNanos(1_000)));
        store.save(thumb("before 1970", TARGET, Instant.EPOCH.minusSeconds(1)));
        assertThat(store.about(TARGET).stream().map(Feedback::id))
                .containsExactly("before 1970", "early", "between", "late");
        assertThat(store.about(other).stream().map(Feedback::id)).containsExactly("other");
    }

    @Test
    public final void sameIdAtOnceIsSavedOnce() throws Exception {
        FeedbackStore store = opened();
        for (int round = 0; round < 10; round++) {
            String id = "f-" + round;
            List<Boolean> saved = Together.run(
                    Together.THREADS, thread -> () -> store.save(thumb(id, TARGET, TIME.plusSeconds(thread))));
            assertThat(saved).containsOnlyOnce(true);
        }
        assertThat(store.about(TARGET)).hasSize(10);
    }

    @Test
    public final void servesManyCallersAtOnce() throws Exception {
        FeedbackStore store = opened();
        Together.run(Together.THREADS, thread -> () -> {
            for (int i = 0; i < 20; i++) {
                Feedback feedback = thumb("f-" + thread + "-" + i, TARGET, TIME.plusSeconds(i));
                assertThat(store.save(feedback)).isTrue();
                assertThat(store.find(feedback.id())).contains(feedback);
                assertThat(store.about(TARGET)).contains(feedback);
            }
            return null;
        });
        assertThat(store.about(TARGET)).hasSize(Together.THREADS * 20);
    }

    @Test
    public final void findsAgainWhatItHeldWhenItWasClosed() {
        Skips.unless(unsupported(), Behavior.DURABLE);
        FeedbackStore store = opened();
        Feedback feedback = thumb("f-1", TARGET, TIME);
        store.save(feedback);
        store.close();
        FeedbackStore again = reopen();
        opened.add(again);
        assertThat(again.find("f-1")).contains(feedback);
        assertThat(again.save(feedback)).isFalse();
    }

    @Test
    public final void closesTwice() {
        FeedbackStore store = opened();
        store.close();
        store.close();
    }
}
