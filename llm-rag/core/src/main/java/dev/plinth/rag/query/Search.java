package dev.plinth.rag.query;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.InputType;

/**
 * One search for a question.
 *
 * @param words what is looked for by words
 * @param meaning what is embedded and looked for by vector
 * @param type as what it is embedded
 */
public record Search(String words, String meaning, InputType type) {

    public Search {
        Check.notBlank(words, "words");
        Check.notBlank(meaning, "meaning");
        Check.notNull(type, "type");
    }

    /** A search for this question both ways. */
    public static Search of(String question) {
        return new Search(question, question, InputType.QUERY);
    }

    /** Names what is asked for, without the texts. */
    @Override
    public String toString() {
        return "Search[" + type + "]";
    }
}
