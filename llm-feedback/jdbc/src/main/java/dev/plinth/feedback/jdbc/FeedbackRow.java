package dev.plinth.feedback.jdbc;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;

/** Feedback as a row of the table. */
final class FeedbackRow {

    static final String COLUMNS = "id, kind, target_kind, target_id, at_seconds, at_nanos, score_name, outcome,"
            + " score_value, label, explanation, annotator_kind, annotator_name, original, edited, comment_text";
    static final String PARAMETERS = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

    private FeedbackRow() {}

    static void set(PreparedStatement insert, Feedback feedback) throws SQLException {
        Score score = feedback.score();
        Instant at = score.at().orElseThrow();
        insert.setString(1, feedback.id());
        insert.setString(2, feedback.kind().name());
        insert.setString(3, feedback.target().kind().name());
        insert.setString(4, feedback.target().id());
        insert.setLong(5, at.getEpochSecond());
        insert.setInt(6, at.getNano());
        insert.setString(7, score.name());
        insert.setString(8, score.outcome().name());
        if (score.value().isPresent()) {
            insert.setDouble(9, score.value().getAsDouble());
        } else {
            insert.setNull(9, Types.DOUBLE);
        }
        setText(insert, 10, score.label());
        setText(insert, 11, score.explanation());
        insert.setString(12, score.annotator().kind().name());
        insert.setString(13, score.annotator().name());
        setText(insert, 14, feedback.original());
        setText(insert, 15, feedback.edited());
        setText(insert, 16, feedback.comment());
    }

    private static void setText(PreparedStatement insert, int position, Optional<String> text) throws SQLException {
        if (text.isPresent()) {
            insert.setString(position, text.get());
        } else {
            insert.setNull(position, Types.VARCHAR);
        }
    }

    static Feedback read(ResultSet row) throws SQLException {
        String id = row.getString("id");
        try {
            Feedback.Kind kind = Feedback.Kind.valueOf(row.getString("kind"));
            Feedback.Builder feedback = Feedback.builder(id, kind, score(row));
            String original = row.getString("original");
            String edited = row.getString("edited");
            if (original != null && edited != null) {
                feedback.edit(original, edited);
            }
            String comment = row.getString("comment_text");
            if (comment != null) {
                feedback.comment(comment);
            }
            return feedback.build();
        } catch (IllegalArgumentException damaged) {
            throw new StoreException("feedback: '" + id + "' (expected: a readable row)", ErrorDetails.NONE, damaged);
        }
    }

    private static Score score(ResultSet row) throws SQLException {
        Annotator annotator =
                new Annotator(Annotator.Kind.valueOf(row.getString("annotator_kind")), row.getString("annotator_name"));
        Score.Builder score = Score.builder(
                        row.getString("score_name"), Outcome.valueOf(row.getString("outcome")), annotator)
                .target(new Target(Target.Kind.valueOf(row.getString("target_kind")), row.getString("target_id")))
                .at(Instant.ofEpochSecond(row.getLong("at_seconds"), row.getInt("at_nanos")));
        double value = row.getDouble("score_value");
        if (!row.wasNull()) {
            score.value(value);
        }
        String label = row.getString("label");
        if (label != null) {
            score.label(label);
        }
        String explanation = row.getString("explanation");
        if (explanation != null) {
            score.explanation(explanation);
        }
        return score.build();
    }
}
