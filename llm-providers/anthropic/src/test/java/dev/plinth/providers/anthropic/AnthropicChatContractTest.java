package dev.plinth.providers.anthropic;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.tck.HttpChatModelContract;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class AnthropicChatContractTest extends HttpChatModelContract {

    private @Nullable Anthropic anthropic;

    @AfterEach
    void close() {
        if (anthropic != null) {
            anthropic.close();
        }
    }

    private static Anthropic.Builder at(URI server) {
        return Anthropic.builder().baseUrl(server.toString()).apiKey(KEY).timeouts(TIMEOUTS);
    }

    private ChatModel model(Anthropic.Builder builder) {
        close();
        anthropic = builder.build();
        return anthropic.chatModel("m");
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
        return Events.message("end_turn", Events.textBlock(TEXT));
    }

    @Override
    protected String plainToolCall() {
        return Events.message("tool_use", Events.toolUse("toolu_1", "weather", "{\"city\":\"Oslo\"}"));
    }

    @Override
    protected String streamType() {
        return "text/event-stream; charset=utf-8";
    }

    @Override
    protected List<byte[]> streamedText() {
        return frames(
                event(Events.START),
                event(Events.block(0, "{\"type\":\"text\",\"text\":\"\"}")),
                event(Events.PING),
                event(Events.text(0, TEXT.substring(0, 5))),
                event(Events.text(0, TEXT.substring(5))));
    }

    @Override
    protected List<byte[]> streamedFinish() {
        return frames(event(Events.blockStop(0)), event(Events.finish("end_turn")), event(Events.STOP));
    }

    @Override
    protected List<byte[]> streamedToolCall() {
        return frames(
                event(Events.START),
                event(Events.block(0, Events.toolUse("toolu_1", "weather", "{}"))),
                event(Events.input(0, "")),
                event(Events.input(0, "{\"city\":")),
                event(Events.input(0, "\"Oslo\"}")),
                event(Events.blockStop(0)),
                event(Events.finish("tool_use")),
                event(Events.STOP));
    }

    @Override
    protected StubAnswer error(int status, String message) {
        String type = switch (status) {
            case 400 -> "invalid_request_error";
            case 401 -> "authentication_error";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> "api_error";
        };
        StubAnswer error = StubAnswer.json(status, error(type, message));
        return status == 429 ? error.header("retry-after", "2") : error;
    }

    @Override
    protected List<byte[]> streamedError() {
        return frames(event(error("overloaded_error", "Overloaded")));
    }

    private static String error(String type, String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":" + Events.quoted(type) + ",\"message\":"
                + Events.quoted(message) + "},\"request_id\":\"req_1\"}";
    }

    private static String event(String data) {
        return "event: " + Events.tree(data).get("type").asText() + "\ndata: " + data + "\n\n";
    }
}
