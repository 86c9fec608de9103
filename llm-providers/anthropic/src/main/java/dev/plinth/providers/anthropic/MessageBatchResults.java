package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.ProviderAnswer;
import dev.plinth.providers.batch.FileResults;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.WholeAnswer;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The results of a batch, one a line. */
final class MessageBatchResults extends FileResults {

    private final long total;
    private final ErrorDetails details;
    private @Nullable Supplier<ProviderAnswer> file;
    private long told;

    /** @param total how many results there must be; negative: unknown */
    MessageBatchResults(long total, Supplier<ProviderAnswer> file, ErrorDetails details) {
        this.total = total;
        this.file = file;
        this.details = details;
    }

    @Override
    protected @Nullable ProviderAnswer open() {
        Supplier<ProviderAnswer> next = file;
        file = null;
        return next == null ? null : next.get();
    }

    @Override
    protected void checkComplete() {
        if (told < total) {
            throw new MalformedResponseException("results: " + told + " (expected: " + total + ")", details, null);
        }
    }

    @Override
    protected BatchResult read(JsonParser json, String line, ProviderAnswer file) throws IOException {
        Line read = new Line();
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "custom_id" -> read.id = Json.text(json, null);
                    case "result" -> read.result(json);
                    default -> json.skipChildren();
                }
            }
        }
        if (read.id == null) {
            throw new MalformedResponseException("custom_id: none (expected: the id of a request)", details, null);
        }
        told++;
        LlmException failure = read.failure(file);
        return failure == null
                ? BatchResult.answered(
                        read.id,
                        read.answer
                                .response(details.provider().orElse(""))
                                .raw(line)
                                .build())
                : BatchResult.failed(read.id, read.answer.addTo(failure));
    }

    private final class Line {
        private final WholeAnswer answer = new WholeAnswer(new MessageReader(false));
        private @Nullable String id;
        private @Nullable String type;
        private @Nullable ErrorBody error;

        void result(JsonParser json) throws IOException {
            if (Json.isObject(json)) {
                for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                    switch (field) {
                        case "type" -> type = Json.text(json, null);
                        case "message" -> {
                            if (Json.isObject(json)) {
                                answer.read(json);
                            }
                        }
                        case "error" -> {
                            if (Json.isObject(json)) {
                                error = ErrorBody.read(json);
                            }
                        }
                        default -> json.skipChildren();
                    }
                }
            }
        }

        @Nullable
        LlmException failure(ProviderAnswer file) {
            return switch (type == null ? "" : type) {
                case "expired" ->
                    new TimedOutException("batch: expired (expected: this request answered in time)", details, null);
                case "canceled" ->
                    new CancelledException("batch: cancelled (expected: this request answered before)", details, null);
                default -> {
                    ErrorBody said = error == null ? answer.error() : error;
                    if (said == null && answer.isAnswer()) {
                        yield null;
                    }
                    yield file.error(said == null ? new ErrorBody("", null, type) : said, details);
                }
            };
        }
    }
}
