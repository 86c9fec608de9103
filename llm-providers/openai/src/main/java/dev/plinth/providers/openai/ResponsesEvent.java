package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.TokenLogprobs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of one event of a stream, which may come in any order. Not thread-safe. */
final class ResponsesEvent {

    String type;
    String delta = "";

    /** Where in the output its item stands; negative: not said. */
    long index = -1;

    @Nullable
    ResponseItem item;

    @Nullable
    Annotation annotation;

    final List<TokenLogprob> logprobs = new ArrayList<>(0);

    private final ErrorBody.Fields errors = new ErrorBody.Fields();

    /** An event of this name; empty: it has none. */
    ResponsesEvent(String name) {
        this.type = name;
    }

    /**
     * Reads the value of a field, to its end, if it is known.
     *
     * @return false: it is not, and the parser still stands at the value
     */
    boolean read(String field, JsonParser json) throws IOException {
        switch (field) {
            case "type" -> type = ResponseItem.text(json, type);
            case "delta" -> delta = ResponseItem.text(json, "");
            case "output_index" -> index = Json.number(json, -1);
            case "item" -> item = ResponseItem.read(json);
            case "logprobs" -> TokenLogprobs.read(json, logprobs::add);
            case "annotation" -> annotation = Annotation.read(json);
            default -> {
                return errors.read(field, json);
            }
        }
        return true;
    }

    /** The error it tells of; null: none. */
    @Nullable
    ErrorBody error() {
        return errors.found(!type.isEmpty() && !type.equals("error"));
    }
}
