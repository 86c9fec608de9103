package dev.plinth.providers.ollama;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.tck.HttpChatModelContract;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class OllamaChatContractTest extends HttpChatModelContract {
    private static final String CALL =
            "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"weather\","
                    + "\"arguments\":{\"city\":\"Oslo\"}}}]}";
    private static final String FINISH = "true,\"done_reason\":\"stop\",\"total_duration\":5,\"prompt_eval_count\":9,"
            + "\"prompt_eval_duration\":1,\"eval_count\":3,\"eval_duration\":2";

    private @Nullable Ollama ollama;

    @AfterEach
    void close() {
        if (ollama != null) {
            ollama.close();
        }
    }

    private static Ollama.Builder at(URI server) {
        return Ollama.builder().baseUrl(server.toString()).apiKey(KEY).timeouts(TIMEOUTS);
    }

    private ChatModel model(Ollama.Builder builder) {
        close();
        ollama = builder.build();
        return ollama.chatModel("m");
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

    private static String answer(String message, String done) {
        return "{\"model\":\"m\",\"created_at\":\"2026-11-23T00:00:00Z\",\"message\":" + message + ",\"done\":" + done
                + "}";
    }

    private static String text(String text) {
        return "{\"role\":\"assistant\",\"content\":\"" + text + "\"}";
    }

    @Override
    protected String plainText() {
        return answer(text(TEXT), FINISH);
    }

    @Override
    protected String plainToolCall() {
        return answer(CALL, FINISH);
    }

    @Override
    protected String streamType() {
        return "application/x-ndjson";
    }

    @Override
    protected List<byte[]> streamedText() {
        return frames(
                answer(text(TEXT.substring(0, 5)), "false") + "\n", answer(text(TEXT.substring(5)), "false") + "\n");
    }

    @Override
    protected List<byte[]> streamedFinish() {
        return frames(answer(text(""), FINISH) + "\n");
    }

    @Override
    protected List<byte[]> streamedToolCall() {
        return frames(answer(CALL, "false") + "\n", answer(text(""), FINISH) + "\n");
    }

    @Override
    protected StubAnswer error(int status, String message) {
        StubAnswer error = StubAnswer.json(status, "{\"error\":\"" + message + "\"}");
        return status == 429 ? error.header("retry-after", "2") : error;
    }

    @Override
    protected List<byte[]> streamedError() {
        return frames("{\"error\":\"an error was encountered while running the model\"}\n");
    }
}
