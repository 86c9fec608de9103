package dev.plinth.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.route.Deployment;
import dev.plinth.providers.route.Router;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read of streams, as they are and as they have been seen. */
class StreamTest {
    private static final String TEXT = Events.block(0, "{\"type\":\"text\",\"text\":\"\"}");

    @Test
    void thoughtsAreJoinedAndRedactedOnesComeWhole() {
        ChatResponse response = Served.stream(
                Events.START,
                Events.block(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
                Events.delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"step \"}"),
                Events.delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"two\"}"),
                Events.delta(0, "{\"type\":\"signature_delta\",\"signature\":\"EqQ=\"}"),
                Events.blockStop(0),
                Events.block(1, "{\"type\":\"redacted_thinking\",\"data\":\"Em\"}"),
                Events.blockStop(1),
                Events.block(2, "{\"type\":\"thinking\",\"thinking\":\"\"}"),
                Events.delta(2, "{\"type\":\"signature_delta\",\"signature\":\"Omitted\"}"),
                Events.blockStop(2),
                Events.block(3, "{\"type\":\"text\",\"text\":\"4\"}"),
                Events.text(3, "2"),
                Events.blockStop(3),
                Events.finish("end_turn"),
                Events.STOP);
        assertThat(response.message().parts())
                .containsExactly(
                        new Part.Reasoning("step two", "EqQ=", "anthropic"),
                        Thoughts.redacted("Em"),
                        new Part.Reasoning("", "Omitted", "anthropic"),
                        new Part.Text("42"));
    }

    @Test
    void citationsComeBeforeOrAmongTheirText() {
        String delta = "{\"type\":\"citations_delta\",\"citation\":{\"type\":\"char_location\",\"cited_text\":\"q\","
                + "\"document_index\":0,\"document_title\":\"T\"}}";
        ChatResponse response = Served.stream(
                Events.START,
                TEXT,
                Events.text(0, "See "),
                Events.blockStop(0),
                Events.block(1, "{\"type\":\"text\",\"text\":\"\",\"citations\":[]}"),
                Events.delta(1, delta),
                Events.text(1, "blue"),
                Events.delta(1, delta),
                Events.text(1, " sky"),
                Events.finish("end_turn"),
                Events.STOP);
        Citation citation = new Citation(4, 12, "0", "T", "q");
        assertThat(response.text()).isEqualTo("See blue sky");
        assertThat(response.citations()).containsExactly(citation, citation);
        assertThat(response.message().parts()).containsExactly(new Part.Text("See "), new Part.Text("blue sky"));
    }

    @Test
    void countsAtTheEndTakeThePlaceOfThoseAtTheStart() {
        String start =
                Events.start("{\"input_tokens\":10,\"cache_creation_input_tokens\":5,\"cache_read_input_tokens\":7,"
                        + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":1,\"ephemeral_1h_input_tokens\":4},"
                        + "\"output_tokens\":1,\"service_tier\":\"priority\"}");
        ChatResponse kept = Served.stream(start, Events.finish("end_turn", "{\"output_tokens\":15}"), Events.STOP);
        assertThat(kept.usage())
                .isEqualTo(Usage.builder()
                        .input(22)
                        .cachedInput(7)
                        .cacheWrite(5)
                        .longCacheWrite(4)
                        .output(15)
                        .build());
        assertThat(kept.serviceTier()).contains("priority");
        ChatResponse restated = Served.stream(
                start,
                Events.finish(
                        "end_turn",
                        "{\"input_tokens\":999,\"cache_creation_input_tokens\":1,\"cache_read_input_tokens\":2,"
                                + "\"cache_creation\":{\"ephemeral_1h_input_tokens\":0},"
                                + "\"output_tokens\":15,\"output_tokens_details\":{\"thinking_tokens\":4}}"),
                Events.STOP);
        assertThat(restated.usage())
                .isEqualTo(Usage.builder()
                        .input(1002)
                        .cachedInput(2)
                        .cacheWrite(1)
                        .longCacheWrite(0)
                        .output(15)
                        .reasoning(4)
                        .build());
        ChatResponse silent = Served.stream(
                start,
                Events.finish(
                        "end_turn",
                        "{\"input_tokens\":null,\"cache_creation_input_tokens\":null,\"cache_read_input_tokens\":null,"
                                + "\"cache_creation\":null,\"output_tokens\":15,\"server_tool_use\":null}"),
                Events.STOP);
        assertThat(silent.usage()).isEqualTo(kept.usage());
    }

    @Test
    void toolsOfTheServerAreJoined() {
        ChatResponse response = Served.stream(
                Events.START,
                Events.block(0, "{\"type\":\"server_tool_use\",\"id\":\"s1\",\"name\":\"web_search\",\"input\":{}}"),
                Events.input(0, ""),
                Events.input(0, "{\"query\": \"a"),
                Events.input(0, "b\"}"),
                Events.blockStop(0),
                Events.block(
                        1,
                        "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s1\",\"content\":[{\"url\":\"u\"}]}"),
                Events.blockStop(1),
                Events.block(2, "{\"type\":\"compaction\",\"content\":null}"),
                Events.delta(2, "{\"type\":\"compaction_delta\",\"content\":\"So \\\"far\"}"),
                Events.delta(2, "{\"type\":\"compaction_delta\",\"content\":\"\\\" é\",\"encrypted_content\":\"E\"}"),
                Events.delta(2, "{\"type\":\"compaction_delta\",\"content\":null}"),
                Events.blockStop(2),
                Events.block(3, "{\"type\":\"mcp_tool_use\",\"id\":\"m1\",\"input\":{\"a\":1}}"),
                Events.input(3, "{\"cut"),
                Events.finish("pause_turn"),
                Events.STOP);
        assertThat(response.message().parts())
                .containsExactly(
                        new Part.Other(
                                "anthropic",
                                "server_tool_use",
                                "{\"type\":\"server_tool_use\",\"id\":\"s1\",\"name\":\"web_search\",\"input\":{\"query\": \"ab\"}}"),
                        new Part.Other(
                                "anthropic",
                                "web_search_tool_result",
                                "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s1\",\"content\":[{\"url\":\"u\"}]}"),
                        new Part.Other(
                                "anthropic",
                                "compaction",
                                "{\"type\":\"compaction\",\"content\":\"So \\\"far\\\" é\",\"encrypted_content\":\"E\"}"),
                        new Part.Other(
                                "anthropic",
                                "mcp_tool_use",
                                "{\"type\":\"mcp_tool_use\",\"id\":\"m1\",\"input\":{\"a\":1}}"));
    }

    @Test
    void inputMayComeWholeWithTheBlock() {
        ChatResponse response = Served.stream(
                Events.START,
                Events.block(0, Events.toolUse("a", "f", "{\"x\":1}")),
                Events.blockStop(0),
                Events.block(1, Events.toolUse("b", "f", "{\"x\":2}")),
                Events.input(1, "{\"x\":3}"),
                Events.blockStop(1),
                Events.block(2, Events.toolUse("c", "f", "{\"x\":4}")),
                Events.finish("tool_use"),
                Events.STOP);
        assertThat(response.toolCalls())
                .containsExactly(
                        new ToolCall("a", "f", "{\"x\":1}"),
                        new ToolCall("b", "f", "{\"x\":3}"),
                        new ToolCall("c", "f", "{\"x\":4}"));
    }

    @Test
    void blocksMayBeOpenAtTheSameTime() {
        ChatResponse response = Served.stream(
                Events.START,
                Events.block(0, Events.toolUse("a", "f", "{}")),
                Events.block(1, Events.toolUse("b", "g", "{}")),
                Events.input(0, "{\"x\":"),
                Events.input(1, "{\"y\":"),
                Events.input(0, "1}"),
                Events.input(1, "2}"),
                Events.blockStop(0),
                Events.blockStop(1),
                Events.finish("tool_use"),
                Events.STOP);
        assertThat(response.toolCalls())
                .containsExactly(new ToolCall("a", "f", "{\"x\":1}"), new ToolCall("b", "g", "{\"y\":2}"));
    }

    @Test
    void whatIsNotKnownIsPassedOver() {
        ChatResponse response = Served.stream(
                Events.START,
                "{\"type\":\"future_event\",\"message\":\"not an error\",\"a\":1}",
                TEXT,
                Events.delta(0, "{\"type\":\"future_delta\",\"x\":1}"),
                Events.delta(0, "7"),
                Events.delta(5, "{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}"),
                Events.text(0, "Hi"),
                "{\"type\":null,\"index\":\"0\"}",
                "{}",
                Events.blockStop(0),
                Events.finish("end_turn"),
                Events.STOP);
        assertThat(response.message().parts()).containsExactly(new Part.Text("Hi"));
    }

    @Test
    void fieldsMayComeInAnyOrder() {
        ChatResponse response = Served.stream(
                "{\"message\":{\"content\":[],\"id\":\"msg_1\",\"model\":\"m\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}},"
                        + "\"type\":\"message_start\"}",
                "{\"content_block\":{\"text\":\"\",\"type\":\"text\"},\"index\":0,\"type\":\"content_block_start\"}",
                "{\"delta\":{\"text\":\"Hi\",\"type\":\"text_delta\"},\"index\":0,\"type\":\"content_block_delta\"}",
                "{\"index\":0,\"type\":\"content_block_stop\"}",
                "{\"content_block\":{\"id\":\"t1\",\"input\":{},\"name\":\"f\",\"type\":\"tool_use\"},\"index\":1,"
                        + "\"type\":\"content_block_start\"}",
                "{\"delta\":{\"partial_json\":\"{\\\"a\\\":1}\",\"type\":\"input_json_delta\"},\"index\":1,"
                        + "\"type\":\"content_block_delta\"}",
                "{\"index\":1,\"type\":\"content_block_stop\"}",
                "{\"delta\":{\"stop_reason\":\"tool_use\"},\"type\":\"message_delta\",\"usage\":{\"output_tokens\":3}}",
                "{\"type\":\"message_stop\"}");
        assertThat(response.message().parts())
                .containsExactly(new Part.Text("Hi"), new ToolCall("t1", "f", "{\"a\":1}"));
        assertThat(response.usage()).isEqualTo(Usage.of(9, 3));
    }

    @Test
    void startMayComeTwice() {
        ChatResponse response = Served.stream(
                Events.START,
                TEXT,
                Events.text(0, "He"),
                Events.start("{\"input_tokens\":20,\"output_tokens\":1}"),
                TEXT,
                Events.text(0, "llo"),
                Events.blockStop(0),
                Events.finish("end_turn"),
                Events.STOP);
        assertThat(response.text()).isEqualTo("Hello");
        assertThat(response.usage()).isEqualTo(Usage.of(20, 3));
    }

    @Test
    void messagesMayFollowEachOtherAndBeginWithContent() {
        ChatResponse response = Served.stream(
                Events.START,
                TEXT,
                Events.text(0, "One "),
                Events.blockStop(0),
                Events.finish("tool_use"),
                Events.STOP,
                Events.START.replace("\"content\":[]", "\"content\":[" + Events.toolUse("t1", "f", "{\"a\":1}") + "]"),
                TEXT,
                Events.text(0, "two"),
                Events.blockStop(0),
                Events.finish("end_turn", "{\"input_tokens\":30,\"output_tokens\":7}"),
                Events.STOP);
        assertThat(response.message().parts())
                .containsExactly(new Part.Text("One "), new ToolCall("t1", "f", "{\"a\":1}"), new Part.Text("two"));
        assertThat(response.usage()).isEqualTo(Usage.of(30, 7));
        assertThat(response.rawFinishReason()).contains("end_turn");
    }

    @Test
    void linesMayEndAsTheyLikeAndEventsHaveNoNames() {
        List<String> events = List.of(
                Events.START, TEXT, Events.PING, Events.text(0, "Hé 👋"), Events.finish("end_turn"), Events.STOP);
        for (String end : List.of("\n", "\r\n", "\r")) {
            StringBuilder body = new StringBuilder();
            for (String event : events) {
                body.append(": keep-alive")
                        .append(end)
                        .append("data:")
                        .append(event)
                        .append(end)
                        .append(end);
            }
            StubAnswer answer = StubAnswer.streaming("text/event-stream").chunk(body.toString());
            assertThat(Served.stream(answer).text()).isEqualTo("Hé 👋");
            assertThat(Served.stream(answer.inPieces(1)).text()).isEqualTo("Hé 👋");
        }
    }

    @Test
    void answerWithAReasonIsWholeWithoutTheLastEvent() {
        assertThat(Served.stream(Events.START, TEXT, Events.text(0, "Hi"), Events.finish("end_turn"))
                        .text())
                .isEqualTo("Hi");
    }

    @Test
    void streamWithoutAReasonIsCut() {
        for (String[] cut : List.of(
                new String[] {Events.START, TEXT, Events.text(0, "Hi")},
                new String[] {Events.START, TEXT, Events.text(0, "Hi"), Events.blockStop(0), Events.STOP},
                new String[] {Events.START, TEXT, Events.text(0, "Hi"), "[DONE]"})) {
            MalformedResponseException error =
                    catchThrowableOfType(MalformedResponseException.class, () -> Served.stream(cut));
            assertThat(error).isNotNull();
            assertThat(error.partialText()).isEqualTo("Hi");
            assertThat(error.partialUsage()).isEqualTo(Usage.of(9, 1));
        }
    }

    /** The start counts the first token only. */
    @Test
    void ofACutStreamTheOutputThatCameIsEstimated() {
        String[] cut = {Events.START, TEXT, Events.text(0, "Ten chars.")};
        Usage expected =
                Usage.of(9, 3).toBuilder().source(Usage.Source.ESTIMATED).build();
        MalformedResponseException error =
                catchThrowableOfType(MalformedResponseException.class, () -> Served.stream(cut));
        assertThat(error.partialUsage()).isEqualTo(expected);

        try (StubServer server = StubServer.start();
                Anthropic anthropic =
                        Anthropic.builder().baseUrl(server.url("/").toString()).build()) {
            server.enqueue(StubAnswer.sse(cut));
            Router router = Router.builder()
                    .deployment(Deployment.of("one", anthropic.chatModel("m")))
                    .build();
            LlmException failure = catchThrowableOfType(
                    LlmException.class,
                    () -> router.stream(ChatRequest.of("Hi")).response());
            assertThat(failure.attempts()).extracting(Attempt::usage).containsExactly(expected);
        }
    }

    @Test
    void errorInMidStreamCarriesWhatHadCome() {
        String error = "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},"
                + "\"request_id\":\"req_1\"}";
        StubAnswer begun = StubAnswer.streaming("text/event-stream")
                .header("request-id", "req_2")
                .event(Events.START)
                .event(TEXT)
                .event(Events.text(0, "Hé"));
        for (StubAnswer answer : List.of(begun.event("error", error), begun.event(error))) {
            LlmException thrown = catchThrowableOfType(LlmException.class, () -> Served.stream(answer));
            assertThat(thrown.code()).isEqualTo("overloaded");
            assertThat(thrown.isRetryable()).isTrue();
            assertThat(thrown.partialText()).isEqualTo("Hé");
            assertThat(thrown.details().requestId()).contains("req_2");
            assertThat(thrown.details().providerCode()).contains("overloaded_error");
        }
    }
}
