package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.providers.ErrorBody;
import java.io.IOException;

/** A protocol whose answers, whole or in frames, are {@code {"text":...,"stop":...}}. */
final class TestProtocol implements ChatProtocol, TokenProtocol {

    @Override
    public String path(ChatCall call) {
        return "/chat";
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("prompt", call.request().messages().get(0).text());
        json.writeEndObject();
    }

    @Override
    public void addHeaders(ChatCall call, dev.plinth.providers.HttpCall.Builder headers) {
        headers.header("x-test", "1");
    }

    @Override
    public String field() {
        return "tokens";
    }

    @Override
    public AnswerReader reader(ChatCall call) {
        return new Reader(call.streamed());
    }

    static final class Reader extends AnswerReader {
        private final ErrorBody.Fields errors = new ErrorBody.Fields();

        Reader(boolean streamed) {
            super(streamed);
        }

        @Override
        protected void read(String name, JsonParser json) throws IOException {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(json, "not an object");
            }
            boolean answers = false;
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "text" -> {
                        answers = true;
                        answered();
                        parts().text(String.valueOf(Json.text(json, "")));
                    }
                    case "stop" -> finish(Json.text(json, null));
                    case "tokens" -> usage().output(Json.number(json, -1));
                    default -> {
                        if (!errors.read(field, json)) {
                            json.skipChildren();
                        }
                    }
                }
            }
            fail(errors.found(answers));
        }
    }
}
