package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.JsonEvents;
import java.io.IOException;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Chat Completions as they come. One parser reads all events of the stream: it is fed one after the other. */
final class CompletionStream extends AbstractChatStream {

    private final Connection.Exchange exchange;
    private final HttpAnswer answer;
    private final String provider;
    private final JsonEvents events;
    private final CompletionReader reader = new CompletionReader(true);
    private final @Nullable StringJoiner raw;
    private boolean ended;

    CompletionStream(Connection.Exchange exchange, String provider, boolean keepRaw) {
        this.exchange = exchange;
        this.answer = exchange.answer();
        this.provider = provider;
        this.raw = keepRaw ? new StringJoiner("\n") : null;
        this.events = new JsonEvents(Connection.JSON, answer.body());
    }

    @Override
    protected @Nullable StreamEvent advance() {
        while (true) {
            StreamEvent event = reader.nextEvent();
            if (event != null) {
                return event;
            }
            ErrorBody error = reader.error();
            if (error != null) {
                throw exchange.error(error).setPartial(partialText(), reader.usage());
            }
            if (ended && !reader.endToolCalls()) {
                return finished();
            }
            try {
                if (!ended) {
                    readEvent();
                }
            } catch (JsonProcessingException broken) {
                throw malformed("event: broken JSON (expected: a chunk)", broken);
            } catch (IOException failure) {
                // The answer is complete by then: what follows the finish is the usage at most.
                if (reader.finished() && !isCancelled()) {
                    ended = true;
                } else {
                    throw answer.failed(failure).setPartial(partialText(), reader.usage());
                }
            }
        }
    }

    private void readEvent() throws IOException {
        if (!events.next()) {
            ended = true;
            return;
        }
        if (raw != null) {
            raw.add(events.data());
        }
        if (events.event().equals("error")) {
            reader.readError(events.json());
        } else {
            reader.read(events.json());
        }
    }

    /** Only a finish reason says that nothing is missing: proxies send {@code [DONE]} after a lost upstream, too. */
    private StreamEvent finished() {
        if (!reader.finished()) {
            throw malformed("finish_reason: none (expected: one before the end of the stream)", null);
        }
        answer.finish();
        events.close();
        String requestId = answer.requestId().orElse(null);
        ChatResponse response = reader.response(partialText(), provider, requestId);
        return new StreamEvent.Finished(
                raw == null
                        ? response
                        : response.toBuilder().raw(raw.toString()).build());
    }

    private LlmException malformed(String message, @Nullable IOException cause) {
        return new MalformedResponseException(message, answer.details(), withoutContent(cause))
                .setPartial(partialText(), reader.usage());
    }

    /** Jackson's messages quote what they could not read, which may be what the model said. */
    static @Nullable Throwable withoutContent(@Nullable IOException cause) {
        if (!(cause instanceof JsonProcessingException broken)) {
            return cause;
        }
        JsonLocation place = broken.getLocation();
        return new IOException("JSON broken at byte " + (place == null ? "?" : place.getByteOffset()));
    }

    @Override
    protected void release() {
        answer.close();
    }
}
