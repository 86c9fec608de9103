package dev.plinth.providers.openai;

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
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.WholeAnswer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The results of a batch out of its files: those with answers, those with errors, and, if requests are missing from both,
 * as they are when a batch was cancelled, the file of the requests, which tells their ids.
 */
final class FileBatchResults extends FileResults {

    private static final int FIRST_ERROR_STATUS = 300;
    private static final int LAST_STATUS = 599;

    private final FileBatch batch;
    private final Function<String, ProviderAnswer> content;
    private final Supplier<AnswerReader> answers;
    private final ErrorDetails details;
    private final Deque<String> files;
    private final Set<String> told = new HashSet<>();
    private boolean atRequests;

    /**
     * The results of an ended batch.
     *
     * @param content opens a file by its id
     */
    FileBatchResults(
            FileBatch batch,
            Function<String, ProviderAnswer> content,
            Supplier<AnswerReader> answers,
            ErrorDetails details) {
        this.batch = batch;
        this.content = content;
        this.answers = answers;
        this.details = details;
        this.files = new ArrayDeque<>(batch.results());
    }

    @Override
    protected @Nullable ProviderAnswer open() {
        String file = files.poll();
        if (file != null) {
            return content.apply(file);
        }
        if (!isMissingSome() || atRequests || batch.requests().isEmpty()) {
            return null;
        }
        atRequests = true;
        return content.apply(batch.requests().get());
    }

    private boolean isMissingSome() {
        return told.size() < batch.total();
    }

    @Override
    protected void checkComplete() {
        if (isMissingSome()) {
            throw new MalformedResponseException(
                    "results: " + told.size() + " (expected: " + batch.total() + ")", details, null);
        }
    }

    @Override
    protected @Nullable BatchResult read(JsonParser json, String line, ProviderAnswer file) throws IOException {
        Line read = new Line();
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                read.field(field, json);
            }
        }
        if (read.id == null) {
            throw new MalformedResponseException("custom_id: none (expected: the id of a request)", details, null);
        }
        boolean first = told.add(read.id);
        if (!atRequests) {
            return read.result(read.id, line, file);
        }
        return first ? BatchResult.failed(read.id, notReached()) : null;
    }

    /** Why a request is in none of the files of results. */
    private LlmException notReached() {
        if (batch.isExpired()) {
            return expired(null);
        }
        return batch.isCancelled()
                ? cancelled(null)
                : new MalformedResponseException("result: none (expected: one for each request)", details, null);
    }

    private LlmException expired(@Nullable String code) {
        return new TimedOutException("batch: expired (expected: this request answered in time)", with(code), null);
    }

    private LlmException cancelled(@Nullable String code) {
        return new CancelledException("batch: cancelled (expected: this request answered before)", with(code), null);
    }

    private ErrorDetails with(@Nullable String code) {
        return details.toBuilder().providerCode(code).build();
    }

    /** One line: what was answered with an HTTP status, or why it was not even asked. */
    private final class Line {
        private final WholeAnswer answer = new WholeAnswer(answers.get());
        private @Nullable String id;
        private @Nullable String requestId;
        private long status;
        private @Nullable ErrorBody error;

        void field(String field, JsonParser json) throws IOException {
            switch (field) {
                case "custom_id" -> id = Json.text(json, null);
                case "response" -> readResponse(json);
                case "error" -> {
                    if (Json.isObject(json)) {
                        error = ErrorBody.read(json);
                    }
                }
                default -> json.skipChildren();
            }
        }

        private void readResponse(JsonParser json) throws IOException {
            if (Json.isObject(json)) {
                for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                    switch (field) {
                        case "status_code" -> status = Json.number(json, 0);
                        case "request_id" -> requestId = Json.text(json, null);
                        case "body" -> {
                            if (Json.isObject(json)) {
                                answer.read(json);
                            }
                        }
                        default -> json.skipChildren();
                    }
                }
            }
        }

        BatchResult result(String id, String line, ProviderAnswer file) {
            LlmException failure = failure(file);
            return failure == null
                    ? BatchResult.answered(
                            id,
                            answer.response(details.provider().orElse(""))
                                    .requestId(requestId)
                                    .raw(line)
                                    .build())
                    : BatchResult.failed(id, answer.addTo(failure));
        }

        private @Nullable LlmException failure(ProviderAnswer file) {
            ErrorBody said = error == null ? answer.error() : error;
            String code = said == null ? null : said.codeOrType().orElse(null);
            if ("batch_expired".equals(code)) {
                return expired(code);
            }
            if ("batch_cancelled".equals(code)) {
                return cancelled(code);
            }
            if (said == null && status < FIRST_ERROR_STATUS && answer.isAnswer()) {
                return null;
            }
            ErrorBody known = said == null ? new ErrorBody("", null, null) : said;
            ErrorDetails.Builder circumstances = details.toBuilder().requestId(requestId);
            if (status >= 100 && status <= LAST_STATUS) {
                circumstances.httpStatus((int) status);
            }
            return file.error(known, circumstances.build());
        }
    }
}
