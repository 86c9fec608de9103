package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.batch.Batch;
import dev.plinth.providers.batch.BatchReader;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** What the server says of a batch. */
final class MessageBatch implements BatchReader {

    private @Nullable String id;
    private @Nullable String status;
    private @Nullable Instant createdAt;
    private @Nullable Instant endedAt;
    private @Nullable Instant expiresAt;
    private long total = -1;
    private long succeeded;
    private long failed;

    @Override
    public boolean read(String field, JsonParser json) throws IOException {
        switch (field) {
            case "id" -> id = Json.text(json, null);
            case "processing_status" -> status = Json.text(json, null);
            case "created_at" -> createdAt = instant(json);
            case "ended_at" -> endedAt = instant(json);
            case "expires_at" -> expiresAt = instant(json);
            case "request_counts" -> readCounts(json);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Instant instant(JsonParser json) throws IOException {
        String text = Json.text(json, null);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException another) {
            return null;
        }
    }

    /** The counts are of states: together they are all requests. */
    private void readCounts(JsonParser json) throws IOException {
        if (Json.isObject(json)) {
            total = 0;
            succeeded = 0;
            failed = 0;
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                long count = Math.max(0, Json.number(json, 0));
                total += count;
                switch (field) {
                    case "succeeded" -> succeeded += count;
                    case "errored", "canceled", "expired" -> failed += count;
                    default -> {
                        // not over yet
                    }
                }
            }
        }
    }

    @Override
    public boolean isComplete() {
        return id != null && status != null;
    }

    /** How many requests it has; negative: unknown. */
    long total() {
        return total;
    }

    @Override
    public Batch toBatch() {
        if (id == null || status == null) {
            throw new IllegalStateException("batch: incomplete (expected: an id and a status)");
        }
        return Batch.builder(id, state(status))
                .rawState(status)
                .total(total)
                .succeeded(succeeded)
                .failed(failed)
                .createdAt(createdAt)
                .endedAt(endedAt)
                .expiresAt(expiresAt)
                .build();
    }

    private static Batch.State state(String status) {
        return switch (status) {
            case "ended" -> Batch.State.ENDED;
            case "canceling" -> Batch.State.CANCELLING;
            default -> Batch.State.RUNNING; // also what is not known yet: the caller's limit ends the waiting
        };
    }
}
