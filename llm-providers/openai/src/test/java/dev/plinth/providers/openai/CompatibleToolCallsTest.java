package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How servers that call themselves compatible write tool calls, each as it was seen. */
class CompatibleToolCallsTest extends CompatibleServer {
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

    /** Snowflake's gateway writes every field that there could be, empty. */
    @Test
    void callOfNothingIsNone() {
        for (String nothing : List.of(
                "{\"content\":\"A\",\"function_call\":{\"arguments\":\"\",\"name\":\"\"},\"tool_calls\":null}",
                "{\"content\":\"A\",\"tool_calls\":[{\"id\":\"\",\"function\":{\"name\":\"\",\"arguments\":\"\"}}]}",
                "{\"content\":\"A\",\"tool_calls\":[{}]}")) {
            ChatResponse response = read(Chunks.delta(nothing), Chunks.finish("stop"), Chunks.DONE);
            assertThat(response.toolCalls()).as(nothing).isEmpty();
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.text()).isEqualTo("A");
        }
    }

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

    private static String arguments(String arguments) {
        return "\"function\":{\"arguments\":" + Chunks.quoted(arguments) + "}";
    }

    private static String several(String... calls) {
        return Chunks.delta("{\"tool_calls\":[{" + String.join("},{", calls) + "}]}");
    }

    @Test
    void toolIndexAlwaysZeroInFragments() {
        assertThat(calls(
                        call("\"index\":0,\"id\":\"a\"," + function("f", "")),
                        call("\"index\":0," + arguments("{\"a\":1}")),
                        call("\"index\":0,\"id\":\"b\"," + function("f", "")),
                        call("\"index\":0," + arguments("{\"a\":2}"))))
                .containsExactly("f{\"a\":1}", "f{\"a\":2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"index\":0,", ""})
    void sameToolTwiceWithoutIds(String index) {
        String one = index + function("f", "{\"a\":1}");
        String two = index + function("f", "{\"a\":2}");
        assertThat(calls(call(one), call(two))).containsExactly("f{\"a\":1}", "f{\"a\":2}");
        assertThat(calls(several(one, two))).containsExactly("f{\"a\":1}", "f{\"a\":2}");
    }

    @Test
    void toolIdInsteadOfAnIndex() {
        assertThat(calls(
                        call("\"id\":\"a\"," + function("f", "{\"a\"")),
                        call("\"id\":\"b\"," + function("g", "{")),
                        call("\"id\":\"a\"," + function(null, ":1}")),
                        call("\"id\":\"b\"," + arguments("}"))))
                .containsExactly("f{\"a\":1}", "g{}");
    }

    @Test
    void withoutIndexAndIdThePlaceDecides() {
        assertThat(calls(
                        several(function("f", ""), function("g", "")),
                        several(arguments("{\"a\""), arguments("{\"b\"")),
                        several(arguments(":1}"), arguments(":2}"))))
                .containsExactly("f{\"a\":1}", "g{\"b\":2}");
    }

    @Test
    void oneFragmentAloneGoesOnWithTheLastCall() {
        assertThat(calls(
                        several(function("f", "{}"), function("g", "{\"b\"")),
                        call(arguments(":")),
                        several(arguments(""), arguments("2"), arguments("}"))))
                .containsExactly("f{}", "g{\"b\":2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3000000000", "0.0", "99999999999999999999999", "\"0\"", "null", "-1"})
    void indexOfAnySort(String index) {
        assertThat(calls(
                        call("\"index\":" + index + ",\"id\":\"a\"," + function("f", "{\"a\"")),
                        call("\"index\":" + index + "," + arguments(":1}"))))
                .containsExactly("f{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "\"f\"", "[]"})
    void callsThatAreNone(String none) {
        String call = "{\"index\":0,\"id\":\"a\"," + function("f", "{}") + "}";
        assertThat(calls(Chunks.delta("{\"tool_calls\":[" + none + "," + call + "," + none + "]}")))
                .containsExactly("f{}");
    }

    @Test
    void emptyContentBesideCalls() {
        String message = "{\"content\":\"\",\"tool_calls\":[{\"id\":\"a\"," + function("f", "{}") + "}]}";
        for (ChatResponse response :
                List.of(plain(Chunks.completion(message, "tool_calls")), read(Chunks.delta(message), STOP))) {
            assertThat(response.message().parts()).containsExactly(new ToolCall("a", "f", "{}"));
        }
    }

    @Test
    void callsThatAreOnlySaidToBe() {
        ChatResponse response = read(TEXT, Chunks.finish("tool_calls"));
        assertThat(response.toolCalls()).isEmpty();
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    /** Gemini's comes after the call, in a fragment without an index. */
    @Test
    void proofOfAThoughtInAStream() {
        ChatResponse response = read(
                call("\"index\":0,\"id\":\"a\"," + function("f", "{}")),
                call("\"extra_content\":{\"google\":{\"thought_signature\":\"s1\"}}"),
                Chunks.finish("tool_calls"));
        assertThat(response.message().parts())
                .containsExactly(new Part.Reasoning("", "s1", "gemini"), new ToolCall("a", "f", "{}"));
    }
}
