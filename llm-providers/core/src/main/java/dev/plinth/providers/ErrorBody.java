package dev.plinth.providers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.check.Check;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says went wrong, out of all the shapes that providers and proxies use: an object or a text under
 * {@code error}, {@code message} or {@code detail}, also in an array, a page of HTML, or nothing.
 *
 * @param message the provider's words; empty when there are none
 * @param code the provider's code, a number as its digits; null: none
 * @param type the provider's type or status; null: none
 * @param reasons finer codes out of the details, such as {@code API_KEY_INVALID}
 * @param retryAfter how long to wait, where the body says so; null: it does not
 * @param requestId the provider's id of the request, to quote to its support; null: none
 */
public record ErrorBody(
        String message,
        @Nullable String code,
        @Nullable String type,
        List<String> reasons,
        @Nullable Duration retryAfter,
        @Nullable String requestId) {

    private static final JsonFactory JSON = new JsonFactory();

    public ErrorBody {
        Check.notNull(message, "message");
        reasons = List.copyOf(reasons);
    }

    /** An error without details. */
    public ErrorBody(String message, @Nullable String code, @Nullable String type) {
        this(message, code, type, List.of(), null, null);
    }

    /** Reads a body; of one that is cut or broken, what comes before that. */
    public static ErrorBody parse(String body) {
        String text = body.strip();
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return new ErrorBody(text.startsWith("<") ? "a page of HTML" : text, null, null);
        }
        Fields fields = new Fields();
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            fields.value(json);
        } catch (IOException notJson) {
            fields.message = fields.message.isEmpty() ? "an answer that is cut or no JSON" : fields.message;
        }
        return fields.body();
    }

    /** Reads the value the parser stands at the start of, to its end. */
    public static ErrorBody read(JsonParser json) throws IOException {
        Fields fields = new Fields();
        fields.value(json);
        return fields.body();
    }

    /** The code, or else the type. */
    public Optional<String> codeOrType() {
        return Optional.ofNullable(code == null ? type : code);
    }

    /** The same error with this type, unless it has one. */
    public ErrorBody withType(String name) {
        return type == null ? new ErrorBody(message, code, name, reasons, retryAfter, requestId) : this;
    }

    /** All the names the provider gives the error, the finest first. */
    List<String> names() {
        List<String> names = new ArrayList<>(reasons);
        if (code != null) {
            names.add(code);
        }
        if (type != null) {
            names.add(type);
        }
        return names;
    }

    /**
     * Picks an error out of the fields of an object that somebody else reads, such as an answer of 200.
     *
     * <p>Not thread-safe.
     */
    public static final class Fields {
        private String message = "";
        private @Nullable String code;
        private @Nullable String type;
        private List<String> reasons = List.of();
        private @Nullable Duration retryAfter;
        private @Nullable ErrorBody upstream;
        private @Nullable String requestId;
        private boolean named;

        /** Nothing picked yet. */
        public Fields() {}

        /** Forgets the last object. */
        public void reset() {
            resetError();
            requestId = null;
        }

        private void resetError() {
            message = "";
            code = null;
            type = null;
            reasons = List.of();
            retryAfter = null;
            upstream = null;
            named = false;
        }

        /**
         * Reads the value of a field, to its end, if it may belong to an error.
         *
         * @return false: it does not, and the parser still stands at the value
         */
        public boolean read(String field, JsonParser json) throws IOException {
            switch (field) {
                case "error" -> error(json);
                case "message", "detail", "msg", "Message" -> value(json);
                case "code" -> code = scalar(json, code);
                case "type", "status" -> type = scalar(json, type);
                case "__type" -> type = withoutNamespace(scalar(json, type));
                case "details", "innererror" -> details(json);
                case "request_id" -> requestId = scalar(json, requestId);
                default -> {
                    return false;
                }
            }
            return true;
        }

        /**
         * The error of the object, or null.
         *
         * @param answered whether the object holds an answer, so that only a field {@code error} makes it an error
         */
        public @Nullable ErrorBody found(boolean answered) {
            return named || (!answered && !message.isEmpty()) ? body() : null;
        }

        private ErrorBody body() {
            ErrorBody cause = upstream;
            if (cause == null) {
                return new ErrorBody(message, code, type, reasons, retryAfter, requestId);
            }
            String words = message + (message.isEmpty() || cause.message.isEmpty() ? "" : ": ") + cause.message;
            List<String> finer = new ArrayList<>(reasons);
            finer.addAll(cause.names());
            Duration wait = retryAfter == null ? cause.retryAfter : retryAfter;
            return new ErrorBody(words, code, type, finer, wait, requestId);
        }

        /** What stands inside is nearer than what stood beside it, such as {@code "type": "error"}. */
        private void error(JsonParser json) throws IOException {
            JsonToken start = json.currentToken();
            if (start == JsonToken.START_OBJECT) {
                resetError();
            }
            value(json);
            boolean says = start.isStructStart() || (start == JsonToken.VALUE_STRING && json.getTextLength() > 0);
            named = named || says;
        }

        private void value(JsonParser json) throws IOException {
            JsonToken value = json.currentToken();
            if (value == JsonToken.START_OBJECT) {
                object(json);
            } else if (value == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    value(json);
                }
            } else if (value == null || value == JsonToken.NOT_AVAILABLE) {
                throw new JsonParseException(json, "cut short");
            } else if (value == JsonToken.VALUE_STRING && message.isEmpty()) {
                message = json.getText();
            }
        }

        private void object(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                if (field.equals("metadata")) {
                    metadata(json);
                } else if (!read(field, json)) {
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT) {
                throw new JsonParseException(json, "cut short");
            }
        }

        /** A router repeats, under {@code raw}, what the server behind it said. */
        private void metadata(JsonParser json) throws IOException {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                return;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean raw = json.currentName().equals("raw");
                if (json.nextToken() == JsonToken.VALUE_STRING && raw) {
                    upstream = parse(json.getText());
                } else {
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT) {
                throw new JsonParseException(json, "cut short");
            }
        }

        /** Finer codes and waits, at any depth, in the words of Google, Azure and Anthropic. */
        private void details(JsonParser json) throws IOException {
            if (!json.currentToken().isStructStart()) {
                return;
            }
            int depth = 1;
            while (depth > 0) {
                JsonToken token = json.nextToken();
                if (token == null) {
                    throw new JsonParseException(json, "cut short");
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (token == JsonToken.VALUE_STRING && json.currentName() != null) {
                    detail(json.currentName(), json.getText());
                }
            }
        }

        private void detail(String name, String text) {
            switch (name) {
                case "reason", "error_code", "quotaId", "code" -> {
                    reasons = reasons.isEmpty() ? new ArrayList<>(2) : reasons;
                    reasons.add(text);
                }
                case "retryDelay" ->
                    retryAfter = Waits.parse(text, Instant.EPOCH).orElse(retryAfter);
                default -> {
                    // nothing to act on
                }
            }
        }

        /** AWS writes {@code com.amazon.coral.service#ExpiredTokenException}. */
        private static @Nullable String withoutNamespace(@Nullable String name) {
            return name == null ? null : name.substring(name.lastIndexOf('#') + 1);
        }

        private static @Nullable String scalar(JsonParser json, @Nullable String known) throws IOException {
            JsonToken value = json.currentToken();
            if (known == null && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                return json.getText();
            }
            json.skipChildren();
            return known;
        }
    }
}
