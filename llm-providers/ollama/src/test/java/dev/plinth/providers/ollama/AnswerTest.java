package dev.plinth.providers.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shapes of answers, those of older servers and odd ones among them. */
class AnswerTest {
    private static final String DONE = "\"done\":true,\"done_reason\":\"stop\"";

    private static String chat(String message, String rest) {
        return "{\"model\":\"llama3.2\",\"created_at\":\"2026-11-23T00:00:00Z\",\"message\":" + message + "," + rest
                + "}";
    }

    private static String text(String text, String rest) {
        return chat("{\"role\":\"assistant\",\"content\":\"" + text + "\"}", rest);
    }

    private static ChatResponse streamed(String... lines) {
        return Served.stream(lines).response();
    }

    @Test
    void thoughtsComeBeforeTheTextThoughWrittenBehindIt() {
        ChatResponse plain = Served.chat(chat("{\"role\":\"assistant\",\"content\":\"42\",\"thinking\":\"hm\"}", DONE));
        ChatResponse streamed = streamed(
                chat("{\"content\":\"\",\"thinking\":\"h\"}", "\"done\":false"),
                chat("{\"content\":\"\",\"thinking\":\"m\"}", "\"done\":false"),
                text("42", "\"done\":false"),
                text("", DONE));
        assertThat(plain.message().parts()).containsExactly(new Part.Reasoning("hm"), new Part.Text("42"));
        assertThat(streamed).isEqualTo(plain);
    }

    /** Servers before 0.9, and models whose template theirs does not know. */
    @Test
    void thoughtsOfOlderServersStandInTheText() {
        ChatResponse plain = Served.chat(text("<think>hm</think>\\n\\nYes", DONE));
        assertThat(plain.message().parts()).containsExactly(new Part.Reasoning("hm"), new Part.Text("Yes"));
        assertThat(streamed(
                        text("<thi", "\"done\":false"),
                        text("nk>h", "\"done\":false"),
                        text("m</think>", "\"done\":false"),
                        text("\\n\\nYes", "\"done\":false"),
                        text("", DONE)))
                .isEqualTo(plain);
        assertThat(Served.chat(text("Yes, <think> is a tag", DONE)).text()).isEqualTo("Yes, <think> is a tag");
        assertThat(streamed(text("<thin", "\"done\":false"), text("", DONE)).text())
                .isEqualTo("<thin");
        ChatResponse generated = Served.chat("{\"response\":\"<think>hm</think>Yes\"," + DONE + "}");
        assertThat(generated.reasoning()).isEqualTo("hm");
    }

    @Test
    void textThatMayBeginATagStandsBeforeTheCall() {
        String call = "{\"function\":{\"name\":\"f\",\"arguments\":{}}}";
        ChatResponse response = streamed(
                chat("{\"content\":\"\\n<\",\"tool_calls\":[" + call + "]}", "\"done\":false"), text("", DONE));
        assertThat(response.message().parts().get(0)).isEqualTo(new Part.Text("\n<"));
        assertThat(response.toolCalls()).hasSize(1);
    }

    @Test
    void linesMayBeCalledJson() {
        String lines = text("H", "\"done\":false") + "\n" + text("i", DONE) + "\n";
        StubAnswer answer = StubAnswer.json(lines);
        assertThat(Served.stream(answer).response().text()).isEqualTo("Hi");
        assertThat(Served.stream(StubAnswer.json(text("Hi", DONE))).response().text())
                .isEqualTo("Hi");
        LlmException error = catchThrowableOfType(
                LlmException.class,
                () -> Served.stream(StubAnswer.json("{\"error\":\"no\"}")).response());
        assertThat(error).hasMessageStartingWith("provider: no");
    }

    @Test
    void halfACharacterInAnArgumentCanBeSentBack() {
        ChatResponse response = Served.chat(chat(
                "{\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"x\":\"\\ud83d\"}}}]}",
                DONE));
        ToolCall call = response.toolCalls().get(0);
        assertThat(Served.sent(ChatRequest.builder()
                        .user("Hi")
                        .message(response.message())
                        .message(Message.tool(List.of(call.result("ok"))))
                        .build()))
                .contains("\"arguments\":{\"x\":\"\ufffd\"}");
    }

    @Test
    void callsComeWholeAndMayHaveNoId() {
        String first = "{\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":\"Paris\"}}}";
        String second =
                "{\"id\":\"call_x\",\"function\":{\"index\":0,\"arguments\":\"{\\\"city\\\":\\\"Rome\\\"}\",\"name\":\"weather\"}}";
        String third = "{\"function\":{\"name\":\"time\",\"arguments\":null}}";
        ChatResponse plain = Served.chat(
                chat("{\"content\":\"\",\"tool_calls\":[" + first + "," + second + "," + third + "]}", DONE));
        List<StreamEvent> events = new ArrayList<>();
        var stream = Served.stream(
                chat("{\"content\":\"\",\"tool_calls\":[" + first + "]}", "\"done\":false"),
                chat("{\"content\":\"\",\"tool_calls\":[" + second + "," + third + "]}", "\"done\":false"),
                text("", DONE));
        stream.forEach(events::add);
        assertThat(plain.toolCalls()).extracting(ToolCall::name).containsExactly("weather", "weather", "time");
        assertThat(plain.toolCalls())
                .extracting(ToolCall::arguments)
                .containsExactly("{\"city\":\"Paris\"}", "{\"city\":\"Rome\"}", "{}");
        assertThat(plain.toolCalls().get(1).id()).isEqualTo("call_x");
        assertThat(plain.toolCalls()).extracting(ToolCall::id).doesNotHaveDuplicates();
        assertThat(plain.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(plain.rawFinishReason()).contains("stop");
        assertThat(stream.response()).isEqualTo(plain);
        assertThat(events.stream()
                        .filter(StreamEvent.ToolCallDelta.class::isInstance)
                        .map(event -> ((StreamEvent.ToolCallDelta) event).index())
                        .distinct())
                .containsExactly(0, 1, 2);
    }

    @Test
    void tokensThatAreNotSaidAreUnknown() {
        assertThat(Served.chat(text("Hi", DONE + ",\"prompt_eval_count\":26,\"eval_count\":10"))
                        .usage())
                .isEqualTo(Usage.of(26, 10));
        Usage cached = Served.chat(text("Hi", DONE + ",\"eval_count\":10")).usage();
        assertThat(cached.input()).isEmpty();
        assertThat(cached.output()).hasValue(10);
        assertThat(cached.source()).isEqualTo(Usage.Source.REPORTED);
        assertThat(Served.chat(text("Hi", DONE)).usage()).isEqualTo(Usage.UNKNOWN);
        assertThat(Served.chat(text("Hi", DONE + ",\"prompt_eval_count\":\"x\",\"eval_count\":{}"))
                        .usage())
                .isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void endsOfAllKinds() {
        assertThat(Served.chat(text("Hi", "\"done\":true,\"done_reason\":\"length\""))
                        .finishReason())
                .isEqualTo(FinishReason.LENGTH);
        ChatResponse load = Served.chat(text("", "\"done\":true,\"done_reason\":\"load\""));
        assertThat(load.finishReason()).isEqualTo(FinishReason.OTHER);
        assertThat(load.rawFinishReason()).contains("load");
        ChatResponse older =
                streamed(text("Hi", "\"done\":false"), "{\"model\":\"llama2\",\"done\":true,\"eval_count\":3}");
        assertThat(older.text()).isEqualTo("Hi");
        assertThat(older.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(older.rawFinishReason()).isEmpty();
    }

    @Test
    void completionsOfOlderServersAreRead() {
        ChatResponse plain =
                Served.chat("{\"model\":\"llama3\",\"response\":\"Hi there\",\"thinking\":\"hm\",\"done\":true,"
                        + "\"done_reason\":\"stop\",\"context\":[1,2],\"prompt_eval_count\":5,\"eval_count\":2}");
        assertThat(plain.text()).isEqualTo("Hi there");
        assertThat(plain.reasoning()).isEqualTo("hm");
        assertThat(plain.usage()).isEqualTo(Usage.of(5, 2));
        assertThat(streamed(
                        "{\"model\":\"llama3\",\"response\":\"\",\"thinking\":\"hm\",\"done\":false}",
                        "{\"model\":\"llama3\",\"response\":\"Hi\",\"done\":false}",
                        "{\"model\":\"llama3\",\"response\":\" there\",\"done\":false}",
                        "{\"model\":\"llama3\",\"response\":\"\",\"done\":true,\"done_reason\":\"stop\",\"context\":[1],"
                                + "\"prompt_eval_count\":5,\"eval_count\":2}"))
                .isEqualTo(plain);
    }

    @Test
    void probabilitiesOfTokens() {
        String logprobs = ",\"logprobs\":[{\"token\":\"Hi\",\"logprob\":-0.5,\"bytes\":[72,105],\"top_logprobs\":"
                + "[{\"token\":\"Hi\",\"logprob\":-0.5},{\"token\":\"Ho\",\"logprob\":-2}]}]";
        TokenLogprob hi = new TokenLogprob(
                "Hi", -0.5, List.of(new TokenLogprob("Hi", -0.5, List.of()), new TokenLogprob("Ho", -2, List.of())));
        assertThat(Served.chat(text("Hi", DONE + logprobs)).logprobs()).containsExactly(hi);
        assertThat(streamed(text("Hi", "\"done\":false" + logprobs), text("", DONE))
                        .logprobs())
                .containsExactly(hi);
        assertThat(Served.chat(text("Hi", DONE + ",\"logprobs\":[1,{\"token\":\"x\"},{\"logprob\":1},null]"))
                        .logprobs())
                .isEmpty();
    }

    @Test
    void imagesOfTheModelAreKept() {
        ChatResponse response = Served.chat(chat("{\"content\":\"See\",\"images\":[\"aGk=\"]}", DONE));
        assertThat(response.message().parts())
                .containsExactly(new Part.Text("See"), new Part.Other("ollama", "image", "\"aGk=\""));
    }

    @Test
    void unknownFieldsAndOddTypesArePassedOver() {
        ChatResponse response = Served.chat(
                "{\"new\":{\"a\":[1]},\"model\":7,\"message\":{\"role\":null,\"content\":\"Hi\",\"thinking\":false,"
                        + "\"tool_calls\":{},\"images\":\"x\",\"new\":[]},\"done\":true,\"done_reason\":5,\"logprobs\":{}}");
        assertThat(response.text()).isEqualTo("Hi");
        assertThat(response.model()).isEmpty();
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(Served.chat(chat("{\"content\":\"Hi\",\"tool_calls\":[null,5,{\"function\":[]}]}", DONE))
                        .toolCalls())
                .hasSize(1);
    }

    @Test
    void errorInMidStreamCarriesTheText() {
        LlmException error = catchThrowableOfType(
                LlmException.class,
                () -> streamed(
                        text("A", "\"done\":false"),
                        "{\"error\":\"an error was encountered while running the model\"}"));
        assertThat(error.code()).isEqualTo("overloaded");
        assertThat(error).hasMessageContaining("an error was encountered while running the model");
        assertThat(error.partialText()).isEqualTo("A");
    }

    @Test
    void streamThatIsNeverDoneIsAnError() {
        LlmException error = catchThrowableOfType(
                MalformedResponseException.class, () -> streamed(text("A", "\"done\":false,\"done_reason\":\"stop\"")));
        assertThat(error.partialText()).isEqualTo("A");
    }
}
