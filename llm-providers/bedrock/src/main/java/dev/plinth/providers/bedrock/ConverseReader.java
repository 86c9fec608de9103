package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.Json;
import java.io.IOException;

/**
 * Reads an answer of Converse, or the events of ConverseStream: what the events say stands, by the same names, in the
 * answer, too.
 */
final class ConverseReader extends AnswerReader {

    private static final String SHORTEST_TTL = "5m";

    private final ErrorBody.Fields errors = new ErrorBody.Fields();
    private final ContentReader content = new ContentReader(parts(), this::citation);

    ConverseReader(boolean streamed) {
        super(streamed);
        usage().cacheApart();
    }

    @Override
    protected void read(String name, JsonParser json) throws IOException {
        if (name.startsWith(EventStreamFrames.FAILED)) {
            fail(ErrorBody.read(json).withType(name.substring(EventStreamFrames.FAILED.length())));
            return;
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(json, "not an object");
        }
        errors.reset();
        boolean answers = false;
        boolean begun = false;
        String early = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "output" -> answers |= readOutput(json);
                case "contentBlockIndex" -> {
                    content.begin(Json.number(json, 0));
                    begun = true;
                }
                case "start", "delta" -> {
                    if (begun) {
                        content.read(json);
                    } else {
                        early = Json.copy(json); // which block it belongs to comes behind it
                    }
                }
                case "stopReason" -> readStopReason(json);
                case "usage" -> readUsage(json);
                case "serviceTier" -> readTier(json);
                case "trace" -> readTrace(json);
                default -> {
                    if (!errors.read(field, json)) {
                        json.skipChildren();
                    }
                }
            }
        }
        if (early != null) {
            readContent(early);
        }
        if (name.equals("contentBlockStop")) {
            content.end();
        } else if (name.isEmpty()) {
            fail(errors.found(answers));
        }
    }

    private void readContent(String text) throws IOException {
        try (JsonParser json = Json.FACTORY.createParser(text)) {
            json.nextToken();
            content.read(json);
        }
    }

    /** Whether there is an answer. */
    private boolean readOutput(JsonParser json) throws IOException {
        boolean answers = false;
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("message") && Json.isObject(json)) {
                    answers = true;
                    answered();
                    readMessage(json);
                } else {
                    json.skipChildren();
                }
            }
        }
        return answers;
    }

    private void readMessage(JsonParser json) throws IOException {
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (field.equals("content") && Json.isArray(json)) {
                for (int block = 0; Json.nextElement(json); block++) {
                    content.begin(block);
                    content.read(json);
                    content.end();
                }
            } else {
                json.skipChildren();
            }
        }
    }

    private void readStopReason(JsonParser json) throws IOException {
        String reason = Json.text(json, null);
        if (reason != null) {
            finish(reason);
        }
    }

    /** The cached tokens have two names; whichever comes is read. */
    private void readUsage(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (field.equals("cacheDetails")) {
                readCacheDetails(json);
                continue;
            }
            long tokens = Json.number(json, -1);
            if (tokens >= 0) {
                switch (field) {
                    case "inputTokens" -> usage().input(tokens);
                    case "outputTokens" -> usage().output(tokens);
                    case "cacheReadInputTokens", "cacheReadInputTokenCount" -> usage().cachedInput(tokens);
                    case "cacheWriteInputTokens", "cacheWriteInputTokenCount" -> usage().cacheWrite(tokens);
                    default -> {
                        // such as their sum
                    }
                }
            }
        }
    }

    /** What was written to the cache, by the time it is kept: {@code [{"inputTokens":11,"ttl":"1h"}]}. */
    private void readCacheDetails(JsonParser json) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        long kept = 0;
        while (Json.nextElement(json)) {
            kept += Json.isObject(json) ? longTokens(json) : 0;
        }
        usage().longCacheWrite(kept);
    }

    private static long longTokens(JsonParser json) throws IOException {
        long tokens = 0;
        String ttl = SHORTEST_TTL;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "inputTokens" -> tokens = Json.number(json, 0);
                case "ttl" -> ttl = Json.text(json, SHORTEST_TTL);
                default -> json.skipChildren();
            }
        }
        return SHORTEST_TTL.equals(ttl) ? 0 : tokens;
    }

    private void readTier(JsonParser json) throws IOException {
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("type")) {
                    serviceTier(Json.text(json, null));
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    /** A prompt router says which model it took: {@code {"promptRouter":{"invokedModelId":...}}}. */
    private void readTrace(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "promptRouter" -> readTrace(json);
                case "invokedModelId" -> model(Json.text(json, null));
                default -> json.skipChildren();
            }
        }
    }

    @Override
    protected boolean endParts() {
        content.end();
        return super.endParts();
    }
}
