package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.batch.Batch;
import dev.plinth.providers.batch.BatchReader;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the server says of a batch: how far it is, and in which files it stands. */
final class FileBatch implements BatchReader {

    private @Nullable String id;
    private @Nullable String status;
    private @Nullable String failure;
    private @Nullable Instant createdAt;
    private @Nullable Instant endedAt;
    private @Nullable Instant expiresAt;
    private long total = -1;
    private long completed;
    private long failed;
    private @Nullable String input;
    private @Nullable String output;
    private @Nullable String errors;

    @Override
    public boolean read(String field, JsonParser json) throws IOException {
        switch (field) {
            case "id" -> id = Json.text(json, null);
            case "status" -> status = Json.text(json, null);
            case "errors" -> readErrors(json);
            case "input_file_id" -> input = file(json);
            case "output_file_id" -> output = file(json);
            case "error_file_id" -> errors = file(json);
            case "created_at" -> createdAt = instant(json, createdAt);
            case "completed_at", "failed_at", "expired_at", "cancelled_at" -> endedAt = instant(json, endedAt);
            case "expires_at" -> expiresAt = instant(json, expiresAt);
            case "request_counts" -> readCounts(json);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Azure writes "" where there is no file. */
    private static @Nullable String file(JsonParser json) throws IOException {
        String id = Json.text(json, null);
        return id == null || id.isEmpty() ? null : id;
    }

    private static @Nullable Instant instant(JsonParser json, @Nullable Instant known) throws IOException {
        long seconds = Json.number(json, 0);
        return seconds <= 0 || seconds > Instant.MAX.getEpochSecond() ? known : Instant.ofEpochSecond(seconds);
    }

    private void readCounts(JsonParser json) throws IOException {
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "total" -> total = Json.number(json, -1);
                    case "completed" -> completed = Math.max(0, Json.number(json, 0));
                    case "failed" -> failed = Math.max(0, Json.number(json, 0));
                    default -> json.skipChildren();
                }
            }
        }
    }

    /** The first error of the list, with its line. */
    private void readErrors(JsonParser json) throws IOException {
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("data") && Json.isArray(json)) {
                    while (Json.nextElement(json)) {
                        readError(json);
                    }
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    private void readError(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        String message = null;
        String code = null;
        long line = 0;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "message" -> message = Json.text(json, null);
                case "code" -> code = Json.text(json, null);
                case "line" -> line = Json.number(json, 0);
                default -> json.skipChildren();
            }
        }
        if (failure == null && (message != null || code != null)) {
            failure = (line > 0 ? "line " + line + ": " : "") + (message == null ? code : message);
        }
    }

    @Override
    public boolean isComplete() {
        return id != null && status != null;
    }

    /** Whether time ran out before all requests were answered. */
    boolean isExpired() {
        return "expired".equals(status);
    }

    /** Whether somebody ended it early. */
    boolean isCancelled() {
        return "cancelled".equals(status);
    }

    /** How many requests it has; negative: unknown. */
    long total() {
        return total;
    }

    /** The files of results, those of answers first. */
    List<String> results() {
        return Stream.of(output, errors).flatMap(Stream::ofNullable).toList();
    }

    /** The file of the requests. */
    Optional<String> requests() {
        return Optional.ofNullable(input);
    }

    @Override
    public Batch toBatch() {
        if (id == null || status == null) {
            throw new IllegalStateException("batch: incomplete (expected: an id and a status)");
        }
        Batch.State state = state(status);
        // The server counts from zero while it still checks the requests.
        boolean counted = total > 0 || state == Batch.State.ENDED;
        return Batch.builder(id, state)
                .rawState(status)
                .total(counted ? total : -1)
                .succeeded(completed)
                .failed(failed)
                .createdAt(createdAt)
                .endedAt(endedAt)
                .expiresAt(expiresAt)
                .failure(failure)
                .build();
    }

    private static Batch.State state(String status) {
        return switch (status) {
            case "completed", "expired", "cancelled" -> Batch.State.ENDED;
            case "failed" -> Batch.State.FAILED;
            case "cancelling" -> Batch.State.CANCELLING;
            default -> Batch.State.RUNNING; // also what is not known yet: the caller's limit ends the waiting
        };
    }
}
