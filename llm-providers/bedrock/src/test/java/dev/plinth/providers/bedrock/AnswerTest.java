package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

    private static List<Part> parts(ChatResponse response) {
        return response.message().parts();
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, STOP",
        "stop_sequence, STOP",
        "max_tokens, LENGTH",
        "model_context_window_exceeded, LENGTH",
        "tool_use, TOOL_CALLS",
        "guardrail_intervened, CONTENT_FILTER",
        "content_filtered, CONTENT_FILTER",
        "malformed_model_output, ERROR",
        "malformed_tool_use, ERROR",
        "something_new, OTHER"
    })
    void finishReasons(String raw, String reason) {
        ChatResponse plain = Served.chat(Answers.of("[{\"text\":\"A\"}]", raw, Answers.USAGE));
        assertThat(plain.finishReason()).isEqualTo(FinishReason.valueOf(reason));
        assertThat(plain.rawFinishReason()).contains(raw);
        ChatResponse streamed = Served.stream(Frames.text(0, "A"), Frames.finish(raw), Frames.metadata(Answers.USAGE))
                .response();
        assertThat(streamed).isEqualTo(plain);
    }

    @Test
    void textBlocksStayApart() {
        ChatResponse response = Served.chat(Answers.of("[{\"text\":\"A\"},{\"text\":\"B\"}]"));
        assertThat(parts(response)).containsExactly(new Part.Text("A"), new Part.Text("B"));
        assertThat(Served.stream(Frames.text(0, "A"), Frames.stop(0), Frames.text(1, "B"), Frames.finish("end_turn"))
                        .response()
                        .message())
                .isEqualTo(response.message());
    }

    @Test
    void blockThatWasNotStoppedEndsWhereTheNextBegins() {
        ChatResponse response = Served.stream(
                        Frames.text(0, "A"), Frames.text(1, "B"), Frames.text(1, "C"), Frames.finish("end_turn"))
                .response();
        assertThat(parts(response)).containsExactly(new Part.Text("A"), new Part.Text("BC"));
    }

    @Test
    void callsAreToldOfBeforeTheirArgumentsAreThere() {
        ChatStream stream = Served.stream(
                Frames.toolStart(0, "\"toolUseId\":\"t1\",\"name\":\"f\",\"type\":\"tool_use\""),
                Frames.toolInput(0, "{\"a\":1}"),
                Frames.stop(0),
                Frames.finish("tool_use"));
        List<StreamEvent> events = new ArrayList<>();
        stream.forEach(events::add);
        assertThat(events)
                .startsWith(
                        new StreamEvent.ToolCallDelta(0, "t1", "f", ""),
                        new StreamEvent.ToolCallDelta(0, null, null, "{\"a\":1}"));
    }

    /** Payloads are objects: which field comes first says nothing. */
    @Test
    void blockMayBeNamedBehindWhatBelongsToIt() {
        ChatResponse response = Served.stream(
                        Frames.text(0, "A"),
                        Frames.event(
                                "contentBlockStart",
                                "{\"start\":{\"toolUse\":{\"toolUseId\":\"t1\",\"name\":\"f\"}},\"contentBlockIndex\":1}"),
                        Frames.event(
                                "contentBlockDelta",
                                "{\"delta\":{\"toolUse\":{\"input\":\"{\\\"a\\\":\"}},\"p\":\"x\",\"contentBlockIndex\":1}"),
                        Frames.toolInput(1, "1}"),
                        Frames.event("contentBlockDelta", "{\"delta\":{\"text\":\"B\"},\"contentBlockIndex\":2}"),
                        Frames.event("contentBlockDelta", "{\"delta\":{\"text\":\"C\"}}"),
                        Frames.finish("tool_use"))
                .response();
        assertThat(parts(response))
                .containsExactly(new Part.Text("A"), new ToolCall("t1", "f", "{\"a\":1}"), new Part.Text("BC"));
    }

    @Test
    void thoughtThatIsNoBase64CostsNothingElse() {
        ChatResponse plain = Served.chat(
                Answers.of("[{\"reasoningContent\":{\"redactedContent\":\"no base64!\"}}," + "{\"text\":\"A\"}]"));
        ChatResponse streamed = Served.stream(
                        Frames.delta(0, "{\"reasoningContent\":{\"redactedContent\":\"AQ=\"}}"),
                        Frames.text(1, "A"),
                        Frames.finish("end_turn"))
                .response();
        assertThat(plain.text()).isEqualTo("A");
        assertThat(streamed.text()).isEqualTo("A");
    }

    @Test
    void callOfTheServerThatWasCutCanBeSentBack() {
        ChatResponse response = Served.stream(
                        Frames.toolStart(
                                0,
                                "\"toolUseId\":\"t\",\"name\":\"nova_code_interpreter\",\"type\":\"server_tool_use\""),
                        Frames.toolInput(0, "{\"snippet\":\"1 +"),
                        Frames.finish("max_tokens"))
                .response();
        assertThat(parts(response))
                .containsExactly(new Part.Other(
                        "bedrock",
                        "toolUse",
                        "{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"nova_code_interpreter\",\"type\":\"server_tool_use\","
                                + "\"input\":{}}}"));
    }

    @Test
    void promptThatIsTooLongInMidStream() {
        LlmException error = catchThrowableOfType(
                LlmException.class,
                () -> Served.stream(
                                Frames.text(0, "A"),
                                Frames.exception(
                                        "validationException",
                                        "{\"message\":\"Input is too long for requested model.\"}"))
                        .response());
        assertThat(error.code()).isEqualTo("context_too_long");
        assertThat(error.partialText()).isEqualTo("A");
    }

    @Test
    void callsOfSeveralBlocksAreKeptApart() {
        ChatResponse response = Served.stream(
                        Frames.toolStart(1, "\"toolUseId\":\"t1\",\"name\":\"f\""),
                        Frames.toolStart(2, "\"toolUseId\":\"t2\",\"name\":\"g\""),
                        Frames.toolInput(2, "{\"b\":"),
                        Frames.toolInput(1, "{\"a\":1}"),
                        Frames.toolInput(2, "2}"),
                        Frames.finish("tool_use"))
                .response();
        assertThat(response.toolCalls())
                .containsExactly(new ToolCall("t1", "f", "{\"a\":1}"), new ToolCall("t2", "g", "{\"b\":2}"));
    }

    @Test
    void callsWithoutArgumentsOrNames() {
        ChatResponse plain = Served.chat(Answers.of(
                "[{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"f\"}},{\"toolUse\":{\"toolUseId\":\"u\",\"name\":\"f\",\"input\":null}},"
                        + "{\"toolUse\":{\"name\":\"f\",\"input\":\"{\\\"a\\\":1}\"}}]",
                "end_turn",
                Answers.USAGE));
        assertThat(plain.toolCalls().stream().map(ToolCall::arguments)).containsExactly("{}", "{}", "{\"a\":1}");
        assertThat(plain.toolCalls().get(2).id()).isNotBlank();
        assertThat(plain.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        ChatResponse streamed = Served.stream(
                        Frames.toolStart(0, "\"toolUseId\":\"t\",\"name\":\"f\""),
                        Frames.stop(0),
                        Frames.delta(1, "{\"toolUse\":{\"input\":{\"a\":1}}}"),
                        Frames.finish("tool_use"))
                .response();
        assertThat(streamed.toolCalls().stream().map(ToolCall::arguments)).containsExactly("{}", "{\"a\":1}");
    }

    @Test
    void toolsOfTheServerAreNoCallsAndCanBeSentBack() {
        String call =
                "{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"nova_code_interpreter\",\"type\":\"server_tool_use\","
                        + "\"input\":{\"snippet\":\"1\"}}}";
        String result = "{\"toolResult\":{\"toolUseId\":\"t\",\"type\":\"nova_code_interpreter_result\","
                + "\"status\":\"success\",\"content\":[{\"json\":{\"stdOut\":\"1\"}},{\"text\":\"x\"}]}}";
        ChatResponse plain = Served.chat(Answers.of("[" + call + "," + result + ",{\"text\":\"1\"}]"));
        ChatResponse streamed = Served.stream(
                        Frames.toolStart(
                                0,
                                "\"toolUseId\":\"t\",\"name\":\"nova_code_interpreter\",\"type\":\"server_tool_use\""),
                        Frames.toolInput(0, "{\"snippet\":"),
                        Frames.toolInput(0, "\"1\"}"),
                        Frames.stop(0),
                        Frames.event(
                                "contentBlockStart",
                                "{\"contentBlockIndex\":1,\"start\":{\"toolResult\":{\"toolUseId\":\"t\","
                                        + "\"type\":\"nova_code_interpreter_result\",\"status\":\"success\"}}}"),
                        Frames.delta(1, "{\"toolResult\":[{\"json\":{\"stdOut\":\"1\"}}]}"),
                        Frames.delta(1, "{\"toolResult\":[{\"text\":\"x\"}]}"),
                        Frames.stop(1),
                        Frames.text(2, "1"),
                        Frames.finish("end_turn"),
                        Frames.metadata(Answers.USAGE))
                .response();
        assertThat(parts(plain))
                .containsExactly(
                        new Part.Other("bedrock", "toolUse", call),
                        new Part.Other("bedrock", "toolResult", result),
                        new Part.Text("1"));
        assertThat(plain.toolCalls()).isEmpty();
        assertThat(plain.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(streamed).isEqualTo(plain);
    }

    @Test
    void thoughtsAreSignedOrHidden() {
        ChatResponse plain = Served.chat(Answers.of("[{\"reasoningContent\":{\"reasoningText\":{\"text\":\"hm\"}}},"
                + "{\"reasoningContent\":{\"reasoningText\":{\"text\":\"\",\"signature\":\"s\"}}},"
                + "{\"reasoningContent\":{\"redactedContent\":\"AQIDBA==\"}},{\"text\":\"A\"}]"));
        assertThat(parts(plain))
                .containsExactly(
                        new Part.Reasoning("hm"),
                        new Part.Reasoning("", "s", "bedrock"),
                        new Part.Other(
                                "bedrock",
                                "reasoningContent",
                                "{\"reasoningContent\":{\"redactedContent\":\"AQIDBA==\"}}"),
                        new Part.Text("A"));
        ChatResponse streamed = Served.stream(
                        Frames.delta(0, "{\"reasoningContent\":{\"text\":\"hm\"}}"),
                        Frames.stop(0),
                        Frames.delta(1, "{\"reasoningContent\":{\"signature\":\"s\"}}"),
                        Frames.stop(1),
                        Frames.delta(2, "{\"reasoningContent\":{\"redactedContent\":\"AQ==\"}}"),
                        Frames.delta(2, "{\"reasoningContent\":{\"redactedContent\":\"AgME\"}}"),
                        Frames.stop(2),
                        Frames.text(3, "A"),
                        Frames.finish("end_turn"))
                .response();
        assertThat(streamed.message()).isEqualTo(plain.message());
    }

    @Test
    void citationsBackTheTextOfTheirBlock() {
        String document = "{\"title\":\"Doc\",\"sourceContent\":[{\"text\":\"the \"},{\"text\":\"words\"}],"
                + "\"location\":{\"documentPage\":{\"documentIndex\":2,\"start\":1,\"end\":1}}}";
        String web = "{\"title\":\"Page\",\"location\":{\"web\":{\"url\":\"https://x.org/\",\"domain\":\"x.org\"}}}";
        ChatResponse plain =
                Served.chat(Answers.of("[{\"text\":\"So: \"},{\"citationsContent\":{\"content\":[{\"text\":\"blue\"}],"
                        + "\"citations\":[" + document + "," + web + "]}},{\"text\":\".\"}]"));
        assertThat(plain.text()).isEqualTo("So: blue.");
        assertThat(plain.citations())
                .containsExactly(
                        new Citation(4, 8, "2", "Doc", "the words"),
                        new Citation(4, 8, "https://x.org/", "Page", null));
        ChatResponse streamed = Served.stream(
                        Frames.text(0, "So: "),
                        Frames.stop(0),
                        Frames.text(1, "bl"),
                        Frames.delta(1, "{\"citation\":" + document + "}"),
                        Frames.delta(1, "{\"citation\":" + web + "}"),
                        Frames.text(1, "ue"),
                        Frames.stop(1),
                        Frames.text(2, "."),
                        Frames.finish("end_turn"),
                        Frames.metadata(Answers.USAGE))
                .response();
        assertThat(streamed.citations()).isEqualTo(plain.citations());
        assertThat(streamed.message()).isEqualTo(plain.message());
        assertThat(Served.chat(Answers.of(
                                "[{\"citationsContent\":{\"citations\":[{\"title\":\"T\"},{\"source\":\"s\"},{},1,"
                                        + "{\"location\":{\"searchResultLocation\":{\"searchResultIndex\":0}}}]}}]"))
                        .citations())
                .extracting(Citation::source)
                .containsExactly("T", "s", "", "0");
    }

    @Test
    void usageIsReadWhereverItIs() {
        assertThat(Served.chat(Answers.of(
                                "[]",
                                "end_turn",
                                "{\"inputTokens\":5,\"outputTokens\":2,\"cacheReadInputTokenCount\":7,"
                                        + "\"cacheWriteInputTokenCount\":11,\"cacheReadInputTokens\":null,"
                                        + "\"cacheDetails\":[{\"ttl\":\"1h\",\"inputTokens\":6,\"x\":[1]},null,"
                                        + "{\"inputTokens\":5,\"ttl\":\"5m\"}]}"))
                        .usage())
                .isEqualTo(Usage.builder()
                        .input(23)
                        .cachedInput(7)
                        .cacheWrite(11)
                        .longCacheWrite(6)
                        .output(2)
                        .build());
        assertThat(Served.stream(Frames.text(0, "A"), Frames.finish("end_turn"))
                        .response()
                        .usage())
                .isEqualTo(Usage.UNKNOWN);
        assertThat(Served.chat(Answers.of("[]", "end_turn", "\"many\"")).usage())
                .isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void tierAndRoutedModelAreSaid() {
        ChatResponse plain = Served.chat("{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[]}},"
                + "\"serviceTier\":{\"type\":\"flex\",\"x\":1},\"performanceConfig\":{\"latency\":\"optimized\"},"
                + "\"additionalModelResponseFields\":\"x\",\"stopReason\":\"end_turn\","
                + "\"trace\":{\"guardrail\":{\"x\":[1]},\"promptRouter\":{\"invokedModelId\":\"arn:x\"}}}");
        assertThat(plain.serviceTier()).contains("flex");
        assertThat(plain.model()).contains("arn:x");
        assertThat(plain.text()).isEmpty();
    }

    @Test
    void kindsThatAreNotKnownAreKeptOrToldOf() {
        ChatResponse plain = Served.chat(Answers.of("[{\"image\":{\"format\":\"png\"}},{\"text\":\"A\"},null,7]"));
        assertThat(parts(plain))
                .containsExactly(
                        new Part.Other("bedrock", "image", "{\"image\":{\"format\":\"png\"}}"), new Part.Text("A"));
        List<StreamEvent> events = new ArrayList<>();
        Served.stream(
                        Frames.event("somethingNew", "{\"a\":{\"b\":1}}"),
                        Frames.delta(0, "{\"image\":{\"source\":1}}"),
                        Frames.text(0, "A"),
                        Frames.finish("end_turn"))
                .forEach(events::add);
        assertThat(events).startsWith(new StreamEvent.Other("image", "{\"source\":1}"), new StreamEvent.TextDelta("A"));
    }

    @Test
    void numberOfTheBlockMayStandBehind() {
        ChatResponse response = Served.stream(
                        Frames.event("contentBlockDelta", "{\"delta\":{\"text\":\"A\"},\"contentBlockIndex\":0}"),
                        Frames.event(
                                "contentBlockStart",
                                "{\"start\":{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"f\"}},\"contentBlockIndex\":0}"),
                        Frames.event(
                                "contentBlockDelta",
                                "{\"delta\":{\"toolUse\":{\"input\":\"{}\"}},\"contentBlockIndex\":0}"),
                        Frames.finish("tool_use"))
                .response();
        assertThat(response.text()).isEqualTo("A");
        assertThat(response.toolCalls()).containsExactly(new ToolCall("t", "f", "{}"));
    }

    @Test
    void failuresInMidStreamAreTypedAndCarryTheText() {
        RateLimitedException limited = catchThrowableOfType(
                RateLimitedException.class,
                () -> Served.stream(
                                Frames.text(0, "Hé"),
                                Frames.exception("throttlingException", "{\"message\":\"Too many tokens, wait\"}"))
                        .response());
        assertThat(limited.partialText()).isEqualTo("Hé");
        assertThat(limited).hasMessageContaining("Too many tokens");
        assertThat(limited.details().providerCode()).contains("throttlingException");
        LlmException error = catchThrowableOfType(
                OverloadedException.class,
                () -> Served.stream(Frames.text(0, "H"), Frames.error("InternalFailure", "it broke"))
                        .response());
        assertThat(error).hasMessageStartingWith("provider: it broke");
        assertThat(error.partialText()).isEqualTo("H");
        for (String type : List.of("validationException", "internalServerException", "serviceUnavailableException")) {
            LlmException failure = catchThrowableOfType(
                    LlmException.class,
                    () -> Served.stream(Frames.exception(type, "")).response());
            assertThat(failure.code()).isEqualTo(type.equals("validationException") ? "invalid_request" : "overloaded");
        }
    }

    @Test
    void brokenMetadataAfterTheFinishLosesTheUsageOnly() {
        byte[] metadata = Frames.metadata(Answers.USAGE);
        metadata[metadata.length - 1] ^= 1;
        ChatResponse response = Served.stream(Frames.text(0, "A"), Frames.finish("end_turn"), metadata)
                .response();
        assertThat(response.text()).isEqualTo("A");
        assertThat(response.usage()).isEqualTo(Usage.UNKNOWN);
        MalformedResponseException error = catchThrowableOfType(
                MalformedResponseException.class,
                () -> Served.stream(Frames.text(0, "A"), metadata).response());
        assertThat(error).hasMessageStartingWith("event: wrong checksum");
        assertThat(error.partialText()).isEqualTo("A");
    }

    @Test
    void errorInsideASuccessIsAnError() {
        LlmException error = catchThrowableOfType(
                LlmException.class,
                () -> Served.chat(
                        "{\"__type\":\"com.amazon.coral.service#ThrottlingException\",\"message\":\"slow\"}"));
        assertThat(error).isInstanceOf(RateLimitedException.class);
        assertThat(catchThrowableOfType(
                        MalformedResponseException.class,
                        () -> Served.chat("{\"Output\":{\"__type\":\"x\"},\"Version\":\"1.0\"}")))
                .isNotNull();
    }
}
