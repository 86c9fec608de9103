package dev.plinth.providers.cohere;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.tck.HttpChatModelContract;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class CohereChatContractTest extends HttpChatModelContract {
    private @Nullable Cohere cohere;

    @AfterEach
    void close() {
        if (cohere != null) {
            cohere.close();
        }
    }

    private static Cohere.Builder at(URI server) {
        return Cohere.builder().baseUrl(server.toString()).apiKey(KEY).timeouts(TIMEOUTS);
    }

    private ChatModel model(Cohere.Builder builder) {
        close();
        cohere = builder.build();
        return cohere.chatModel("m");
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
        return Events.text(TEXT);
    }

    @Override
    protected String plainToolCall() {
        return Events.answer(
                "\"tool_plan\":\"I will look.\",\"tool_calls\":[{\"id\":\"weather_1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}}]",
                "TOOL_CALL");
    }

    @Override
    protected String streamType() {
        return "text/event-stream";
    }

    @Override
    protected List<byte[]> streamedText() {
        return frames(
                named("message-start", Events.START),
                named("content-start", Events.blockStart(0, "text")),
                named("content-delta", Events.blockDelta(0, "text", TEXT.substring(0, 5))),
                named("content-delta", Events.blockDelta(0, "text", TEXT.substring(5))));
    }

    @Override
    protected List<byte[]> streamedFinish() {
        return frames(
                named("content-end", Events.end("content-end", 0)),
                named("message-end", Events.finish("COMPLETE")),
                "data: [DONE]\n\n");
    }

    @Override
    protected List<byte[]> streamedToolCall() {
        return frames(
                named("message-start", Events.START),
                named("tool-plan-delta", Events.plan("I will")),
                named("tool-plan-delta", Events.plan(" look.")),
                named("tool-call-start", Events.callStart(0, "weather_1", "weather")),
                named("tool-call-delta", Events.callDelta(0, "{\\\"city\\\":")),
                named("tool-call-delta", Events.callDelta(0, "\\\"Oslo\\\"}")),
                named("tool-call-end", Events.end("tool-call-end", 0)),
                named("message-end", Events.finish("TOOL_CALL")),
                "data: [DONE]\n\n");
    }

    @Override
    protected StubAnswer error(int status, String message) {
        StubAnswer error = StubAnswer.json(status, "{\"id\":\"x\",\"message\":\"" + message + "\"}");
        return status == 429 ? error.header("retry-after", "2") : error;
    }

    @Override
    protected List<byte[]> streamedError() {
        return frames(named(
                "message-end",
                "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"ERROR\",\"error\":\"internal\",\"usage\":"
                        + Events.USAGE + "}}"));
    }

    private static String named(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }
}
