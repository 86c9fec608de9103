package dev.plinth.feedback;

import dev.plinth.api.check.Check;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import dev.plinth.api.time.TimeSource;

/**
 * Takes feedback as it happens and keeps it in a store.
 *
 * <pre>{@code
 * FeedbackRecorder feedback = new FeedbackRecorder(store);
 * feedback.edit("click-81", Target.interaction(interactionId), "user-7", answer, sent);
 * }</pre>
 *
 * <p>Every method takes first the same three things: an id that the sender chose, what the feedback is about, and a
 * pseudonymous id of who gives it. An id that comes twice is kept once, so a sender may repeat itself; each method
 * returns the feedback that stands under the id, which is then the first one.
 *
 * <p>How each kind is scored:
 * <ul>
 *   <li>thumb: up is a pass of value 1, down a fail of value 0;
 *   <li>edit: by how much of the output was kept, see {@link Edit#score};
 *   <li>comment, copy, retry: undecided and without a value, since words have to be read first, and since one copies
 *       to use as well as to complain, and asks again out of curiosity as well.
 * </ul>
 *
 * <p>Thread-safe. A store that fails is a {@link dev.plinth.api.error.StoreException}. Closing the store is up to who
 * opened it.
 */
public final class FeedbackRecorder {

    /** The longest text of an edit or a comment, in {@code char}s; longer ones are refused. */
    public static final int MAX_LENGTH = 1_000_000;

    private final FeedbackStore store;
    private final TimeSource time;

    /** A recorder on the machine's clock. */
    public FeedbackRecorder(FeedbackStore store) {
        this(store, TimeSource.system());
    }

    /** A recorder on a clock of the caller's. */
    public FeedbackRecorder(FeedbackStore store, TimeSource time) {
        this.store = Check.notNull(store, "store");
        this.time = Check.notNull(time, "time");
    }

    /** Somebody said yes or no. */
    public Feedback thumb(String id, Target target, String by, Thumb thumb) {
        Check.notNull(thumb, "thumb");
        return save(Feedback.builder(id, Feedback.Kind.THUMB, thumbScore(target, by, thumb)));
    }

    /**
     * Somebody said yes or no, and why.
     *
     * @param comment not blank
     */
    public Feedback thumb(String id, Target target, String by, Thumb thumb, String comment) {
        Check.notNull(thumb, "thumb");
        checkLength(comment, "comment");
        return save(Feedback.builder(id, Feedback.Kind.THUMB, thumbScore(target, by, thumb))
                .comment(comment));
    }

    /**
     * Somebody changed the output and kept the change, or took it as it is. Ask for {@link Edit#between} to have the
     * figures and the steps of the edit.
     *
     * @param original the output
     * @param edited what became of it; empty when it was thrown away
     */
    public Feedback edit(String id, Target target, String by, String original, String edited) {
        checkLength(original, "original");
        checkLength(edited, "edited");
        Score score = Edit.between(original, edited).score(target, person(by), time.now());
        return save(Feedback.builder(id, Feedback.Kind.EDIT, score).edit(original, edited));
    }

    /**
     * Somebody said something.
     *
     * @param comment not blank
     */
    public Feedback comment(String id, Target target, String by, String comment) {
        checkLength(comment, "comment");
        return save(Feedback.builder(id, Feedback.Kind.COMMENT, hint("comment", target, by))
                .comment(comment));
    }

    /** Somebody copied the output. */
    public Feedback copied(String id, Target target, String by) {
        return save(Feedback.builder(id, Feedback.Kind.COPY, hint("copy", target, by)));
    }

    /** Somebody asked for the output again. */
    public Feedback retried(String id, Target target, String by) {
        return save(Feedback.builder(id, Feedback.Kind.RETRY, hint("retry", target, by)));
    }

    private Feedback save(Feedback.Builder builder) {
        Feedback feedback = builder.build();
        return store.save(feedback) ? feedback : store.find(feedback.id()).orElse(feedback);
    }

    private Score thumbScore(Target target, String by, Thumb thumb) {
        return Score.builder("thumb", thumb.outcome(), person(by))
                .value(thumb.value())
                .label(thumb.label())
                .target(target)
                .at(time.now())
                .build();
    }

    private Score hint(String name, Target target, String by) {
        return Score.builder(name, Outcome.UNDECIDED, person(by))
                .target(target)
                .at(time.now())
                .build();
    }

    private static Annotator person(String by) {
        return new Annotator(Annotator.Kind.HUMAN, Check.notBlank(by, "by"));
    }

    // Names the length and never the text, which is somebody's own.
    private static void checkLength(String text, String name) {
        int length = Check.notNull(text, name).length();
        Check.that(length <= MAX_LENGTH, name + ".length", length, "<= " + MAX_LENGTH);
    }
}
