package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.ProviderAnswer;
import java.io.IOException;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** An answer as it comes, frame by frame. */
final class HttpChatStream extends AbstractChatStream {

    private static final int CHARACTERS_PER_TOKEN = 4;

    private final ProviderAnswer answer;
    private final HttpAnswer http;
    private final String provider;
    private final JsonFrames frames;
    private final AnswerReader reader;
    private final @Nullable StringJoiner raw;
    private boolean complete;
    private boolean ended;

    HttpChatStream(ProviderAnswer answer, String provider, ChatProtocol protocol, ChatCall call) {
        this.answer = answer;
        this.http = answer.http();
        this.provider = provider;
        this.raw = call.request().keepRaw() ? new StringJoiner("\n") : null;
        this.frames = protocol.frames(http);
        this.reader = protocol.reader(call);
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
                throw withPartial(answer.error(error));
            }
            if (ended && !reader.endParts()) {
                return finished();
            }
            try {
                if (!ended) {
                    readFrame();
                }
            } catch (JsonProcessingException broken) {
                endOrThrow(malformed("event: broken JSON (expected: an event of the protocol)", broken));
            } catch (IOException failure) {
                endOrThrow(http.failed(failure));
            } catch (MalformedResponseException broken) {
                endOrThrow(broken);
            }
        }
    }

    /** The answer is complete once a frame that finished it was read: what follows is the usage at most. */
    private void endOrThrow(LlmException failure) {
        if (!complete || isCancelled()) {
            throw withPartial(failure);
        }
        ended = true;
    }

    private void readFrame() throws IOException {
        complete = reader.isFinished();
        if (!frames.next()) {
            ended = true;
            return;
        }
        if (raw != null) {
            raw.add(frames.data());
        }
        reader.read(frames.name(), frames.json());
        ended = reader.isEnded();
    }

    /** Only a finish says that nothing is missing: proxies send {@code [DONE]} after a lost upstream, too. */
    private StreamEvent finished() {
        if (!reader.isFinished()) {
            throw malformed("finish_reason: none (expected: one before the end of the stream)", null);
        }
        http.finish();
        frames.close();
        ChatResponse response = reader.response(partialText(), provider)
                .requestId(http.requestId().orElse(null))
                .rateLimits(http.rateLimits())
                .raw(raw == null ? null : raw.toString())
                .build();
        return new StreamEvent.Finished(response);
    }

    private LlmException malformed(String message, @Nullable IOException cause) {
        return withPartial(new MalformedResponseException(message, http.details(), Json.withoutContent(cause)));
    }

    private LlmException withPartial(LlmException failure) {
        String text = partialText();
        Usage counted = reader.usage().usage();
        return failure.setPartial(text, reader.isFinished() ? counted : unfinished(counted, text));
    }

    /** Before the finish the output is counted up to some point, by Anthropic up to its first token: more may have come. */
    private static Usage unfinished(Usage counted, String text) {
        int arrived = (text.length() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
        return counted.source() == Usage.Source.UNKNOWN || counted.output().orElse(0) >= arrived
                ? counted
                : counted.toBuilder()
                        .output(arrived)
                        .source(Usage.Source.ESTIMATED)
                        .build();
    }

    @Override
    protected void release() {
        answer.close();
    }
}
