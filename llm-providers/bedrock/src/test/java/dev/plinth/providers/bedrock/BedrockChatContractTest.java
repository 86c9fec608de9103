package dev.plinth.providers.bedrock;

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

class BedrockChatContractTest extends HttpChatModelContract {

    private @Nullable Bedrock bedrock;

    @AfterEach
    void close() {
        if (bedrock != null) {
            bedrock.close();
        }
    }

    private static Bedrock.Builder at(URI server) {
        return Bedrock.builder()
                .region("us-east-1")
                .baseUrl(server.toString())
                .awsCredentials(AwsCredentials.of("AKIDEXAMPLE", "very-secret", KEY))
                .capabilities(Set.of(Capability.TOOLS))
                .timeouts(TIMEOUTS);
    }

    private ChatModel model(Bedrock.Builder builder) {
        close();
        bedrock = builder.build();
        return bedrock.chatModel("anthropic.claude-x-v1:0");
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
        return request.path().endsWith("/converse-stream");
    }

    @Override
    protected String plainText() {
        return Answers.text(TEXT);
    }

    @Override
    protected String plainToolCall() {
        return Answers.of(
                "[{\"toolUse\":{\"toolUseId\":\"tooluse_1\",\"name\":\"weather\",\"input\":{\"city\":\"Oslo\"}}}]",
                "tool_use",
                Answers.USAGE);
    }

    @Override
    protected String streamType() {
        return "application/vnd.amazon.eventstream";
    }

    @Override
    protected List<byte[]> streamedText() {
        return List.of(Frames.start(), Frames.text(0, TEXT.substring(0, 5)), Frames.text(0, TEXT.substring(5)));
    }

    @Override
    protected List<byte[]> streamedFinish() {
        return List.of(Frames.stop(0), Frames.finish("end_turn"), Frames.metadata(Answers.USAGE));
    }

    @Override
    protected List<byte[]> streamedToolCall() {
        return List.of(
                Frames.start(),
                Frames.toolStart(0, "\"toolUseId\":\"tooluse_1\",\"name\":\"weather\""),
                Frames.toolInput(0, ""),
                Frames.toolInput(0, "{\"city\":"),
                Frames.toolInput(0, "\"Oslo\"}"),
                Frames.stop(0),
                Frames.finish("tool_use"),
                Frames.metadata(Answers.USAGE));
    }

    @Override
    protected StubAnswer error(int status, String message) {
        StubAnswer error = StubAnswer.json(status, "{\"message\":" + Answers.quoted(message) + "}")
                .header("x-amzn-requestid", "r-1");
        return status == 429 ? error.header("retry-after", "2") : error;
    }

    @Override
    protected List<byte[]> streamedError() {
        return List.of(Frames.exception("modelStreamErrorException", "{\"message\":\"busy\"}"));
    }
}
