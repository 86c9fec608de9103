package dev.plinth.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringWriter;

/** The bodies that requests become. */
final class Bodies {

    private static final int MAX_TOKENS = 1000;

    private Bodies() {}

    static JsonNode of(ChatRequest.Builder request) {
        return of(request, ApiVersion.V2026_10_21);
    }

    static JsonNode of(ChatRequest.Builder request, ApiVersion version) {
        return written(request, version, false, RequestWriter::write);
    }

    static JsonNode streamed(ChatRequest.Builder request) {
        return written(request, ApiVersion.V2026_10_21, true, RequestWriter::write);
    }

    static JsonNode counted(ChatRequest.Builder request) {
        return written(request, ApiVersion.V2026_10_21, false, RequestWriter::writeForCount);
    }

    private interface Write {
        void to(RequestWriter writer, JsonGenerator json) throws IOException;
    }

    private static JsonNode written(ChatRequest.Builder builder, ApiVersion version, boolean streamed, Write write) {
        ChatRequest request = builder.build();
        ChatCall call = new ChatCall(request, request.model().orElse("m"), streamed, ErrorDetails.NONE);
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
            write.to(new RequestWriter(call, version, MAX_TOKENS), json);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return Events.tree(text.toString());
    }

    /** The messages that these messages become. */
    static JsonNode messages(Message... messages) {
        return of(ChatRequest.builder().messages(java.util.List.of(messages))).get("messages");
    }

    static void is(JsonNode actual, String expected) {
        assertThat(actual).isEqualTo(Events.tree(expected.replace('\'', '"')));
    }

    static void refused(ChatRequest.Builder request, ApiVersion version, String capability) {
        UnsupportedCapabilityException error =
                catchThrowableOfType(UnsupportedCapabilityException.class, () -> of(request, version));
        assertThat(error).as(capability).isNotNull();
        assertThat(error.capability()).isEqualTo(capability);
        assertThat(error.getMessage()).contains(" (expected: ");
    }

    static void refused(ChatRequest.Builder request, String capability) {
        refused(request, ApiVersion.V2026_10_21, capability);
    }
}
