package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers that call themselves compatible say differently, each as it was seen. */
class CompatibleServersTest extends CompatibleServer {
    private List<String> calls(String... data) {
        List<String> all = new ArrayList<>(List.of(data));
        all.add(Chunks.finish("stop"));
        all.add(Chunks.DONE);
        ChatResponse response = read(all.toArray(String[]::new));
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(response.toolCalls())
                .extracting(ToolCall::id)
                .doesNotHaveDuplicates()
                .doesNotContain("");
        return response.toolCalls().stream()
                .map(call -> call.name() + call.arguments())
                .collect(Collectors.toList());
    }

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

    // tool calls

    @Test
    void toolIndexMissingIdEmpty() {
        assertThat(calls(call("\"id\":\"\"," + function("f", "{\"a\":1}")))).containsExactly("f{\"a\":1}");
    }

    @Test
    void toolIndexMissingForSeveralWholeCalls() {
        assertThat(calls(
                        call("\"id\":\"a\"," + function("f", "{\"a\":1}")),
                        call("\"id\":\"b\"," + function("f", "{}"))))
                .containsExactly("f{\"a\":1}", "f{}");
    }

    @Test
    void toolIndexAlwaysZero() {
        assertThat(calls(
                        call("\"index\":0,\"id\":\"a\"," + function("f", "{\"a\":1}")),
                        call("\"index\":0,\"id\":\"b\"," + function("f", "{\"a\":2}"))))
                .containsExactly("f{\"a\":1}", "f{\"a\":2}");
    }

    @Test
    void toolIndexAlwaysZeroWithoutIds() {
        assertThat(calls(
                        call("\"index\":0," + function("f", "{\"a\":1}")),
                        call("\"index\":0," + function("g", "{\"a\":2}"))))
                .containsExactly("f{\"a\":1}", "g{\"a\":2}");
    }

    @Test
    void toolIdRepeatedNameRepeatedOrNull() {
        assertThat(calls(
                        call("\"index\":0,\"id\":\"a\"," + function("f", "{\"a\"")),
                        call("\"index\":0,\"id\":\"a\"," + function("f", ":")),
                        call("\"index\":0,\"id\":null," + function(null, "1}"))))
                .containsExactly("f{\"a\":1}");
    }

    @Test
    void toolIdNewInEveryChunk() {
        assertThat(calls(
                        call("\"index\":0,\"id\":\"a1\"," + function("f", "{\"a\"")),
                        call("\"index\":0,\"id\":\"a2\"," + function(null, ":1}")),
                        call("\"index\":1,\"id\":\"b1\"," + function("g", "{")).replace("\"{\"", "\"{}\"")))
                .containsExactly("f{\"a\":1}", "g{}");
    }

    @Test
    void toolsInterleaved() {
        assertThat(calls(
                        call("\"index\":0,\"id\":\"a\"," + function("f", "")),
                        call("\"index\":1,\"id\":\"b\"," + function("g", "")),
                        call("\"index\":1,\"function\":{\"arguments\":\"{\\\"b\\\":\"}"),
                        call("\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":1}\"}"),
                        call("\"index\":1,\"function\":{\"arguments\":\"2}\"}")))
                .containsExactly("f{\"a\":1}", "g{\"b\":2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "{}", "\" \""})
    void toolWithoutArguments(String arguments) {
        assertThat(calls(
                        call("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":" + arguments + "}")))
                .containsExactly("f{}");
    }

    @Test
    void toolArgumentsAsObject() {
        assertThat(
                        calls(
                                call(
                                        "\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":[1,{\"b\":null}]}}")))
                .containsExactly("f{\"a\":[1,{\"b\":null}]}");
    }

    @Test
    void nullInsteadOfCalls() {
        assertThat(read(Chunks.delta("{\"content\":\"A\",\"tool_calls\":null}"), STOP)
                        .finishReason())
                .isEqualTo(FinishReason.STOP);
        assertThat(read(Chunks.delta("{\"content\":\"A\",\"tool_calls\":[]}"), STOP)
                        .finishReason())
                .isEqualTo(FinishReason.STOP);
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

    // content and reasoning

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
                "{\"reasoning\":\"why\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"why\"}],\"content\":\"A\"}"
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
