package dev.plinth.providers.gemini;

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

class GeminiChatContractTest extends HttpChatModelContract {
    private static final String CALL =
            "{\"functionCall\":{\"name\":\"weather\",\"args\":{\"city\":\"Oslo\"}},\"thoughtSignature\":\"c2ln\"}";

    private @Nullable Gemini gemini;

    @AfterEach
    void close() {
        if (gemini != null) {
            gemini.close();
        }
    }

    private static Gemini.Builder at(URI server) {
        return Gemini.builder()
                .baseUrl(server.toString())
                .apiKey(KEY)
                .capabilities(Set.of(Capability.TOOLS))
                .timeouts(TIMEOUTS);
    }

    private ChatModel model(Gemini.Builder builder) {
        close();
        gemini = builder.build();
        return gemini.chatModel("m");
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
        return request.target().contains(":streamGenerateContent");
    }

    @Override
    protected String plainText() {
        return Answers.last(Answers.text(TEXT));
    }

    @Override
    protected String plainToolCall() {
        return Answers.last(CALL);
    }

    @Override
    protected String streamType() {
        return "text/event-stream";
    }

    @Override
    protected List<byte[]> streamedText() {
        return frames(
                event(Answers.chunk(Answers.text(TEXT.substring(0, 5)))),
                event(Answers.chunk(Answers.text(TEXT.substring(5)))));
    }

    @Override
    protected List<byte[]> streamedFinish() {
        return frames(event(Answers.last(Answers.text(""))));
    }

    @Override
    protected List<byte[]> streamedToolCall() {
        return frames(event(Answers.chunk(CALL)), event(Answers.last(Answers.text(""))));
    }

    @Override
    protected StubAnswer error(int status, String message) {
        String wait = "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"2s\"}";
        return StubAnswer.json(
                status,
                Answers.error(status, "SOME_STATUS", message, status == 429 ? new String[] {wait} : new String[0]));
    }

    @Override
    protected List<byte[]> streamedError() {
        return frames(event(Answers.error(503, "UNAVAILABLE", "The model is overloaded.")));
    }

    private static String event(String data) {
        return "data: " + data + "\r\n\r\n";
    }
}
