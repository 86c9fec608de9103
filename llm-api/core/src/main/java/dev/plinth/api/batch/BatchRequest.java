package dev.plinth.api.batch;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.check.Check;
import java.util.regex.Pattern;

/**
 * One request of a batch.
 *
 * @param id by which its result is found again: 1 to 64 of {@code A-Z a-z 0-9 _ -}, which every provider takes; once in a
 *     batch
 * @param request as for a single call; its time limits and its deadline mean nothing in a batch
 */
public record BatchRequest(String id, ChatRequest request) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public BatchRequest {
        Check.notNull(id, "id");
        Check.that(ID.matcher(id).matches(), "id", id, "1 to 64 of A-Z, a-z, 0-9, _ and -");
        Check.notNull(request, "request");
    }
}
