package dev.plinth.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WireReaderTest {

    private static ObjectNode line(String protocol, String kind, boolean streamed, int status, String body) {
        ObjectNode line = RecordedCase.JSON.createObjectNode();
        line.put("id", "a1")
                .put("protocol", protocol)
                .put("kind", kind)
                .put("stream", streamed)
                .put("status", status);
        line.putObject("headers").put("x-request-id", "r1");
        return line.put("body", Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonNode read(WireReader reader, Object line) throws IOException {
        return RecordedCase.JSON.readTree(reader.read(line.toString()));
    }

    @Test
    void saysWhatAnAnswerSays() throws IOException {
        String plain = "{\"choices\":[{\"message\":{\"content\":\"Hi é\",\"tool_calls\":[{\"id\":\"c\",\"function\":"
                + "{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]},\"finish_reason\":\"stop\"}],\"usage\":"
                + "{\"prompt_tokens\":7,\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":2}}}";
        String stream = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"length\"}]}\n\n";
        String vectors = "{\"data\":[{\"index\":1,\"embedding\":[1,2]},{\"index\":0,\"embedding\":[3,4]}]}";
        try (WireReader reader = new WireReader()) {
            assertThat(read(reader, line("openai-chat", "chat", false, 200, plain)))
                    .hasToString("{\"id\":\"a1\",\"text\":\"Hi é\",\"reasoning\":\"\",\"toolCalls\":[{\"name\":\"f\","
                            + "\"arguments\":\"{\\\"a\\\":1}\"}],\"finishReason\":\"TOOL_CALLS\",\"usage\":{\"input\":7,"
                            + "\"output\":3,\"cachedRead\":2,\"reasoning\":null}}");
            assertThat(read(reader, line("groq", "chat", true, 200, stream))
                            .path("finishReason")
                            .asText())
                    .isEqualTo("LENGTH");
            JsonNode embedded = read(reader, line("mistral", "embeddings", false, 200, vectors));
            assertThat(embedded.path("embeddings").asInt()).isEqualTo(2);
            assertThat(embedded.path("dimensions").asInt()).isEqualTo(2);
            JsonNode error = read(reader, line("azure", "chat", false, 429, "{\"error\":{\"message\":\"slow\"}}"));
            assertThat(error.at("/error/type").asText()).isEqualTo("rate_limited");
            assertThat(error.at("/error/retryable").asBoolean()).isTrue();
            String message =
                    "{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\","
                            + "\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}";
            assertThat(read(reader, line("anthropic", "chat", false, 200, message)))
                    .hasToString(
                            "{\"id\":\"a1\",\"text\":\"Hi\",\"reasoning\":\"hm\",\"toolCalls\":[],\"finishReason\":\"STOP\","
                                    + "\"usage\":{\"input\":1,\"output\":2,\"cachedRead\":null,\"reasoning\":null}}");
            assertThat(reader.read()).isEqualTo(4);
            assertThat(reader.failed()).isEqualTo(1);
        }
    }

    @Test
    void saysWhatGeminiSays() throws IOException {
        String answer =
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hm\",\"thought\":true},{\"text\":\"Hi\"}]},"
                        + "\"finishReason\":\"MAX_TOKENS\"}],\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":3,"
                        + "\"thoughtsTokenCount\":5}}";
        try (WireReader reader = new WireReader()) {
            String expected = "{\"id\":\"a1\",\"text\":\"Hi\",\"reasoning\":\"hm\",\"toolCalls\":[],"
                    + "\"finishReason\":\"LENGTH\",\"usage\":{\"input\":7,\"output\":8,\"cachedRead\":null,"
                    + "\"reasoning\":5}}";
            assertThat(read(reader, line("gemini", "chat", false, 200, answer))).hasToString(expected);
            assertThat(read(reader, line("gemini", "chat", true, 200, "data: " + answer)))
                    .hasToString(expected);
            String predicted =
                    "{\"predictions\":[{\"embeddings\":{\"values\":[1,2]}},{\"embeddings\":{\"values\":[3,4]}}]}";
            assertThat(read(reader, line("gemini", "embeddings", false, 200, predicted))
                            .path("embeddings")
                            .asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void olderWordsOfOllamaAndCohereAreRead() throws IOException {
        String generated = "{\"response\":\"Hi\",\"done\":false}\n{\"response\":\"\",\"done\":true,\"eval_count\":3}\n";
        String one = "{\"embedding\":[1,2,3]}";
        String versionOne =
                "{\"text\":\"Hi\",\"finish_reason\":\"MAX_TOKENS\",\"meta\":{\"tokens\":{\"input_tokens\":7,"
                        + "\"output_tokens\":3}}}";
        try (WireReader reader = new WireReader()) {
            assertThat(read(reader, line("ollama", "chat", true, 200, generated)))
                    .hasToString(
                            "{\"id\":\"a1\",\"text\":\"Hi\",\"reasoning\":\"\",\"toolCalls\":[],\"finishReason\":"
                                    + "\"STOP\",\"usage\":{\"input\":null,\"output\":3,\"cachedRead\":null,\"reasoning\":null}}");
            assertThat(read(reader, line("ollama", "embeddings", false, 200, one))
                            .path("dimensions")
                            .asInt())
                    .isEqualTo(3);
            assertThat(read(reader, line("cohere", "chat", false, 200, versionOne)))
                    .hasToString(
                            "{\"id\":\"a1\",\"text\":\"Hi\",\"reasoning\":\"\",\"toolCalls\":[],\"finishReason\":"
                                    + "\"LENGTH\",\"usage\":{\"input\":7,\"output\":3,\"cachedRead\":null,\"reasoning\":null}}");
        }
    }

    @Test
    void anyLineIsAnswered() throws IOException {
        try (WireReader reader = new WireReader()) {
            for (String line : List.of(
                    "nonsense",
                    "{}",
                    "[]",
                    "null",
                    "7",
                    "{\"id\":5,\"protocol\":\"telepathy\"}",
                    "{\"protocol\":\"openai-chat\",\"body\":\"%%%\"}",
                    "{\"protocol\":\"openai-chat\",\"status\":99,\"headers\":[[\"a\\nb\",\"c\"],[\"x\"]],\"body\":\"e30=\"}",
                    "{\"protocol\":\"openai-chat\",\"status\":204,\"headers\":7,\"body\":null}",
                    "{\"protocol\":\"openai-chat\",\"body\":\"H4sIAAAAAAAA\"}")) {
                assertThat(read(reader, line).path("error").path("type").asText())
                        .as(line)
                        .isNotBlank();
            }
        }
    }

    /** By an answer or by an error of ours: an exception that escapes an adapter would be {@code invalid_input}. */
    @Property(tries = 50)
    void anyBodyIsAnswered(@ForAll String junk, @ForAll boolean streamed, @ForAll("bodies") String body)
            throws IOException {
        try (WireReader reader = new WireReader()) {
            for (String protocol : List.of(
                    "openai-chat",
                    "openai-responses",
                    "azure",
                    "mistral",
                    "groq",
                    "deepseek",
                    "openrouter",
                    "anthropic",
                    "gemini",
                    "bedrock",
                    "ollama",
                    "cohere")) {
                isAnswered(reader, line(protocol, "chat", streamed, 200, junk));
                isAnswered(reader, line(protocol, "chat", streamed, 200, body));
            }
            for (String protocol : List.of("openai-chat", "azure", "mistral", "gemini", "ollama", "cohere")) {
                isAnswered(reader, line(protocol, "embeddings", false, 200, junk));
                isAnswered(reader, line(protocol, "embeddings", false, 200, body));
            }
        }
    }

    private static void isAnswered(WireReader reader, ObjectNode line) throws IOException {
        JsonNode said = read(reader, line);
        assertThat(said.path("id").asText()).as("%s", line).isEqualTo("a1");
        assertThat(said.at("/error/type").asText()).as("%s: %s", line, said).isNotEqualTo("invalid_input");
    }

    /** JSON that is nearly an answer of some protocol. */
    @Provide
    Arbitrary<String> bodies() {
        Arbitrary<String> values = Arbitraries.of(
                "null", "7", "1e999", "\"x\"", "[]", "{}", "[null]", "[{}]", "[{\"text\":7}]", "{\"content\":[7]}");
        return Combinators.combine(
                        Arbitraries.of(
                                "choices", "output", "data", "content", "candidates", "message", "usage", "embeddings"),
                        values,
                        Arbitraries.of(
                                "status", "error", "type", "id", "model", "done", "stop_reason", "finish_reason"),
                        values)
                .as((one, first, two, second) -> "{\"" + one + "\":" + first + ",\"" + two + "\":" + second + "}");
    }
}
