package dev.plinth.tracing.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.tracing.conformance.MessageSchemas;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is left when content is too long can still be told apart, and follows the schemas. */
class SizeLimitTest {

    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]*)\"");

    private static String json(CapturedContent content, String attribute, String schema, int most) {
        String json = content.values().get(attribute).asString();
        assertThat(json.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(most);
        for (String version : List.of("1.41", "genai-0.1")) {
            assertThat(MessageSchemas.of(version).check(schema, json))
                    .as(version)
                    .isEmpty();
        }
        return json;
    }

    private static List<String> ids(String json) {
        return ID.matcher(json)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static String documents(int most, List<String> ids) {
        List<Match> found = ids.stream()
                .map(id -> new Match(
                        new Chunk(id, "d", "docs", "text", new Chunk.Span(0, 4, 1, 1), List.of(), Metadata.NONE), 0.5))
                .toList();
        CapturedContent content =
                full(most).retrieval(RetrievalRequest.of("q", ids.size()), new Retrieval("q", found), false);
        return json(content, "gen_ai.retrieval.documents", "retrieval-documents", most);
    }

    private static String input(int most, Message... messages) {
        ChatRequest.Builder request = ChatRequest.builder();
        List.of(messages).forEach(request::message);
        CapturedContent content = full(most).chat(request.build(), null, "", null, false);
        return json(content, "gen_ai.input.messages", "input-messages", most);
    }

    private static ContentCapture full(int most) {
        return ContentCapture.builder(CaptureMode.FULL).maxBytes(most).build();
    }

    @Test
    void idsWithACommonBeginningStayApart() {
        String corpus = "https://docs.example/handbook/en/2026/";
        List<String> asked = IntStream.range(0, 2_000).mapToObj(i -> corpus + i).toList();
        List<String> left = ids(documents(64 * 1024, asked));
        assertThat(left).hasSizeGreaterThan(800).doesNotHaveDuplicates();
        assertThat(left.get(0)).isEqualTo(asked.get(0));
        assertThat(left.get(left.size() - 1)).isEqualTo(asked.get(1_999));
    }

    @Test
    void whatStandsForDocumentsIsADocument() {
        List<String> left = ids(documents(
                1024, IntStream.range(0, 60).mapToObj(i -> "chunk-" + i).toList()));
        assertThat(left).contains("chunk-0", "omitted", "chunk-59").hasSizeLessThan(60);
    }

    @Test
    void aTextThatWouldNotBecomeShorterIsNotCut() {
        String uuid = "123e4567-e89b-12d3-a456-426614174000";
        Message longOne = Message.user("x".repeat(10_000));
        Message result = Message.tool(List.of(new ToolResult("c", "t", "{\"order\": \"" + uuid + "\"}", false)));
        String json = input(1024, longOne, longOne, longOne, longOne, longOne, result);
        assertThat(json).contains("\"" + uuid + "\"");
    }

    @Test
    void partsAreLeftOutBeforeMessages() {
        List<ToolResult> results = IntStream.range(0, 60)
                .mapToObj(i -> new ToolResult("call-" + i, "t", "grey", false))
                .toList();
        String json = input(1024, Message.user("Weather?"), Message.tool(results), Message.assistant("Grey."));
        assertThat(json)
                .startsWith("[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Weather?\"}]}")
                .contains("\"role\":\"tool\"", "\"generic_type\":\"omitted\",\"count\":")
                .endsWith("[{\"type\":\"text\",\"content\":\"Grey.\"}]}]");
        assertThat(ids(json)).startsWith("call-0").endsWith("call-59");
    }

    @Test
    void callsKeepTheIdsOfTheirResults() {
        List<ToolCall> calls = IntStream.range(0, 4)
                .mapToObj(i ->
                        new ToolCall("call_" + "0".repeat(60) + i, "weather", "{\"at\": \"" + "x".repeat(500) + "\"}"))
                .toList();
        String json = input(
                2048,
                Message.assistant(calls),
                Message.tool(
                        calls.stream().map(call -> call.result("y".repeat(500))).toList()));
        List<String> ids = ids(json);
        assertThat(ids).hasSize(8);
        assertThat(ids.subList(0, 4)).doesNotHaveDuplicates().isEqualTo(ids.subList(4, 8));
    }

    @Test
    void aPartThatCannotBeCutDoesNotTakeTheOthersAway() {
        String numbers = "[" + "1234567,".repeat(2_000) + "0]";
        String json = input(
                1024,
                Message.user("Weather?"),
                Message.tool(List.of(new ToolResult("c", "t", numbers, false))),
                Message.assistant("Grey."));
        assertThat(json).contains("Weather?", "{\"role\":\"tool\",\"parts\":[{\"type\":\"generic\"", "Grey.");
    }

    @Test
    void aSchemaIsWholeOrLeftOut() {
        String schema = "{\"type\": \"object\", \"properties\": {\"at\": {\"type\": \"string\", \"pattern\": \"("
                + "a|b".repeat(400) + ")\"}}}";
        ChatRequest.Builder request = ChatRequest.builder().user("hi");
        for (int i = 0; i < 5; i++) {
            request.tool(new ToolSpec("tool-" + i, "does it", schema));
        }
        CapturedContent content = full(2048).chat(request.build(), ChatResponse.of("ok"), "", "stop", false);
        String json = json(content, "gen_ai.tool.definitions", "tool-definitions", 2048);
        assertThat(json).contains("tool-0", "tool-4", "a schema of ").doesNotContain("a|b");
    }
}
