package dev.plinth.providers.cohere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.usage.RateLimit;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shapes of answers, those of version 1 and odd ones among them. */
class AnswerTest {
    private static final Part PLAN = new Part.Reasoning("I will look.", "tool_plan", "cohere");
    private static final Part THOUGHT = new Part.Reasoning("hm", "thinking", "cohere");

    private static ChatResponse streamed(String... events) {
        return Served.stream(events).response();
    }

    private static LlmException failure(String... events) {
        return catchThrowableOfType(LlmException.class, () -> streamed(events));
    }

    /** Whichever field of an event comes first: what it repeats is not said twice. */
    @Test
    void eventsOfVersionOneMayBeNamedAtTheirEnd() {
        ChatResponse text = streamed(
                "{\"generation_id\":\"r\",\"event_type\":\"stream-start\"}",
                "{\"text\":\"Hi\",\"is_finished\":false,\"event_type\":\"text-generation\"}",
                "{\"text\":\" there\",\"event_type\":\"text-generation\"}",
                "{\"citations\":[{\"start\":0,\"end\":2,\"text\":\"Hi\",\"document_ids\":[\"d\"]}],"
                        + "\"event_type\":\"citation-generation\"}",
                "{\"response\":{\"response_id\":\"x\",\"text\":\"Hi there\",\"citations\":[{\"start\":0,\"end\":2,"
                        + "\"text\":\"Hi\",\"document_ids\":[\"d\"]}]},\"finish_reason\":\"COMPLETE\","
                        + "\"event_type\":\"stream-end\"}");
        assertThat(text.text()).isEqualTo("Hi there");
        assertThat(text.citations()).hasSize(1);
        ChatResponse calls = streamed(
                "{\"text\":\"I will look.\",\"event_type\":\"tool-calls-chunk\"}",
                "{\"tool_calls\":[{\"name\":\"weather\",\"parameters\":{\"city\":\"Oslo\"}}],\"text\":\"I will look.\","
                        + "\"event_type\":\"tool-calls-generation\"}",
                "{\"response\":{\"text\":\"I will look.\",\"tool_calls\":[{\"name\":\"weather\",\"parameters\":"
                        + "{\"city\":\"Oslo\"}}]},\"finish_reason\":\"COMPLETE\",\"event_type\":\"stream-end\"}");
        assertThat(calls.text()).isEqualTo("I will look.");
        assertThat(calls.toolCalls()).extracting(ToolCall::arguments).containsExactly("{\"city\":\"Oslo\"}");
    }

    @Test
    void planAndCalls() {
        ChatResponse plain = Served.chat(Events.answer(
                "\"tool_calls\":[{\"id\":\"a_0\",\"type\":\"function\",\"function\":{\"name\":\"a\",\"arguments\":"
                        + "\"{\\\"x\\\":1}\"}},{\"id\":\"b_1\",\"type\":\"function\",\"function\":{\"name\":\"b\","
                        + "\"arguments\":null}}],\"tool_plan\":\"I will look.\"",
                "TOOL_CALL"));
        assertThat(plain.message().parts())
                .containsExactly(PLAN, new ToolCall("a_0", "a", "{\"x\":1}"), new ToolCall("b_1", "b", "{}"));
        assertThat(plain.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(plain.rawFinishReason()).contains("TOOL_CALL");
        assertThat(streamed(
                        Events.START,
                        Events.plan("I will"),
                        Events.plan(" look."),
                        Events.callStart(0, "a_0", "a"),
                        Events.callDelta(0, "{\\\"x\\\""),
                        Events.callDelta(0, ":1}"),
                        Events.end("tool-call-end", 0),
                        Events.callStart(1, "b_1", "b"),
                        Events.end("tool-call-end", 1),
                        Events.finish("TOOL_CALL"),
                        Events.DONE))
                .isEqualTo(plain);
    }

    @Test
    void callsThatComeAtTheSameTime() {
        ChatResponse response = streamed(
                Events.callStart(0, "a_0", "a"),
                Events.callStart(1, "b_1", "b"),
                Events.callDelta(1, "{\\\"y\\\":2"),
                Events.callDelta(0, "{\\\"x\\\":1"),
                Events.callDelta(1, "}"),
                Events.callDelta(0, "}"),
                Events.finish("TOOL_CALL"));
        assertThat(response.toolCalls())
                .containsExactly(new ToolCall("a_0", "a", "{\"x\":1}"), new ToolCall("b_1", "b", "{\"y\":2}"));
    }

    @Test
    void argumentsThatAreNullAreNone() {
        String call = "{\"id\":\"a_0\",\"type\":\"function\",\"function\":{\"name\":\"a\",\"arguments\":\"null\"}}";
        ChatResponse plain = Served.chat(Events.answer("\"tool_calls\":[" + call + "]", "TOOL_CALL"));
        assertThat(plain.toolCalls()).containsExactly(new ToolCall("a_0", "a", "{}"));
        ChatResponse streamed = streamed(
                Events.callStart(0, "a_0", "a"),
                Events.callDelta(0, "null"),
                Events.callStart(1, "b_1", "b"),
                Events.callDelta(1, "{\\\"x\\\":"),
                Events.callDelta(1, "null"),
                Events.callDelta(1, "}"),
                Events.finish("TOOL_CALL"));
        assertThat(streamed.toolCalls())
                .containsExactly(new ToolCall("a_0", "a", "{}"), new ToolCall("b_1", "b", "{\"x\":null}"));
    }

    @Test
    void thoughtsAndTexts() {
        ChatResponse plain = Served.chat(Events.answer(
                "\"content\":[{\"thinking\":\"hm\",\"type\":\"thinking\"},{\"type\":\"text\",\"text\":\"4\"},"
                        + "{\"type\":\"text\",\"text\":\"2\"}]",
                "COMPLETE"));
        assertThat(plain.message().parts()).containsExactly(THOUGHT, new Part.Text("4"), new Part.Text("2"));
        assertThat(plain.reasoning()).isEqualTo("hm");
        assertThat(streamed(
                        Events.START,
                        Events.blockStart(0, "thinking"),
                        Events.blockDelta(0, "thinking", "h"),
                        Events.blockDelta(0, "thinking", "m"),
                        Events.end("content-end", 0),
                        Events.blockStart(1, "text"),
                        Events.blockDelta(1, "text", "4"),
                        Events.end("content-end", 1),
                        Events.blockDelta(2, "text", "2"),
                        Events.finish("COMPLETE"),
                        Events.DONE))
                .isEqualTo(plain);
    }

    @Test
    void tokensAreThoseThatAreBilled() {
        assertThat(Served.chat(Events.text("Hi")).usage()).isEqualTo(Usage.of(5, 3));
        String billed = "{\"message\":{\"content\":\"Hi\"},\"usage\":{\"billed_units\":{\"input_tokens\":5.0,"
                + "\"output_tokens\":3},\"cached_tokens\":64}}";
        assertThat(Served.chat(billed).usage()).isEqualTo(Usage.of(5, 3));
        String processed = "{\"message\":{\"content\":\"Hi\"},\"usage\":{\"tokens\":{\"input_tokens\":71,"
                + "\"output_tokens\":4},\"cached_tokens\":64}}";
        assertThat(Served.chat(processed).usage())
                .isEqualTo(Usage.builder().input(71).output(4).cachedInput(64).build());
        assertThat(Served.chat("{\"message\":{\"content\":\"Hi\"},\"usage\":null}")
                        .usage())
                .isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void citationsNameEachSourceAndThePlaceInChars() {
        // The document is cited from the 2nd to the 4th code point of the second block, which begins at char 2.
        String message = "\"content\":[{\"type\":\"text\",\"text\":\"😀\"},{\"type\":\"text\",\"text\":\"a😀bc\"}],"
                + "\"citations\":[{\"start\":1,\"end\":3,\"text\":\"😀b\",\"content_index\":1,\"type\":\"TEXT_CONTENT\","
                + "\"sources\":[{\"type\":\"document\",\"id\":\"doc:0\",\"document\":{\"id\":\"doc:0\",\"title\":\"T\"}},"
                + "{\"type\":\"tool\",\"id\":\"t:0\",\"tool_output\":{\"x\":\"1\"}}]},"
                + "{\"start\":0,\"end\":2,\"type\":\"PLAN\",\"sources\":[{\"id\":\"doc:1\"}]}]";
        List<Citation> citations =
                List.of(new Citation(3, 6, "doc:0", "T", null), new Citation(3, 6, "t:0", null, null));
        ChatResponse plain = Served.chat(Events.answer(message, "COMPLETE"));
        assertThat(plain.citations()).isEqualTo(citations);
        assertThat(plain.text().substring(3, 6)).isEqualTo("😀b");
        ChatResponse streamed = streamed(
                Events.START,
                Events.blockDelta(0, "text", "😀"),
                Events.end("content-end", 0),
                Events.blockDelta(1, "text", "a"),
                Events.blockDelta(1, "text", "😀bc"),
                Events.event(
                        "citation-start",
                        0,
                        "{\"citations\":{\"start\":1,\"end\":3,\"content_index\":1,\"sources\":[{\"type\":\"document\","
                                + "\"id\":\"doc:0\",\"document\":{\"title\":\"T\"}},{\"type\":\"tool\",\"id\":\"t:0\"}]}}"),
                Events.end("citation-end", 0),
                Events.finish("COMPLETE"),
                Events.DONE);
        assertThat(streamed).isEqualTo(plain);
    }

    @Test
    void citationsThatFitNowhereAreKeptInside() {
        String message = "\"content\":[{\"type\":\"text\",\"text\":\"abc\"}],\"citations\":["
                + "{\"start\":-5,\"end\":99,\"sources\":[{\"id\":\"a\"}]},{\"start\":2,\"end\":1,\"sources\":[{\"id\":\"b\"}]},"
                + "{\"sources\":[{\"id\":\"c\"}]},{\"start\":\"x\",\"end\":null,\"sources\":[7,{}]},7,null]";
        assertThat(Served.chat(Events.answer(message, "COMPLETE")).citations())
                .containsExactly(
                        new Citation(0, 3, "a", null, null),
                        new Citation(1, 1, "b", null, null),
                        new Citation(0, 3, "c", null, null),
                        new Citation(0, 3, "", null, null));
    }

    @Test
    void probabilitiesOfTokens() {
        String items = "[{\"text\":\"Hi\",\"token_ids\":[1],\"logprobs\":[-0.5]},"
                + "{\"text\":\" there\",\"token_ids\":[2,3],\"logprobs\":[-1,-0.25]},{\"token_ids\":[4]}]";
        List<TokenLogprob> expected =
                List.of(new TokenLogprob("Hi", -0.5, List.of()), new TokenLogprob(" there", -1.25, List.of()));
        String plain =
                "{\"message\":{\"content\":\"Hi there\"},\"finish_reason\":\"COMPLETE\",\"logprobs\":" + items + "}";
        assertThat(Served.chat(plain).logprobs()).isEqualTo(expected);
        assertThat(streamed(
                                "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Hi\"}}},"
                                        + "\"logprobs\":{\"text\":\"Hi\",\"token_ids\":[1],\"logprobs\":[-0.5]}}",
                                "{\"type\":\"content-delta\",\"index\":0,\"logprobs\":{\"text\":\" there\",\"logprobs\":[-1,-0.25]}}",
                                Events.finish("COMPLETE"))
                        .logprobs())
                .isEqualTo(expected);
    }

    @Test
    void finishesThatAreFailuresAreErrorsWithTheText() {
        for (String reason : List.of("ERROR", "TIMEOUT")) {
            String plain = Events.answer("\"content\":[{\"type\":\"text\",\"text\":\"A\"}]", reason);
            LlmException error = catchThrowableOfType(LlmException.class, () -> Served.chat(plain));
            assertThat(error.code()).isEqualTo("overloaded");
            assertThat(error.details().providerCode()).contains(reason);
            assertThat(error.partialText()).isEqualTo("A");
            assertThat(error.partialUsage()).isEqualTo(Usage.of(5, 3));
        }
        LlmException error = failure(
                Events.blockDelta(0, "text", "A"),
                "{\"type\":\"message-end\",\"delta\":{\"error\":\"internal\",\"finish_reason\":\"ERROR\"}}");
        assertThat(error).hasMessageContaining("internal");
        assertThat(error.partialText()).isEqualTo("A");
    }

    @Test
    void finishes() {
        assertThat(Served.chat(Events.answer("\"content\":\"x\"", "MAX_TOKENS")).finishReason())
                .isEqualTo(FinishReason.LENGTH);
        assertThat(Served.chat(Events.answer("\"content\":\"x\"", "STOP_SEQUENCE"))
                        .finishReason())
                .isEqualTo(FinishReason.STOP);
        assertThat(Served.chat(Events.answer("\"content\":\"x\"", "ERROR_TOXIC"))
                        .finishReason())
                .isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(Served.chat(Events.answer("\"content\":\"x\"", "ERROR_LIMIT"))
                        .finishReason())
                .isEqualTo(FinishReason.LENGTH);
        ChatResponse other = Served.chat(Events.answer("\"content\":\"x\"", "USER_CANCEL"));
        assertThat(other.finishReason()).isEqualTo(FinishReason.OTHER);
        assertThat(other.rawFinishReason()).contains("USER_CANCEL");
    }

    @Test
    void streamWithoutItsFinishIsAnError() {
        LlmException error = failure(Events.START, Events.blockDelta(0, "text", "A"), Events.DONE);
        assertThat(error).isInstanceOf(MalformedResponseException.class);
        assertThat(error.partialText()).isEqualTo("A");
    }

    @Test
    void blocksOfOtherKindsAreKept() {
        ChatResponse response = Served.chat(Events.answer(
                "\"content\":[{\"type\":\"chart\",\"data\":{\"x\":[1, 2]},\"n\":1.50},{\"type\":\"text\",\"text\":\"See\"}],"
                        + "\"new\":{\"a\":1}",
                "COMPLETE"));
        assertThat(response.message().parts())
                .containsExactly(
                        new Part.Other("cohere", "chart", "{\"type\":\"chart\",\"data\":{\"x\":[1,2]},\"n\":1.50}"),
                        new Part.Text("See"));
    }

    @Test
    void unknownEventsAndOddTypesArePassedOver() {
        ChatResponse response = streamed(
                "{\"type\":\"debug\",\"prompt\":\"p\"}",
                "{\"type\":\"content-delta\",\"index\":\"x\",\"delta\":{\"message\":{\"content\":{\"text\":7}}}}",
                "{\"delta\":{\"message\":{\"content\":{\"text\":\"Hi\"}}},\"type\":\"content-delta\"}",
                "{\"type\":\"tool-call-delta\",\"index\":0,\"delta\":{\"message\":{\"tool_calls\":7}}}",
                "{\"type\":\"new-kind\",\"delta\":[1,{}],\"message\":null,\"usage\":3,\"logprobs\":\"x\"}",
                Events.finish("COMPLETE"));
        assertThat(response.text()).isEqualTo("Hi");
        assertThat(response.toolCalls()).isEmpty();
    }

    @Test
    void headSaysTheLimitsAndTheTrace() {
        ChatResponse response = Served.chat(StubAnswer.json(Events.text("Hi"))
                .header("x-debug-trace-id", "t1")
                .header("x-trial-endpoint-call-limit", "40")
                .header("x-trial-endpoint-call-remaining", "39"));
        assertThat(response.requestId()).contains("t1");
        assertThat(response.id()).contains("i");
        assertThat(response.rateLimits()).containsExactly(new RateLimit("requests", 40L, 39L, null));
    }

    @Test
    void answersOfVersionOneAreRead() {
        String meta =
                "\"meta\":{\"api_version\":{\"version\":\"1\"},\"billed_units\":{\"input_tokens\":7,\"output_tokens\":2},"
                        + "\"tokens\":{\"input_tokens\":69,\"output_tokens\":3}}";
        ChatResponse plain = Served.chat("{\"response_id\":\"r\",\"text\":\"Hi there\",\"generation_id\":\"g\","
                + "\"chat_history\":[{\"role\":\"USER\",\"message\":\"Hi\"}],\"finish_reason\":\"COMPLETE\","
                + "\"citations\":[{\"start\":0,\"end\":2,\"text\":\"Hi\",\"document_ids\":[\"doc_0\"]}]," + meta + "}");
        assertThat(plain.text()).isEqualTo("Hi there");
        assertThat(plain.usage()).isEqualTo(Usage.of(7, 2));
        assertThat(plain.citations()).containsExactly(new Citation(0, 2, "doc_0", null, null));
        assertThat(plain.id()).contains("r");
        StubAnswer lines = StubAnswer.lines(
                "application/stream+json",
                "{\"is_finished\":false,\"event_type\":\"stream-start\",\"generation_id\":\"r\"}",
                "{\"is_finished\":false,\"event_type\":\"text-generation\",\"text\":\"Hi\"}",
                "{\"is_finished\":false,\"event_type\":\"text-generation\",\"text\":\" there\"}",
                "{\"is_finished\":false,\"event_type\":\"citation-generation\",\"citations\":[{\"start\":0,\"end\":2,"
                        + "\"text\":\"Hi\",\"document_ids\":[\"doc_0\"]}]}",
                "{\"is_finished\":true,\"event_type\":\"stream-end\",\"response\":{\"response_id\":\"x\",\"text\":\"Hi there\","
                        + "\"generation_id\":\"r\",\"citations\":[{\"start\":0,\"end\":2,\"document_ids\":[\"doc_0\"]}],"
                        + "\"finish_reason\":\"COMPLETE\"," + meta + "},\"finish_reason\":\"COMPLETE\"}");
        assertThat(Served.stream(lines).response()).isEqualTo(plain);
        ChatResponse generated = Served.chat("{\"id\":\"r\",\"generations\":[{\"id\":\"g\",\"text\":\"Hi there\","
                + "\"finish_reason\":\"COMPLETE\"}],\"prompt\":\"Hi\"," + meta + "}");
        assertThat(generated.text()).isEqualTo("Hi there");
        assertThat(generated.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void callsOfVersionOneAreRead() {
        ToolCall call = new ToolCall("call_unnamed_0", "weather", "{\"city\":\"Oslo\"}");
        ChatResponse plain =
                Served.chat("{\"text\":\"I will look.\",\"tool_calls\":[{\"name\":\"weather\",\"parameters\":"
                        + "{\"city\":\"Oslo\"}}],\"finish_reason\":\"COMPLETE\"}");
        assertThat(plain.message().parts()).containsExactly(new Part.Text("I will look."), call);
        assertThat(plain.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        StubAnswer lines = StubAnswer.lines(
                "application/stream+json",
                "{\"event_type\":\"tool-calls-chunk\",\"text\":\"I will look.\"}",
                "{\"event_type\":\"tool-calls-chunk\",\"tool_call_delta\":{\"name\":\"weather\",\"index\":0}}",
                "{\"event_type\":\"tool-calls-chunk\",\"tool_call_delta\":{\"index\":0,\"parameters\":\"{\\\"city\\\":\"}}",
                "{\"event_type\":\"tool-calls-chunk\",\"tool_call_delta\":{\"index\":0,\"parameters\":\"\\\"Oslo\\\"}\"}}",
                "{\"event_type\":\"tool-calls-generation\",\"text\":\"I will look.\",\"tool_calls\":[{\"name\":\"weather\","
                        + "\"parameters\":{\"city\":\"Oslo\"}}]}",
                "{\"event_type\":\"stream-end\",\"finish_reason\":\"COMPLETE\",\"response\":{\"text\":\"I will look.\","
                        + "\"tool_calls\":[{\"name\":\"weather\",\"parameters\":{\"city\":\"Oslo\"}}],"
                        + "\"finish_reason\":\"COMPLETE\"}}");
        assertThat(Served.stream(lines).response()).isEqualTo(plain);
    }
}
