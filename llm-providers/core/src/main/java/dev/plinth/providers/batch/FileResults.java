package dev.plinth.providers.batch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.ProviderAnswer;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.JsonLines;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Results out of files with one JSON object a line, read as the files come, one after the other. */
public abstract class FileResults extends BatchResults {

    private volatile @Nullable OpenFile file;

    private static final class OpenFile {
        final ProviderAnswer answer;
        final JsonLines lines;

        OpenFile(ProviderAnswer answer) {
            this.answer = answer;
            this.lines = new JsonLines(answer.http().body());
        }
    }

    /** For subclasses. */
    protected FileResults() {}

    /** The next file; null: there is none. */
    protected abstract @Nullable ProviderAnswer open();

    /**
     * Reads one line: the value the parser stands at, to its end.
     *
     * @param line as it came
     * @return null: it is not a result
     * @throws IOException if the parser does
     */
    protected abstract @Nullable BatchResult read(JsonParser json, String line, ProviderAnswer file) throws IOException;

    /** Called after the last file, to complain of what was missing. */
    protected abstract void checkComplete();

    @Override
    protected final @Nullable BatchResult advance() {
        while (true) {
            OpenFile open = file == null ? openNext() : file;
            if (open == null) {
                checkComplete();
                return null;
            }
            BatchResult result = next(open);
            if (result != null) {
                return result;
            }
            file = null;
        }
    }

    private @Nullable OpenFile openNext() {
        ProviderAnswer answer = open();
        if (answer == null) {
            return null;
        }
        OpenFile opened = new OpenFile(answer);
        file = opened;
        if (isCancelled()) {
            answer.close(); // release() may have come before the file
        }
        return opened;
    }

    /** The next result of a file; null at its end. */
    private @Nullable BatchResult next(OpenFile open) {
        HttpAnswer http = open.answer.http();
        try {
            while (open.lines.next()) {
                BatchResult result = read(open.lines.json(), open.lines.data(), open.answer);
                open.lines.end();
                if (result != null) {
                    return result;
                }
            }
            http.finish();
            open.lines.close();
            return null;
        } catch (JsonProcessingException broken) {
            throw new MalformedResponseException(
                    "line: " + open.lines.number() + " (expected: one result in JSON)",
                    http.details(),
                    Json.withoutContent(broken));
        } catch (IOException failure) {
            throw http.failed(failure);
        }
    }

    @Override
    protected final void release() {
        OpenFile open = file;
        if (open != null) {
            open.answer.close();
        }
    }
}
