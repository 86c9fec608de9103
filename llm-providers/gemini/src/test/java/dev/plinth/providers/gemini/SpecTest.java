package dev.plinth.providers.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Requests held against a third party's description of the API, at every level closed to fields it does not know. */
class SpecTest {
    private static final Path SPEC =
            Path.of(System.getProperty("plinth.shared", "../../../shared")).resolve("wire/specs/gemini/openapi.json");
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\",\"null\"]}},\"additionalProperties\":false}";

    private static List<String> errors(String path, String body) throws IOException {
        assumeTrue(Files.exists(SPEC), SPEC + ": not there (expected: the shared specifications)");
        JsonNode document = Answers.JSON.readTree(SPEC.toFile());
        for (JsonNode schema : document.at("/components/schemas")) {
            if (schema.has("properties") && schema instanceof ObjectNode object) {
                object.put("additionalProperties", false);
            }
        }
        ObjectNode root = document.path("paths")
                .path(path)
                .at("/post/requestBody/content/application~1json/schema")
                .deepCopy();
        root.set("components", document.get("components"));
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(root);
        return schema.validate(body, InputFormat.JSON).stream()
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .toList();
    }

    private static List<String> errors(ChatRequest.Builder request) throws IOException {
        return errors(
                "/models/{modelsId}:generateContent", Written.body(request).toString());
    }

    private static ChatRequest.Builder talk() {
        ToolCall call = new ToolCall("c1", "f", "{\"a\":\"x\"}");
        byte[] bytes = {1, 2, 3};
        return ChatRequest.builder()
                .system("Be brief.")
                .user("Hi")
                .message(Message.assistant(List.of(
                        new Part.Reasoning("hm", "c2ln", "gemini"),
                        new Part.Reasoning("", "c2ln", "gemini"),
                        call,
                        new Part.Other(
                                "gemini",
                                "executableCode",
                                "{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"1\"}}"))))
                .message(Message.tool(List.of(call.result("sun"), call.error("no"))))
                .message(Message.user(
                        new Part.Image(Media.of(bytes, "image/png"), "low"),
                        new Part.Audio(Media.of(bytes, "audio/wav")),
                        new Part.File(Media.of(URI.create("https://example.com/a.pdf"), "application/pdf"), "a")))
                .tool(new ToolSpec("f", "F", SCHEMA))
                .toolChoice(ToolChoice.tool("f"))
                .temperature(0.5)
                .topP(0.9)
                .maxOutputTokens(10)
                .stop("END")
                .seed(7)
                .logprobs(3)
                .serviceTier("flex")
                .option(Gemini.TOP_K, 5)
                .option(Gemini.PRESENCE_PENALTY, 0.1)
                .option(Gemini.FREQUENCY_PENALTY, 0.1)
                .option(Gemini.INCLUDE_THOUGHTS, true)
                .option(Gemini.CACHED_CONTENT, "cachedContents/x")
                .option(Gemini.SERVER_TOOLS, "[{\"googleSearch\":{}},{\"codeExecution\":{}}]")
                .option(Gemini.SAFETY_SETTINGS, new SafetySettings(Map.of("HARM_CATEGORY_HARASSMENT", "BLOCK_NONE")))
                .option(Gemini.GENERATION_CONFIG, "{\"responseModalities\":[\"TEXT\",\"IMAGE\"]}");
    }

    @Test
    void everyFieldIsKnown() throws IOException {
        assertThat(errors(talk().responseFormat(new ResponseFormat.Schema("s", SCHEMA, true))))
                .isEmpty();
        assertThat(errors(talk().option(Gemini.STRICT_TOOLS, true).toolChoice(ToolChoice.AUTO)))
                .isEmpty();
        assertThat(errors(ChatRequest.builder().user("Hi").option(Gemini.THINKING_BUDGET, 128)))
                .isEmpty();
        for (ReasoningEffort effort : ReasoningEffort.values()) {
            for (String model : List.of("gemini-3-m", "gemini-2.5-m")) {
                assertThat(errors(ChatRequest.builder().model(model).user("Hi").reasoningEffort(effort)))
                        .isEmpty();
            }
        }
    }

    @Test
    void everyFieldOfTheOpenApiFormIsKnown() throws IOException {
        ChatRequest forced = talk().responseFormat(new ResponseFormat.Schema("s", SCHEMA, true))
                .build();
        ChatRequest strict = talk().option(Gemini.STRICT_TOOLS, true)
                .toolChoice(ToolChoice.AUTO)
                .tool(
                        new ToolSpec(
                                "g",
                                "G",
                                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"properties\":"
                                        + "{\"a\":{\"$ref\":\"#/$defs/A\"},\"b\":{\"type\":[\"integer\",\"null\"],\"minimum\":1},"
                                        + "\"c\":{\"const\":\"x\"},\"d\":{\"oneOf\":[{\"type\":\"string\",\"pattern\":\"y\"},"
                                        + "{\"type\":\"array\",\"items\":{\"enum\":[\"z\"]}}]}},\"required\":[\"a\"],"
                                        + "\"additionalProperties\":false,\"$defs\":{\"A\":{\"type\":\"string\",\"format\":\"date\"}}}"))
                .build();
        for (ChatRequest request : List.of(forced, strict)) {
            String body = Written.body(request, ModelPath.GEMINI_API, Schemas.OPEN_API)
                    .toString();
            // The server takes types in either case, the description knows them in capitals.
            String described = Pattern.compile("\"type\":\"\\w+\"")
                    .matcher(body)
                    .replaceAll(type -> type.group().toUpperCase(Locale.ROOT))
                    .replace("\"TYPE\":", "\"type\":");
            assertThat(errors("/models/{modelsId}:generateContent", described)).isEmpty();
            assertThat(body).doesNotContain("JsonSchema", "$ref", "$schema");
        }
    }

    /** Vertex AI's form of the body is that of the Gemini API for one text. */
    @Test
    void embeddingsOfVertex() throws Exception {
        try (StubServer server = StubServer.start();
                Gemini vertex = Gemini.builder()
                        .vertex("p", "l")
                        .baseUrl(server.url("/").toString())
                        .build()) {
            server.enqueue(StubAnswer.json("{\"embedding\":{\"values\":[1,2]}}"));
            vertex.embeddingModel("gemini-embedding-2")
                    .embed(EmbeddingRequest.builder(List.of("a"), InputType.DOCUMENT)
                            .dimensions(2)
                            .option(Gemini.TITLE, "t")
                            .build());
            StubRequest request = server.takeRequest();
            assertThat(request.path()).endsWith(":embedContent");
            assertThat(errors("/models/{modelsId}:embedContent", request.text()))
                    .isEmpty();
        }
    }

    @Test
    void whatIsWrongIsFound() throws IOException {
        String wrong = "{\"contents\":[{\"parts\":[{\"text\":\"Hi\",\"thoughtSigature\":\"x\"}]}]}";
        assertThat(errors("/models/{modelsId}:generateContent", wrong)).isNotEmpty();
    }

    @Test
    void embeddingsAndCounts() throws Exception {
        try (StubServer server = StubServer.start();
                Gemini gemini =
                        Gemini.builder().baseUrl(server.url("/").toString()).build()) {
            server.enqueue(StubAnswer.json("{\"embeddings\":[{\"values\":[1,2]}]}"));
            gemini.embeddingModel("m")
                    .embed(EmbeddingRequest.builder(List.of("a"), InputType.DOCUMENT)
                            .dimensions(2)
                            .option(Gemini.TITLE, "t")
                            .build());
            assertThat(errors(
                            "/models/{modelsId}:batchEmbedContents",
                            server.takeRequest().text()))
                    .isEmpty();
            for (ChatRequest request : List.of(ChatRequest.of("Hi"), talk().build())) {
                server.enqueue(StubAnswer.json("{\"totalTokens\":1}"));
                gemini.tokenCounter("m").count(request);
                assertThat(errors(
                                "/models/{modelsId}:countTokens",
                                server.takeRequest().text()))
                        .isEmpty();
            }
        }
    }
}
