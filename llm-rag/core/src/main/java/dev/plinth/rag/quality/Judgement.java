package dev.plinth.rag.quality;

import dev.plinth.api.check.Check;
import java.util.Map;

/**
 * A question and what a person found relevant to it.
 *
 * @param query the question
 * @param grades how relevant, by id of a document or of a chunk: 0 is not, more is better; at least one above 0
 */
public record Judgement(String query, Map<String, Integer> grades) {

    public Judgement {
        Check.notBlank(query, "query");
        grades = Map.copyOf(Check.notNull(grades, "grades"));
        grades.forEach((id, grade) -> Check.that(grade >= 0, "grade", grade, ">= 0"));
        Check.that(
                grades.values().stream().anyMatch(grade -> grade > 0),
                "grades",
                grades.size() + " grades",
                "one above 0");
    }

    /** Names how much was judged, without the question. */
    @Override
    public String toString() {
        return "Judgement[" + grades.size() + " grades]";
    }
}
