package dev.plinth.rag.query;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.InputType;
import org.jspecify.annotations.Nullable;

/**
 * One search for a question.
 *
 * @param words what is looked for by words; null: nothing, it is a search by vector only
 * @param meaning what is embedded and looked for by vector
 * @param type as what it is embedded
 */
public record Search(@Nullable String words, String meaning, InputType type) {

    public Search {
        if (words != null) {
            Check.notBlank(words, "words");
        }
        Check.notBlank(meaning, "meaning");
        Check.notNull(type, "type");
    }

    /** A search for this question both ways. */
    public static Search of(String question) {
        return new Search(question, question, InputType.QUERY);
    }

    /** A search by vector for what is like this passage. */
    public static Search like(String passage) {
        return new Search(null, passage, InputType.DOCUMENT);
    }

    /** Names what is asked for, without the texts. */
    @Override
    public String toString() {
        return "Search[" + type + "]";
    }
}
