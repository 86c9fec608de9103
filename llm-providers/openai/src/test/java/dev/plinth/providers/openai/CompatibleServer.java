package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import org.junit.jupiter.api.AfterEach;

/** A server that calls itself compatible, and how its answers are read. */
abstract class CompatibleServer {

    static final String TEXT = Chunks.text("A");
    static final String STOP = Chunks.finish("stop");

    final StubServer server = StubServer.start();
    final OpenAi openAi = OpenAi.builder().baseUrl(server.url("/v1").toString()).build();

    @AfterEach
    final void close() {
        openAi.close();
        server.close();
    }

    ChatResponse read(StubAnswer answer) {
        server.enqueue(answer);
        StringBuilder text = new StringBuilder();
        try (ChatStream stream = openAi.chatModel("m").stream(ChatRequest.of("x"))) {
            ChatResponse response = stream.onText(text::append).response();
            assertThat(response.text()).isEqualTo(text.toString());
            return response;
        }
    }

    ChatResponse read(String... data) {
        return read(StubAnswer.sse(data));
    }

    ChatResponse readRaw(String body) {
        return read(StubAnswer.streaming("text/event-stream").chunk(body));
    }

    <E extends LlmException> E fails(Class<E> type, StubAnswer answer) {
        E error = catchThrowableOfType(type, () -> read(answer));
        assertThat(error).as("error").isNotNull();
        return error;
    }

    ChatResponse plain(String body) {
        server.enqueue(StubAnswer.json(body));
        return openAi.chatModel("m").chat(ChatRequest.of("x"));
    }

    static String call(String fields) {
        return Chunks.delta("{\"tool_calls\":[{" + fields + "}]}");
    }

    static String function(String name, String arguments) {
        return "\"function\":{\"name\":" + (name == null ? "null" : Chunks.quoted(name)) + ",\"arguments\":"
                + Chunks.quoted(arguments) + "}";
    }
}
