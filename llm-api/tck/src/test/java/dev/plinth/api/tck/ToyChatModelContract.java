package dev.plinth.api.tck;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The toy protocol under the contract. */
abstract class ToyChatModelContract extends HttpChatModelContract {
    private static final String CALL = "call call-1 weather {\"city\":\"Oslo\"}";

    @Override
    protected abstract ChatModel model(URI server);

    @Override
    protected Optional<ChatModel> modelThatSendsTraceContext(URI server) {
        return Optional.of(new ToyChatModel(server) {
            @Override
            Map<String, String> traceHeaders(ChatRequest request) {
                return request.context().traceHeaders();
            }
        });
    }

    @Override
    protected boolean isStreamed(StubRequest request) {
        return request.header("accept").orElse("").equals(ToyChatModel.STREAM);
    }

    @Override
    protected String plainText() {
        return "text " + TEXT + "\nusage 5 9\nfinish stop\nend";
    }

    @Override
    protected String plainToolCall() {
        return CALL + "\nusage 5 9\nfinish tools\nend";
    }

    @Override
    protected String streamType() {
        return ToyChatModel.STREAM;
    }

    @Override
    protected List<byte[]> streamedText() {
        return events("text " + TEXT.substring(0, 10), "text " + TEXT.substring(10));
    }

    @Override
    protected List<byte[]> streamedFinish() {
        return events("finish stop", "usage 5 9", "end");
    }

    @Override
    protected List<byte[]> streamedToolCall() {
        return events(CALL, "finish tools", "usage 5 9", "end");
    }

    @Override
    protected StubAnswer error(int status, String message) {
        StubAnswer error = StubAnswer.json(status, "{\"error\":\"" + message + "\"}");
        return status == 429 ? error.header("retry-after", "2") : error;
    }

    @Override
    protected List<byte[]> streamedError() {
        return events("error overloaded");
    }

    private static List<byte[]> events(String... lines) {
        return frames(Arrays.stream(lines).map(line -> "data: " + line + "\n\n").toArray(String[]::new));
    }
}
