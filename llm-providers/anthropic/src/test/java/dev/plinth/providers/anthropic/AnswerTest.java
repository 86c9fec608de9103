package dev.plinth.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.usage.RateLimit;
import dev.plinth.api.usage.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read of whole messages. */
class AnswerTest {

    @Test
    void textWithAllThatIsSaidOfIt() {
        ChatResponse response = Served.chat(StubAnswer.json(
                        "{\"model\":\"m-dated\",\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":["
                                + "{\"type\":\"text\",\"text\":\"Hi\",\"citations\":null},{\"type\":\"text\",\"text\":\" you\"}],"
                                + "\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"stop_details\":null,\"container\":null,"
                                + "\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":5,\"cache_read_input_tokens\":7,"
                                + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":3,\"ephemeral_1h_input_tokens\":2},"
                                + "\"output_tokens\":6,\"output_tokens_details\":{\"thinking_tokens\":2},\"inference_geo\":\"us\","
                                + "\"server_tool_use\":{\"web_search_requests\":1},\"service_tier\":\"standard\"}}")
                .header("request-id", "req_1")
                .header("anthropic-ratelimit-input-tokens-limit", "100")
                .header("anthropic-ratelimit-input-tokens-remaining", "99"));
        assertThat(response.text()).isEqualTo("Hi you");
        assertThat(response.message().parts()).containsExactly(new Part.Text("Hi"), new Part.Text(" you"));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.rawFinishReason()).contains("end_turn");
        assertThat(response.id()).contains("msg_1");
        assertThat(response.model()).contains("m-dated");
        assertThat(response.provider()).contains("anthropic");
        assertThat(response.requestId()).contains("req_1");
        assertThat(response.serviceTier()).contains("standard");
        assertThat(response.rateLimits()).containsExactly(new RateLimit("input-tokens", 100L, 99L, null));
        assertThat(response.usage())
                .isEqualTo(Usage.builder()
                        .input(22)
                        .cachedInput(7)
                        .cacheWrite(5)
                        .longCacheWrite(2)
                        .output(6)
                        .reasoning(2)
                        .build());
    }

    @Test
    void finishReasons() {
        Map<String, FinishReason> reasons = Map.of(
                "end_turn", FinishReason.STOP,
                "stop_sequence", FinishReason.STOP,
                "max_tokens", FinishReason.LENGTH,
                "model_context_window_exceeded", FinishReason.LENGTH,
                "tool_use", FinishReason.TOOL_CALLS,
                "pause_turn", FinishReason.PAUSE,
                "compaction", FinishReason.PAUSE,
                "refusal", FinishReason.REFUSAL,
                "new_reason", FinishReason.OTHER);
        reasons.forEach((raw, reason) -> {
            ChatResponse response = Served.chat(Events.message(raw, Events.textBlock("x")));
            assertThat(response.finishReason()).as(raw).isEqualTo(reason);
            assertThat(response.rawFinishReason()).contains(raw);
        });
    }

    @Test
    void thoughtsWithTheirProofs() {
        ChatResponse response = Served.chat(Events.message(
                "end_turn",
                "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"EqQ\"}",
                "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"Omitted\"}",
                "{\"type\":\"redacted_thinking\",\"data\":\"Em\"}",
                Events.textBlock("42")));
        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(response.message().parts())
                .containsExactly(
                        new Part.Reasoning("hm", "EqQ", "anthropic"),
                        new Part.Reasoning("", "Omitted", "anthropic"),
                        Thoughts.redacted("Em"),
                        new Part.Text("42"));
    }

    @Test
    void toolCalls() {
        ChatResponse response = Served.chat(Events.message(
                "tool_use",
                Events.textBlock("Checking"),
                Events.toolUse("toolu_1", "weather", "{ \"city\" : \"Oslo\", \"n\": 12345678901234567890.10 }"),
                Events.toolUse("toolu_2", "now", "{}"),
                "{\"type\":\"tool_use\",\"name\":\"odd\",\"input\":null,\"caller\":{\"type\":\"direct\"}}",
                "{\"type\":\"tool_use\",\"id\":\"toolu_4\",\"name\":\"text\",\"input\":\"{\\\"a\\\":1}\"}"));
        assertThat(response.text()).isEqualTo("Checking");
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        List<ToolCall> calls = response.toolCalls();
        assertThat(calls.get(0))
                .isEqualTo(new ToolCall("toolu_1", "weather", "{\"city\":\"Oslo\",\"n\":12345678901234567890.10}"));
        assertThat(calls.get(1)).isEqualTo(new ToolCall("toolu_2", "now", "{}"));
        assertThat(calls.get(2).id()).isNotBlank();
        assertThat(calls.get(2).arguments()).isEqualTo("{}");
        assertThat(calls.get(3)).isEqualTo(new ToolCall("toolu_4", "text", "{\"a\":1}"));
    }

    @Test
    void citationsOfTheTextBlocksTheyBack() {
        ChatResponse response = Served.chat(Events.message(
                "end_turn",
                Events.textBlock("Well, "),
                "{\"type\":\"text\",\"citations\":[{\"type\":\"char_location\",\"cited_text\":\"The sky.\",\"document_index\":1,"
                        + "\"document_title\":null,\"start_char_index\":0,\"end_char_index\":8,\"file_id\":null},"
                        + "{\"type\":\"page_location\",\"cited_text\":\"p\",\"document_index\":0,\"document_title\":\"Doc\","
                        + "\"file_id\":\"file_1\"}],\"text\":\"blue\"}",
                Events.textBlock(". And "),
                "{\"type\":\"text\",\"text\":\"far\",\"citations\":[{\"type\":\"web_search_result_location\",\"url\":"
                        + "\"https://example.com\",\"title\":\"Page\",\"cited_text\":\"q\",\"encrypted_index\":\"E\"},"
                        + "{\"type\":\"search_result_location\",\"source\":\"kb/1\",\"title\":\"KB\",\"cited_text\":\"r\","
                        + "\"search_result_index\":3},{\"type\":\"new\"},7]}"));
        assertThat(response.text()).isEqualTo("Well, blue. And far");
        assertThat(response.citations())
                .containsExactly(
                        new Citation(6, 10, "1", null, "The sky."),
                        new Citation(6, 10, "file_1", "Doc", "p"),
                        new Citation(16, 19, "https://example.com", "Page", "q"),
                        new Citation(16, 19, "kb/1", "KB", "r"),
                        new Citation(16, 19, "", null, null));
    }

    @Test
    void whatOnlyThisProtocolHasIsKept() {
        String use =
                "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":{\"query\":\"a\"}}";
        String result = "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srvtoolu_1\",\"content\":"
                + "[{\"type\":\"web_search_result\",\"encrypted_content\":\"E\\n\",\"page_age\":null}]}";
        ChatResponse response = Served.chat(
                Events.message("pause_turn", use, result, Events.textBlock("So"), "{\"type\":\"new\"}", "{}"));
        assertThat(response.text()).isEqualTo("So");
        assertThat(response.toolCalls()).isEmpty();
        assertThat(response.message().parts())
                .containsExactly(
                        new Part.Other("anthropic", "server_tool_use", use),
                        new Part.Other("anthropic", "web_search_tool_result", result),
                        new Part.Text("So"),
                        new Part.Other("anthropic", "new", "{\"type\":\"new\"}"));
    }

    @Test
    void fieldsMayComeInAnyOrder() {
        ChatResponse response = Served.chat(Events.message(
                "tool_use",
                "{\"text\":\"Hi\",\"type\":\"text\"}",
                "{\"id\":\"toolu_1\",\"input\":{\"a\":1.50},\"name\":\"f\",\"type\":\"tool_use\"}",
                "{\"content\":[1],\"type\":\"new\"}"));
        assertThat(response.message().parts())
                .containsExactly(
                        new Part.Text("Hi"),
                        new ToolCall("toolu_1", "f", "{\"a\":1.50}"),
                        new Part.Other("anthropic", "new", "{\"type\":\"new\",\"content\":[1]}"));
    }

    @Test
    void fieldsOfOtherTypesAreNothing() {
        ChatResponse response = Served.chat(
                "{\"id\":7,\"type\":\"message\",\"model\":null,\"role\":[],\"content\":[null,7,\"x\",[{}],{\"type\":7},"
                        + "{\"type\":\"text\",\"text\":9,\"citations\":{}},{\"type\":\"thinking\",\"thinking\":{},\"signature\":[]},"
                        + "{\"type\":\"redacted_thinking\",\"data\":1},{\"type\":\"text\",\"text\":\"Hi\"}],"
                        + "\"stop_reason\":{},\"usage\":{\"input_tokens\":\"9\",\"output_tokens\":null,"
                        + "\"service_tier\":1,\"output_tokens_details\":[3]}}");
        assertThat(response.text()).isEqualTo("Hi");
        assertThat(response.usage()).isEqualTo(Usage.UNKNOWN);
        assertThat(response.finishReason()).isEqualTo(FinishReason.OTHER);
        assertThat(response.id()).isEmpty();
    }

    @Test
    void aSpeedThatIsBilledApartIsTheClassOfService() {
        String message = Events.message("end_turn", Events.textBlock("Hi"));
        String usage = "{\"input_tokens\":9,\"output_tokens\":3}";
        assertThat(message).contains(usage);
        String fast = "{\"input_tokens\":9,\"output_tokens\":3,\"speed\":\"fast\",\"service_tier\":\"standard\"}";
        assertThat(Served.chat(message.replace(usage, fast)).serviceTier()).contains("fast");
        assertThat(Served.chat(message.replace(usage, fast.replace("\"fast\"", "\"standard\"")))
                        .serviceTier())
                .contains("standard");
        assertThat(Served.chat(message.replace(usage, fast.replace("\"fast\"", "null")))
                        .serviceTier())
                .contains("standard");
    }

    @Test
    void contentMayBeTextOrMissing() {
        assertThat(Served.chat("{\"type\":\"message\",\"content\":\"Hi\",\"stop_reason\":\"end_turn\"}")
                        .text())
                .isEqualTo("Hi");
        assertThat(Served.chat("{\"type\":\"message\",\"content\":null,\"stop_reason\":\"refusal\"}")
                        .finishReason())
                .isEqualTo(FinishReason.REFUSAL);
        assertThat(Served.chat("{\"type\":\"message\",\"stop_reason\":\"max_tokens\"}")
                        .finishReason())
                .isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void textCompletionsOfOldAreRead() {
        ChatResponse whole =
                Served.chat("{\"completion\":\" Hi\",\"stop_reason\":\"stop_sequence\",\"model\":\"claude-2\","
                        + "\"stop\":\"\\n\\nHuman:\",\"log_id\":\"l\",\"type\":\"completion\",\"id\":\"compl_1\"}");
        assertThat(whole.text()).isEqualTo(" Hi");
        assertThat(whole.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(whole.model()).contains("claude-2");
        ChatResponse streamed = Served.stream(
                "{\"type\":\"completion\",\"completion\":\" H\",\"stop_reason\":null,\"model\":\"claude-2\"}",
                "{\"type\":\"completion\",\"completion\":\"i\",\"stop_reason\":null,\"model\":\"claude-2\"}",
                "{\"type\":\"completion\",\"completion\":\"\",\"stop_reason\":\"max_tokens\",\"model\":\"claude-2\"}");
        assertThat(streamed.text()).isEqualTo(" Hi");
        assertThat(streamed.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void eventsTellOfTextThoughtsAndCalls() {
        List<StreamEvent> events = Served.events(
                Events.START,
                Events.block(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
                Events.delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}"),
                Events.delta(0, "{\"type\":\"signature_delta\",\"signature\":\"Eq\"}"),
                Events.blockStop(0),
                Events.block(1, Events.toolUse("toolu_1", "weather", "{}")),
                Events.input(1, ""),
                Events.input(1, "{\"city\":"),
                Events.input(1, "\"Oslo\"}"),
                Events.blockStop(1),
                Events.block(2, Events.toolUse("toolu_2", "now", "{}")),
                Events.blockStop(2),
                Events.finish("tool_use"),
                Events.STOP);
        assertThat(events.subList(0, events.size() - 1))
                .containsExactly(
                        new StreamEvent.ReasoningDelta("hm"),
                        new StreamEvent.ToolCallDelta(0, "toolu_1", "weather", ""),
                        new StreamEvent.ToolCallDelta(0, null, null, "{\"city\":"),
                        new StreamEvent.ToolCallDelta(0, null, null, "\"Oslo\"}"),
                        new StreamEvent.ToolCallDelta(1, "toolu_2", "now", "{}"));
        ChatResponse response = ((StreamEvent.Finished) events.get(events.size() - 1)).response();
        assertThat(response.message().parts())
                .containsExactly(
                        new Part.Reasoning("hm", "Eq", "anthropic"),
                        new ToolCall("toolu_1", "weather", "{\"city\":\"Oslo\"}"),
                        new ToolCall("toolu_2", "now", "{}"));
    }
}
