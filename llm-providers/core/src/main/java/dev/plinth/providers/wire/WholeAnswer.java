package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.LlmException;
import dev.plinth.providers.ErrorBody;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An answer in one piece, wherever it stands: as a body of its own, or among the results of a batch.
 *
 * <p>Not thread-safe.
 */
public final class WholeAnswer {

    private final AnswerReader reader;
    private String text = "";

    /** An answer that this reader, made for answers in one piece, puts together. */
    public WholeAnswer(AnswerReader reader) {
        this.reader = Check.notNull(reader, "reader");
    }

    /** Reads the value the parser stands at, to its end. */
    public void read(JsonParser json) throws IOException {
        reader.read("", json);
        reader.endParts();
        text = reader.parts().wholeText();
    }

    /** What it says went wrong; null: nothing. */
    public @Nullable ErrorBody error() {
        return reader.error();
    }

    /** Whether it was an answer, rather than any other value. */
    public boolean isAnswer() {
        return reader.hasAnswer();
    }

    /** The error with what the answer has of text and usage all the same. */
    public LlmException addTo(LlmException error) {
        return error.setPartial(text, reader.usage().usage());
    }

    /** The answer, as far as it is known from what was read. */
    public ChatResponse.Builder response(String provider) {
        return reader.response(text, provider);
    }
}
