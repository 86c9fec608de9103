package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers that call themselves compatible say differently, each as it was seen. */
class CompatibleServersTest extends CompatibleServer {
    // usage

    @Test
    void usageAbsent() {
        assertThat(read(TEXT, STOP).usage()).isEqualTo(Usage.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "on the finish chunk|{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}",
                "in the choice|{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}]}",
                "of Groq|{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"x_groq\":{\"id\":\"r\",\"usage\":{\"queue_time\":0.1,\"prompt_tokens\":9,\"completion_tokens\":3}}}",
                "of OpenRouter|{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"cost\":0.0001,\"is_byok\":false,\"cost_details\":{\"upstream_inference_cost\":null}}}",
            })
    void usageIs(String where, String last) {
        assertThat(read(TEXT, last).usage()).as(where).isEqualTo(Usage.of(9, 3));
    }

    @Test
    void usageOfDeepSeekAndMistralAndOpenAi() {
        String usage = "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,%s}}";
        Usage cached = Usage.builder().input(9).output(3).cachedInput(4).build();
        assertThat(read(
                                TEXT,
                                STOP,
                                String.format(usage, "\"prompt_cache_hit_tokens\":4,\"prompt_cache_miss_tokens\":5"))
                        .usage())
                .isEqualTo(cached);
        assertThat(read(TEXT, STOP, String.format(usage, "\"num_cached_tokens\":4"))
                        .usage())
                .isEqualTo(cached);
        assertThat(read(
                                TEXT,
                                STOP,
                                String.format(
                                        usage,
                                        "\"prompt_tokens_details\":{\"cached_tokens\":4},"
                                                + "\"completion_tokens_details\":{\"reasoning_tokens\":1}"))
                        .usage())
                .isEqualTo(Usage.builder()
                        .input(9)
                        .output(3)
                        .cachedInput(4)
                        .reasoning(1)
                        .build());
    }

    /** Of xAI, which counts reasoning beside the completion; OpenAI counts it within, and the total says which. */
    @Test
    void reasoningBesideTheCompletion() {
        String usage = "{\"prompt_tokens\":10120,\"completion_tokens\":1499,\"total_tokens\":%s,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":128},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":%s}}";
        Usage.Builder expected = Usage.builder().input(10120).cachedInput(128);
        Usage beside = expected.output(1499 + 2809).reasoning(2809).build();
        Usage within = expected.output(1499).reasoning(1000).build();
        assertUsage(String.format(usage, 14428, 2809), beside);
        assertUsage(String.format(usage, 11619, 1000), within);
    }

    private void assertUsage(String usage, Usage expected) {
        assertThat(read(TEXT, STOP, "{\"choices\":[],\"usage\":" + usage + "}").usage())
                .isEqualTo(expected);
        String whole = Chunks.completion("A").replaceAll("\\{\"prompt_tokens.*?\\}", usage);
        assertThat(plain(whole).usage()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"prompt_tokens\":9.0,\"completion_tokens\":3.0",
                "\"prompt_tokens\":9,\"completion_tokens\":3,\"total_time_ns\":99999999999999999999",
                "\"prompt_tokens\":9,\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":1e400}",
                "\"prompt_tokens\":9,\"completion_tokens\":3,\"prompt_tokens\":null",
                "\"input_tokens\":9,\"output_tokens\":3",
            })
    void usageInAnyNumbers(String counts) {
        assertThat(read(TEXT, STOP, "{\"choices\":[],\"usage\":{" + counts + "}}")
                        .usage())
                .isEqualTo(Usage.of(9, 3));
    }

    // finish reasons

    @ParameterizedTest
    @CsvSource({
        "stop, STOP",
        "eos, STOP",
        "length, LENGTH",
        "model_length, LENGTH",
        "max_tokens, LENGTH",
        "content_filter, CONTENT_FILTER",
        "error, ERROR",
        "tool_calls, TOOL_CALLS",
        "function_call, TOOL_CALLS",
        "end_turn, STOP",
        "STOP, STOP",
        "SAFETY, CONTENT_FILTER",
        "refusal, REFUSAL",
        "pause_turn, PAUSE",
        "something_new, OTHER"
    })
    void finishReason(String raw, FinishReason expected) {
        ChatResponse streamed = read(TEXT, Chunks.finish(raw));
        assertThat(streamed.finishReason()).isEqualTo(expected);
        assertThat(streamed.rawFinishReason()).contains(raw);
        assertThat(plain(Chunks.completion("{\"content\":\"A\"}", raw)).finishReason())
                .isEqualTo(expected);
    }

    @Test
    void emptyFinishReasonIsNone() {
        String more = "{\"choices\":[{\"delta\":{\"content\":\"A\"},\"finish_reason\":\"\"}]}";
        assertThat(read(more, more, STOP).text()).isEqualTo("AA");
        assertThat(fails(MalformedResponseException.class, StubAnswer.sse(more, Chunks.DONE))
                        .partialText())
                .isEqualTo("A");
        assertThat(plain(Chunks.completion("{\"content\":\"A\"}", "")).rawFinishReason())
                .isEmpty();
    }

    // content and reasoning

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"A\"]",
                "[null,{\"type\":\"text\",\"text\":\"A\"},7]",
                "[[],{\"type\":\"text\",\"text\":[\"A\",null]}]",
            })
    void contentInPartsOfAnySort(String parts) {
        String message = "{\"content\":" + parts + "}";
        for (ChatResponse response :
                List.of(plain(Chunks.completion(message, "stop")), read(Chunks.delta(message), STOP))) {
            assertThat(response.text()).isEqualTo("A");
        }
    }

    @Test
    void refusalAmongParts() {
        String message = "{\"content\":[{\"type\":\"refusal\",\"refusal\":\"No\"}]}";
        ChatResponse response = plain(Chunks.completion(message, "stop"));
        assertThat(response.text()).isEqualTo("No");
        assertThat(response.finishReason()).isEqualTo(FinishReason.REFUSAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"why\"]", "[null,{\"text\":\"why\"}]", "\"why\"", "{\"text\":\"why\"}"})
    void thinkingOfAnySort(String thinking) {
        String parts = "{\"content\":[{\"type\":\"thinking\",\"thinking\":" + thinking
                + "},{\"type\":\"text\",\"text\":\"A\"}]}";
        ChatResponse response = read(Chunks.delta(parts), STOP);
        assertThat(response.reasoning()).isEqualTo("why");
        assertThat(response.text()).isEqualTo("A");
    }

    @Test
    void choicesThatAreNoneArePassedOver() {
        String choice = "{\"index\":0,\"message\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}";
        assertThat(plain("{\"choices\":[null,7," + choice + "," + choice + "]}").text())
                .isEqualTo("A");
        assertThat(read("{\"choices\":[null," + choice.replace("message", "delta") + ",null]}")
                        .text())
                .isEqualTo("A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"delta\":{\"content\":\"lo\"},\"message\":{\"content\":\"Hello\"}",
                "\"message\":{\"content\":\"Hello\"},\"delta\":{\"content\":\"lo\"}",
                "\"delta\":{\"content\":\"lo\"},\"message\":null",
            })
    void messageBesideADeltaSaysTheSameAgain(String both) {
        String last = "{\"choices\":[{" + both + ",\"finish_reason\":\"stop\"}]}";
        assertThat(read(Chunks.text("Hel"), last).text()).isEqualTo("Hello");
    }

    @Test
    void messageAfterTheDeltasSaysTheSameAgain() {
        String last = "{\"choices\":[{\"message\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}]}";
        assertThat(read(TEXT, last).text()).isEqualTo("A");
    }

    @Test
    void messageMayBeAllThereIs() {
        String message = "{\"choices\":[{%s\"message\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}]}";
        assertThat(read(String.format(message, "")).text()).isEqualTo("A");
        assertThat(read(String.format(message, "\"delta\":{},")).text()).isEqualTo("A");
        assertThat(plain("{\"choices\":[{\"delta\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}]}")
                        .text())
                .isEqualTo("A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":null}",
                "{}",
                "{\"content\":\"\"}",
                "{\"role\":\"assistant\",\"refusal\":null}",
                "{\"content\":[]}",
                "null"
            })
    void contentNullMissingOrEmpty(String message) {
        assertThat(plain(Chunks.completion(message, "stop")).text()).isEmpty();
        assertThat(read(Chunks.delta(message), STOP).text()).isEmpty();
    }

    @Test
    void contentAsParts() {
        String parts = "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"why\"}]},"
                + "{\"type\":\"text\",\"text\":\"A\"},{\"type\":\"new\",\"x\":{\"text\":\"no\"}},"
                + "{\"type\":\"text\",\"text\":\"B\"}]}";
        for (ChatResponse response :
                List.of(plain(Chunks.completion(parts, "stop")), read(Chunks.delta(parts), STOP))) {
            assertThat(response.text()).isEqualTo("AB");
            assertThat(response.reasoning()).isEqualTo("why");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"reasoning_content\":\"why\",\"content\":\"A\"}",
                "{\"content\":\"A\",\"reasoning\":\"why\"}",
                "{\"reasoning\":\"why\",\"reasoning_content\":\"why\",\"content\":\"A\"}",
                "{\"reasoning\":\"why\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"why\"}],\"content\":\"A\"}",
                "{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"why\"}],\"reasoning\":\"why\",\"content\":\"A\"}",
                "{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"why\"}],\"content\":\"A\"}",
                "{\"reasoning\":\"\",\"reasoning_details\":[{\"type\":\"reasoning.summary\",\"summary\":\"why\"},null,{\"type\":\"reasoning.encrypted\",\"data\":\"x\"}],\"content\":\"A\"}"
            })
    void reasoning(String message) {
        for (ChatResponse response :
                List.of(plain(Chunks.completion(message, "stop")), read(Chunks.delta(message), STOP))) {
            assertThat(response.text()).isEqualTo("A");
            assertThat(response.reasoning()).isEqualTo("why");
        }
    }

    @Test
    void reasoningComesAsEvents() {
        server.enqueue(StubAnswer.sse(Chunks.delta("{\"reasoning\":\"why\"}"), TEXT, STOP));
        List<StreamEvent> events = new ArrayList<>();
        try (ChatStream stream = openAi.chatModel("m").stream(ChatRequest.of("x"))) {
            stream.forEach(events::add);
        }
        assertThat(events).startsWith(new StreamEvent.ReasoningDelta("why"), new StreamEvent.TextDelta("A"));
    }

    @Test
    void refusal() {
        ChatResponse response = plain(Chunks.completion("{\"content\":null,\"refusal\":\"No\"}", "stop"));
        assertThat(response.finishReason()).isEqualTo(FinishReason.REFUSAL);
        assertThat(response.text()).isEqualTo("No");
        assertThat(read(Chunks.delta("{\"refusal\":\"N\"}"), Chunks.delta("{\"refusal\":\"o\"}"), STOP))
                .satisfies(streamed -> assertThat(streamed.finishReason()).isEqualTo(FinishReason.REFUSAL))
                .satisfies(streamed -> assertThat(streamed.text()).isEqualTo("No"));
    }

    @Test
    void azureBeginsWithoutAChoice() {
        String first = "{\"id\":\"\",\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}";
        ChatResponse response = read(first, TEXT, STOP, Chunks.DONE);
        assertThat(response.text()).isEqualTo("A");
        assertThat(response.model()).contains("m-dated");
        assertThat(response.id()).contains("c-1");
    }
}
