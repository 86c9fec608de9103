package dev.plinth.providers.openai;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.model.Capability;
import dev.plinth.api.tck.HttpChatModelContract;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class OpenAiChatContractTest extends HttpChatModelContract {
    private static final String TOOL_CALL =
            "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\","
                    + "\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}}]}";

    private @Nullable OpenAi openAi;

    @AfterEach
    void close() {
        if (openAi != null) {
            openAi.close();
        }
    }

    private static OpenAi.Builder at(URI server) {
        return OpenAi.builder()
                .baseUrl(server.resolve("/v1").toString())
                .apiKey(KEY)
                .capabilities(Set.of(Capability.TOOLS))
                .timeouts(TIMEOUTS);
    }

    private ChatModel model(OpenAi.Builder builder) {
        close();
        openAi = builder.build();
        return openAi.chatModel("m");
    }

    @Override
    protected ChatModel model(URI server) {
        return model(at(server));
    }

    @Override
    protected Optional<ChatModel> modelThatSendsTraceContext(URI server) {
        return Optional.of(model(at(server).sendTraceContext()));
    }

    @Override
    protected boolean isStreamed(StubRequest request) {
        return request.text().contains("\"stream\":true");
    }

    @Override
    protected String plainText() {
        return Chunks.completion(TEXT);
    }

    @Override
    protected String plainToolCall() {
        return Chunks.completion(TOOL_CALL, "tool_calls");
    }

    @Override
    protected String streamType() {
        return "text/event-stream; charset=utf-8";
    }

    @Override
    protected List<byte[]> streamedText() {
        return frames(
                event(Chunks.delta("{\"role\":\"assistant\",\"content\":\"\"}")),
                event(Chunks.text(TEXT.substring(0, 5))),
                event(Chunks.text(TEXT.substring(5))));
    }

    @Override
    protected List<byte[]> streamedFinish() {
        return frames(event(Chunks.finish("stop")), event(Chunks.usage(9, 3)), event(Chunks.DONE));
    }

    @Override
    protected List<byte[]> streamedToolCall() {
        return frames(
                event(Chunks.delta("{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}]}")),
                event(Chunks.delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]}")),
                event(Chunks.delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Oslo\\\"}\"}}]}")),
                event(Chunks.finish("tool_calls")),
                event(Chunks.DONE));
    }

    @Override
    protected StubAnswer error(int status, String message) {
        StubAnswer error =
                StubAnswer.json(status, "{\"error\":{\"message\":" + Chunks.quoted(message) + ",\"code\":null}}");
        return status == 429 ? error.header("retry-after", "2") : error;
    }

    @Override
    protected List<byte[]> streamedError() {
        return frames(event("{\"error\":{\"message\":\"busy\",\"type\":\"server_error\",\"code\":null}}"));
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }
}
