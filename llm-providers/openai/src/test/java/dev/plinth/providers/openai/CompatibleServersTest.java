package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers that call themselves compatible do differently, each as it was seen. */
class CompatibleServersTest {
    private static final String TEXT = Chunks.text("A");
    private static final String STOP = Chunks.finish("stop");

    private final StubServer server = StubServer.start();
    private final OpenAi openAi =
            OpenAi.builder().baseUrl(server.url("/v1").toString()).build();

    @AfterEach
    void close() {
        openAi.close();
        server.close();
    }

    private ChatResponse read(StubAnswer answer) {
        server.enqueue(answer);
        StringBuilder text = new StringBuilder();
        try (ChatStream stream = openAi.chatModel("m").stream(ChatRequest.of("x"))) {
            ChatResponse response = stream.onText(text::append).response();
            assertThat(response.text()).isEqualTo(text.toString());
            return response;
        }
    }

    private ChatResponse read(String... data) {
        return read(StubAnswer.sse(data));
    }

    private ChatResponse readRaw(String body) {
        return read(StubAnswer.streaming("text/event-stream").chunk(body));
    }

    private <E extends LlmException> E fails(Class<E> type, StubAnswer answer) {
        E error = catchThrowableOfType(type, () -> read(answer));
        assertThat(error).as("error").isNotNull();
        return error;
    }

    private ChatResponse plain(String body) {
        server.enqueue(StubAnswer.json(body));
        return openAi.chatModel("m").chat(ChatRequest.of("x"));
    }

    private static String call(String fields) {
        return Chunks.delta("{\"tool_calls\":[{" + fields + "}]}");
    }

    private static String function(String name, String arguments) {
        return "\"function\":{\"name\":" + (name == null ? "null" : Chunks.quoted(name)) + ",\"arguments\":"
                + Chunks.quoted(arguments) + "}";
    }

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

    // the end of the stream

    @Test
    void noDone() {
        assertThat(read(TEXT, STOP).text()).isEqualTo("A");
    }

    @Test
    void dataAfterDone() {
        assertThat(read(TEXT, STOP, Chunks.DONE, Chunks.text("B")).text()).isEqualTo("A");
    }

    @Test
    void noEmptyLineAtTheEnd() {
        assertThat(readRaw("data: " + TEXT + "\n\ndata: " + STOP).finishReason())
                .isEqualTo(FinishReason.STOP);
    }

    @Test
    void finishReasonNullToTheEndWithDone() {
        ChatResponse response = read(TEXT, Chunks.DONE);
        assertThat(response.text()).isEqualTo("A");
        assertThat(response.finishReason()).isEqualTo(FinishReason.OTHER);
    }

    @Test
    void finishReasonNullToTheEndWithoutDoneIsAnError() {
        assertThat(fails(MalformedResponseException.class, StubAnswer.sse(TEXT)).partialText())
                .isEqualTo("A");
    }

    // framing

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void lineEnds(String end) {
        assertThat(readRaw(("data: " + TEXT + "\n\ndata: " + STOP + "\n\ndata: [DONE]\n\n").replace("\n", end))
                        .text())
                .isEqualTo("A");
    }

    @Test
    void byteOrderMarkCommentsNamesAndNoSpace() {
        assertThat(readRaw("\uFEFF: OPENROUTER PROCESSING\n\ndata:" + TEXT + "\n\n:\n\nevent: message\ndata:" + STOP
                                + "\n\ndata:\n\ndata:[DONE]\n\n")
                        .text())
                .isEqualTo("A");
    }

    @Test
    void oneChunkInSeveralLines() {
        assertThat(readRaw("data: " + TEXT.replace(",", ",\ndata: ") + "\n\ndata: " + STOP + "\n\n")
                        .text())
                .isEqualTo("A");
    }

    @Test
    void everySizeOfPiece() {
        StubAnswer whole = StubAnswer.streaming("text/event-stream")
                .chunk("data: " + Chunks.text("n\u00E9 \uD83D\uDE00 \u65E5\u672C") + "\r\n\r\ndata: "
                        + call("\"index\":0,\"id\":\"a\"," + function("f", "{\"x\":\"\uD83D\uDE00\"}"))
                        + "\r\n\r\ndata: "
                        + STOP + "\r\n\r\ndata: " + Chunks.usage(9, 3) + "\r\n\r\ndata: [DONE]\r\n\r\n");
        ChatResponse expected = read(whole);
        assertThat(expected.text()).isEqualTo("n\u00E9 \uD83D\uDE00 \u65E5\u672C");
        assertThat(expected.usage()).isEqualTo(Usage.of(9, 3));
        for (int size = 1; size < 200; size++) {
            assertThat(read(whole.inPieces(size))).as("pieces of " + size).isEqualTo(expected);
        }
    }

    @Test
    void everyCutIsAnErrorOrTheWholeAnswer() {
        String body = "data: " + Chunks.text("A") + "\n\ndata: " + Chunks.text("B") + "\n\ndata: " + STOP + "\n\n";
        int finish = body.indexOf("\"finish_reason\":\"stop\"");
        for (int length = 0; length < body.length(); length += 3) {
            String cut = body.substring(0, length);
            server.enqueue(StubAnswer.streaming("text/event-stream").chunk(cut));
            try (ChatStream stream = openAi.chatModel("m").stream(ChatRequest.of("x"))) {
                ChatResponse response = stream.response();
                assertThat(length).isGreaterThan(finish);
                assertThat(response.text()).isEqualTo("AB");
            } catch (MalformedResponseException error) {
                assertThat("AB").as(cut).startsWith(error.partialText());
                assertThat(error.getMessage()).doesNotContain("AB");
            }
        }
    }

    // not a stream at all

    @Test
    void streamAnsweredWithJson() {
        assertThat(fails(MalformedResponseException.class, StubAnswer.json(Chunks.completion("whole")))
                        .partialText())
                .isEqualTo("whole");
    }

    @Test
    void streamAnsweredWithJsonThatIsAnError() {
        fails(RateLimitedException.class, StubAnswer.json("{\"error\":{\"message\":\"m\",\"code\":429}}"));
    }

    @Test
    void streamAnsweredWithAPage() {
        fails(MalformedResponseException.class, StubAnswer.of(200, "text/html", "<html>hi</html>".getBytes()));
        fails(MalformedResponseException.class, StubAnswer.of(200, "text/event-stream", new byte[0]));
    }

    @Test
    void garbage() {
        LlmException error = fails(MalformedResponseException.class, StubAnswer.sse(TEXT, "{\"id\":secret-words"));
        assertThat(error.partialText()).isEqualTo("A");
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain("secret-words");
        }
        fails(MalformedResponseException.class, StubAnswer.sse(TEXT, TEXT + TEXT));
        fails(MalformedResponseException.class, StubAnswer.sse(TEXT, "[1]"));
        fails(MalformedResponseException.class, StubAnswer.sse(TEXT, "null"));
    }

    @Test
    void resetCarriesWhatCame() {
        LlmException error = fails(
                TransportException.class,
                StubAnswer.streaming("text/event-stream")
                        .event(TEXT)
                        .event(Chunks.usage(9, 1))
                        .reset());
        assertThat(error.partialText()).isEqualTo("A");
        assertThat(error.partialUsage()).isEqualTo(Usage.of(9, 1));
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

    // errors in mid-stream

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n",
                "event: error\ndata: {\"message\":\"m\",\"type\":\"server_error\",\"code\":500}\n\n",
                "event: error\ndata: {\"error\":{\"message\":\"m\",\"code\":\"tool_use_failed\"}}\n\n",
                "data: {\"error\":\"m\"}\n\n",
                "data: {\"object\":\"error\",\"message\":\"m\",\"type\":\"InternalServerError\",\"code\":500}\n\n",
                "data: {\"error\":{\"code\":502,\"message\":\"m\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n",
                "data: {\"error\":{\"code\":502,\"message\":\"m\"}}",
            })
    void errorInMidStream(String event) {
        LlmException error = fails(
                OverloadedException.class,
                StubAnswer.streaming("text/event-stream").event(TEXT).chunk(event));
        assertThat(error.partialText()).isEqualTo("A");
        assertThat(error).hasMessageContaining("provider: m");
    }

    @Test
    void textInTheChunkOfTheErrorIsNotLost() {
        LlmException error = fails(
                OverloadedException.class,
                StubAnswer.sse(
                        TEXT,
                        "{\"error\":{\"code\":502,\"message\":\"m\"},\"choices\":[{\"delta\":{\"content\":\"B\"}}]}"));
        assertThat(error.partialText()).isEqualTo("AB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"m\",\"code\":\"invalid\",\"type\":\"invalid_request_error\"}}",
                "{\"object\":\"error\",\"message\":\"m\",\"type\":\"BadRequestError\",\"code\":400}"
            })
    void errorInsideAnAnswer(String body) {
        assertThat(catchThrowableOfType(InvalidRequestException.class, () -> plain(body)))
                .hasMessageContaining("provider: m");
    }

    @Test
    void wordsBesideAnAnswerAreNoError() {
        assertThat(plain("{\"code\":0,\"msg\":\"ok\",\"status\":\"done\",\"error\":null,"
                                + Chunks.completion("A").substring(1))
                        .text())
                .isEqualTo("A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "null", "", "hello", "{\"choices\":[]}", "{\"choices\":null}", "{\"choices\":["})
    void answerThatIsNone(String body) {
        assertThat(catchThrowableOfType(MalformedResponseException.class, () -> plain(body)))
                .isNotNull();
    }
}
