package dev.plinth.providers.openai;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.model.Capability;
import dev.plinth.api.tck.ChatModelContract;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.time.Timeouts;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

class OpenAiChatContractTest extends ChatModelContract {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String TOOL_CALL =
            "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\","
                    + "\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}}]}";

    private final StubServer server = StubServer.start();
    private final OpenAi openAi = OpenAi.builder()
            .baseUrl(server.url("/v1").toString())
            .capabilities(Set.of(Capability.TOOLS))
            .timeouts(new Timeouts(LONG, LONG, LONG, LONG))
            .build();

    @AfterEach
    void close() {
        openAi.close();
        server.close();
    }

    @Override
    protected ChatModel model(Answer answer) {
        server.when(request -> request.text().contains("\"stream\":true"), streamed(answer));
        server.when(request -> true, plain(answer));
        return openAi.chatModel("m");
    }

    private static StubAnswer streamed(Answer answer) {
        StubAnswer begun = StubAnswer.streaming("text/event-stream; charset=utf-8")
                .event(Chunks.delta("{\"role\":\"assistant\",\"content\":\"\"}"))
                .event(Chunks.text("Blue light"))
                .event(Chunks.text(" scatters."));
        return switch (answer) {
            case TEXT -> begun.event(Chunks.finish("stop")).event(Chunks.DONE);
            case TOOL_CALL ->
                StubAnswer.sse(
                        Chunks.delta("{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\","
                                + "\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}]}"),
                        Chunks.delta(
                                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]}"),
                        Chunks.delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Oslo\\\"}\"}}]}"),
                        Chunks.finish("tool_calls"),
                        Chunks.DONE);
            case TRUNCATED -> begun;
            case BROKEN -> begun.reset();
            case STALLED -> begun.stall();
            case RATE_LIMITED, SILENT -> plain(answer);
        };
    }

    private static StubAnswer plain(Answer answer) {
        return switch (answer) {
            case TEXT -> StubAnswer.json(Chunks.completion("Blue light scatters."));
            case TOOL_CALL -> StubAnswer.json(Chunks.completion(TOOL_CALL, "tool_calls"));
            case RATE_LIMITED ->
                StubAnswer.json(429, "{\"error\":{\"message\":\"slow down\"}}").header("retry-after", "2");
            case SILENT -> StubAnswer.silence();
            case TRUNCATED -> StubAnswer.json("{\"id\":\"c-1\",\"choices\":[").truncate();
            case BROKEN -> StubAnswer.json("{\"id\":\"c-1\",\"choices\":[").reset();
            case STALLED -> StubAnswer.json("{\"id\":\"c-1\",\"choices\":[").stall();
        };
    }
}
