package dev.plinth.providers.gemini;

import static dev.plinth.providers.gemini.Answers.chunk;
import static dev.plinth.providers.gemini.Answers.last;
import static dev.plinth.providers.gemini.Answers.text;
import static dev.plinth.providers.gemini.Served.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.usage.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private static final String OVERLOADED =
            "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}";

    private static StubAnswer body(String type, String text) {
        return StubAnswer.of(200, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<ToolCall> calls(String... responses) {
        return stream(responses).response().toolCalls();
    }

    private static String call(String fields) {
        return chunk("{\"functionCall\":{" + fields + "}}");
    }

    private static String piece(String path, String value) {
        return call("\"partialArgs\":[{\"jsonPath\":\"" + path + "\"," + value + "}],\"willContinue\":true");
    }

    @Test
    void textGoesOnFromResponseToResponse() {
        ChatStream stream = stream(chunk(text("Hé")), chunk(text(" 👋"), text("")), last(text("!")));
        List<String> deltas = new ArrayList<>();
        ChatResponse response = stream.onText(deltas::add).response();
        assertThat(deltas).containsExactly("Hé", " 👋", "!");
        assertThat(response.message().parts()).containsExactly(new Part.Text("Hé 👋!"));
        assertThat(response.usage()).isEqualTo(Usage.of(9, 3));
        assertThat(response.id()).contains("r-1");
        assertThat(response.serviceTier()).contains("ON_DEMAND");
    }

    @Test
    void signatureAtTheEndOfTheTextStaysApart() {
        ChatResponse response = stream(
                        chunk("{\"text\":\"hm\",\"thought\":true}"),
                        chunk(text("a")),
                        chunk("{\"text\":\"b\",\"thoughtSignature\":\"s1\"}"),
                        last("{\"text\":\"\",\"thoughtSignature\":\"s2\"}"))
                .response();
        assertThat(response.text()).isEqualTo("ab");
        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(response.message().parts())
                .containsExactly(
                        new Part.Reasoning("hm"),
                        new Part.Text("a"),
                        new Part.Reasoning("", "s1", "gemini"),
                        new Part.Text("b"),
                        new Part.Reasoning("", "s2", "gemini"),
                        new Part.Text(""));
    }

    @Test
    void theLastUsageThatCountsHolds() {
        String counts =
                "{\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":7,\"thoughtsTokenCount\":35,"
                        + "\"cachedContentTokenCount\":4,\"totalTokenCount\":51}}";
        String lastCounts =
                "{\"usageMetadata\":{\"promptTokenCount\":87,\"thoughtsTokenCount\":78,\"totalTokenCount\":165}}";
        String none = "{\"usageMetadata\":{\"trafficType\":\"ON_DEMAND\"}}";
        assertThat(stream(last(text("a")), counts, lastCounts, none).response().usage())
                .isEqualTo(Usage.builder().input(87).output(78).reasoning(78).build());
    }

    @Test
    void streamWithoutAFinishIsAnError() {
        MalformedResponseException error = catchThrowableOfType(
                MalformedResponseException.class, () -> stream(chunk(text("a"))).response());
        assertThat(error).isNotNull();
        assertThat(error.partialText()).isEqualTo("a");
    }

    @Test
    void blockedPromptEndsTheStream() {
        ChatResponse response = stream("{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}")
                .response();
        assertThat(response.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(response.rawFinishReason()).contains("PROHIBITED_CONTENT");
    }

    @Test
    void errorsInMidStreamAreToldWithTheText() {
        String event = "data: " + chunk(text("A")) + "\r\n\r\n";
        String pretty = OVERLOADED.replace("{\"error\":{", "{\r\n  \"error\": {\r\n    ");
        List<StubAnswer> answers = List.of(
                body("text/event-stream", event + "data: " + OVERLOADED + "\r\n\r\n"),
                body("text/event-stream", event + OVERLOADED),
                body("text/event-stream", event + pretty),
                body("text/event-stream", event + "event: error\r\ndata: " + OVERLOADED + "\r\n\r\n"),
                body("application/json", "[" + chunk(text("A")) + "\n,\n" + OVERLOADED + "]"));
        for (StubAnswer answer : answers) {
            LlmException error = catchThrowableOfType(
                    LlmException.class, () -> stream(answer).response());
            assertThat(error).isInstanceOf(OverloadedException.class).hasMessageContaining("The model is overloaded.");
            assertThat(error.partialText()).isEqualTo("A");
            assertThat(error.isRetryable()).isTrue();
        }
    }

    @Test
    void serversThatPassOverTheFormStreamJson() {
        String array = " [" + chunk(text("a }]\\\" {")) + "\r\n,\r\n" + last(text("b")) + "\r\n]\r\n";
        String lines = chunk(text("a }]\\\" {")) + "\n" + last(text("b")) + "\n";
        for (String type : List.of("application/json; charset=UTF-8", "text/event-stream", "text/plain")) {
            for (String json : List.of(array, lines)) {
                for (int pieces : new int[] {1, 7, 10_000}) {
                    ChatResponse response =
                            stream(body(type, json).inPieces(pieces)).response();
                    assertThat(response.text()).isEqualTo("a }]\\\" {b");
                    assertThat(response.usage()).isEqualTo(Usage.of(9, 3));
                }
            }
        }
    }

    @Test
    void wholeAnswerOfJsonIsAStreamOfOne() {
        ChatStream stream = stream(StubAnswer.json(last(text("Hi"))));
        assertThat(stream.response().text()).isEqualTo("Hi");
    }

    @Test
    void cutArrayIsAnError() {
        String array = "[" + last(text("😀é")) + "]";
        byte[] bytes = array.getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length < bytes.length - 1; length++) {
            StubAnswer cut = StubAnswer.of(200, "application/json", java.util.Arrays.copyOf(bytes, length));
            assertThat(catchThrowableOfType(
                            MalformedResponseException.class, () -> stream(cut).response()))
                    .as("%d bytes", length)
                    .isNotNull();
        }
    }

    @Test
    void callsArriveWhole() {
        ChatStream stream = stream(
                call("\"id\":\"c1\",\"name\":\"f\",\"args\":{\"a\":1}"), last("{\"functionCall\":{\"name\":\"g\"}}"));
        List<StreamEvent> events = new ArrayList<>();
        stream.forEach(events::add);
        assertThat(events.subList(0, 2))
                .containsExactly(
                        new StreamEvent.ToolCallDelta(0, "c1", "f", "{\"a\":1}"),
                        new StreamEvent.ToolCallDelta(1, "call_unnamed_1", "g", "{}"));
        assertThat(stream.response().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void callsMayArriveInPieces() {
        List<ToolCall> calls = calls(
                call("\"name\":\"weather\",\"willContinue\":true"),
                piece("$.city", "\"stringValue\":\"Os\",\"willContinue\":true"),
                piece("$.city", "\"stringValue\":\"lo\",\"willContinue\":true"),
                piece("$.city", "\"stringValue\":\"\""),
                piece("$.days", "\"numberValue\":3"),
                call(""),
                call("\"id\":\"c2\",\"name\":\"weather\",\"willContinue\":true"),
                piece("$.city", "\"stringValue\":\"Rome\""),
                last("{\"functionCall\":{}}"));
        assertThat(calls)
                .containsExactly(
                        new ToolCall("call_unnamed_0", "weather", "{\"city\":\"Oslo\",\"days\":3}"),
                        new ToolCall("c2", "weather", "{\"city\":\"Rome\"}"));
    }

    @Test
    void piecesMayBeDeep() {
        String arguments = calls(
                        call("\"name\":\"cook\",\"willContinue\":true"),
                        piece("$.recipe.items[0].name", "\"stringValue\":\"egg\""),
                        call("\"willContinue\":true"),
                        piece("$.recipe.items[0].count", "\"numberValue\":12345678901234567890"),
                        piece("$.recipe.items[1].name", "\"stringValue\":\"salt\""),
                        piece("$.recipe.steps[0]", "\"stringValue\":\"Mix\",\"willContinue\":true"),
                        piece("$.recipe.steps[0]", "\"stringValue\":\" it.\""),
                        piece("$['odd name']", "\"boolValue\":true"),
                        piece("$.none", "\"nullValue\":\"NULL_VALUE\""),
                        last(text("")))
                .get(0)
                .arguments();
        assertThat(arguments)
                .isEqualTo("{\"recipe\":{\"items\":[{\"name\":\"egg\",\"count\":12345678901234567890},"
                        + "{\"name\":\"salt\"}],\"steps\":[\"Mix it.\"]},\"odd name\":true,\"none\":null}");
    }

    @Test
    void callsInPiecesEndWithWhatComesNext() {
        assertThat(calls(
                        call("\"name\":\"f\",\"willContinue\":true"),
                        piece("$.a", "\"stringValue\":\"x\""),
                        call("\"name\":\"g\",\"args\":{\"b\":1}"),
                        call("\"name\":\"h\",\"partialArgs\":[{\"jsonPath\":\"$.c\",\"boolValue\":false}]"),
                        call("\"name\":\"i\",\"willContinue\":true"),
                        call("\"partialArgs\":[{\"jsonPath\":\"$.d\",\"numberValue\":1}]"),
                        call("\"name\":\"j\",\"willContinue\":true"),
                        call("\"args\":{\"e\":1},\"willContinue\":true"),
                        last(text(""))))
                .extracting(ToolCall::arguments)
                .containsExactly("{\"a\":\"x\"}", "{\"b\":1}", "{\"c\":false}", "{\"d\":1}", "{\"e\":1}");
    }

    @Test
    void argumentsAreToldOnceTheyAreThere() {
        ChatStream stream = stream(
                call("\"name\":\"f\",\"willContinue\":true"), piece("$.a", "\"stringValue\":\"x\""), last(text("")));
        StringBuilder told = new StringBuilder();
        for (StreamEvent event : stream) {
            if (event instanceof StreamEvent.ToolCallDelta delta) {
                told.append(delta.name()).append(delta.arguments());
            }
        }
        assertThat(told).hasToString("f{\"a\":\"x\"}");
        assertThat(stream.response().toolCalls().get(0).arguments()).isEqualTo("{\"a\":\"x\"}");
    }
}
