package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.SseReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Chat Completions as they come. One parser reads all events of the stream: it is fed one after the other. */
final class CompletionStream extends AbstractChatStream {

    private final Connection.Exchange exchange;
    private final HttpAnswer answer;
    private final String provider;
    private final SseReader events;
    private final JsonParser json;
    private final ByteArrayFeeder feeder;
    private final CompletionReader reader = new CompletionReader(true);
    private boolean ended;

    CompletionStream(Connection.Exchange exchange, String provider) {
        this.exchange = exchange;
        this.answer = exchange.answer();
        this.provider = provider;
        this.events = new SseReader(answer.body());
        try {
            this.json = Connection.JSON.createNonBlockingByteArrayParser();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        this.feeder = (ByteArrayFeeder) json.getNonBlockingInputFeeder();
    }

    @Override
    protected @Nullable StreamEvent advance() {
        while (true) {
            StreamEvent event = reader.nextEvent();
            if (event != null) {
                return event;
            }
            if (ended) {
                return finished();
            }
            try {
                readEvent();
            } catch (JsonProcessingException broken) {
                throw malformed("event: broken JSON (expected: a chunk)", broken);
            } catch (IOException failure) {
                // The answer is complete by then: what follows the finish is the usage at most.
                if (reader.finished() && !isCancelled()) {
                    ended = true;
                } else {
                    throw answer.failed(failure);
                }
            }
        }
    }

    private void readEvent() throws IOException {
        if (!events.next()) {
            ended = true;
        } else if (events.dataIs("[DONE]")) {
            ended = true;
        } else if (events.length() > 0) {
            feeder.feedInput(events.array(), 0, events.length());
            reader.read(json);
            if (json.nextToken() != JsonToken.NOT_AVAILABLE) {
                throw malformed("event: more than one value (expected: one chunk)", null);
            }
            if (reader.error() != null) {
                throw exchange.error(reader.error()).setPartial(partialText(), reader.usage());
            }
        }
    }

    private StreamEvent finished() {
        if (!reader.finished()) {
            throw malformed("finish_reason: none (expected: one before the end of the stream)", null);
        }
        answer.finish();
        String requestId = answer.details().requestId().orElse(null);
        return new StreamEvent.Finished(reader.response(partialText(), provider, requestId));
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
