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

class ResponsesContractTest extends HttpChatModelContract {
    private static final String USAGE = "\"usage\":{\"input_tokens\":9,\"input_tokens_details\":{\"cached_tokens\":2},"
            + "\"output_tokens\":3,\"output_tokens_details\":{\"reasoning_tokens\":1},\"total_tokens\":12}";
    private static final String CALL =
            "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\",\"name\":\"weather\","
                    + "\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\",\"status\":\"completed\"}";

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
        return openAi.responsesModel("m");
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

    private static String response(String status, String output) {
        return "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"" + status
                + "\",\"error\":null,\"incomplete_details\":null,\"model\":\"m-dated\",\"output\":[" + output + "],"
                + (status.equals("completed") ? USAGE : "\"usage\":null") + "}";
    }

    private static String message() {
        return "{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":"
                + Chunks.quoted(TEXT) + ",\"annotations\":[]}]}";
    }

    private static String event(String type, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\",\"sequence_number\":1," + fields + "}\n\n";
    }

    private static String text(String delta) {
        return event(
                "response.output_text.delta",
                "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":" + Chunks.quoted(delta));
    }

    @Override
    protected String plainText() {
        return response("completed", message());
    }

    @Override
    protected String plainToolCall() {
        return response("completed", CALL);
    }

    @Override
    protected String streamType() {
        return "text/event-stream";
    }

    @Override
    protected List<byte[]> streamedText() {
        return frames(
                event("response.created", "\"response\":" + response("in_progress", "")),
                event(
                        "response.output_item.added",
                        "\"output_index\":0,\"item\":{\"type\":\"message\",\"id\":\"msg_1\"}"),
                event(
                        "response.content_part.added",
                        "\"output_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"\"}"),
                text(TEXT.substring(0, 5)),
                text(TEXT.substring(5)));
    }

    @Override
    protected List<byte[]> streamedFinish() {
        return frames(
                event("response.output_item.done", "\"output_index\":0,\"item\":" + message()),
                event("response.completed", "\"response\":" + response("completed", message())));
    }

    @Override
    protected List<byte[]> streamedToolCall() {
        String open = CALL.replaceFirst("\"arguments\":\".*?\"Oslo.*?}\"", "\"arguments\":\"\"");
        return frames(
                event("response.output_item.added", "\"output_index\":0,\"item\":" + open),
                event("response.function_call_arguments.delta", "\"output_index\":0,\"delta\":\"{\\\"city\\\":\""),
                event("response.function_call_arguments.delta", "\"output_index\":0,\"delta\":\"\\\"Oslo\\\"}\""),
                event("response.output_item.done", "\"output_index\":0,\"item\":" + CALL),
                event("response.completed", "\"response\":" + response("completed", CALL)));
    }

    @Override
    protected StubAnswer error(int status, String message) {
        StubAnswer error =
                StubAnswer.json(status, "{\"error\":{\"message\":" + Chunks.quoted(message) + ",\"code\":null}}");
        return status == 429 ? error.header("retry-after", "2") : error;
    }

    @Override
    protected List<byte[]> streamedError() {
        return frames(event("error", "\"code\":\"server_error\",\"message\":\"busy\",\"param\":null"));
    }
}
