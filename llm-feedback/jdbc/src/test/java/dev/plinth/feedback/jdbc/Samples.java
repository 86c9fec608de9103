package dev.plinth.feedback.jdbc;

import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import java.time.Instant;

/** Feedback to keep. */
final class Samples {

    static final Target ANSWER = Target.interaction("interaction-1");
    static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456789Z");

    private Samples() {}

    static Score.Builder score() {
        return Score.builder("edit", Outcome.UNDECIDED, new Annotator(Annotator.Kind.HUMAN, "user-7"))
                .target(ANSWER)
                .at(AT);
    }

    /** Feedback with nothing that can be left out. */
    static Feedback thumb(String id) {
        return thumb(id, AT);
    }

    static Feedback thumb(String id, Instant at) {
        return Feedback.builder(id, Feedback.Kind.THUMB, score().at(at).build()).build();
    }

    static Feedback edit(String id, String original, String edited) {
        return Feedback.builder(id, Feedback.Kind.EDIT, score().build())
                .edit(original, edited)
                .build();
    }

    /** Feedback with everything. */
    static Feedback full(String id, String text) {
        Score score = score().value(-1.0 / 3).label("heavy").explanation(text).build();
        return Feedback.builder(id, Feedback.Kind.EDIT, score)
                .edit(text, text + "!")
                .comment("x" + text)
                .build();
    }
}
