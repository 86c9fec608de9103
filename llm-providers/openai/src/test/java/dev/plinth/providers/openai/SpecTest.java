package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.batch.BatchRequest;
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
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is asked becomes a body that the vendors' own schemas take. */
class SpecTest {
    private static final int REQUESTS = 300;
    private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);
    private static final String SCHEMA =
            "{\"$schema\":\"x\",\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}";

    /** Whose protocol a request is for. */
    private enum Kind {
        CHAT,
        RESPONSES,
        MISTRAL
    }

    @Test
    void schemasTellRightFromWrong() throws IOException {
        Specs chat = Specs.openAi("/chat/completions");
        String hi = "\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
        assertThat(chat.errors("{" + hi + "}")).isEmpty();
        assertThat(chat.errors("{" + hi + ",\"max_output_tokenz\":1}")).isNotEmpty();
        assertThat(chat.errors("{" + hi + ",\"temperature\":7}")).isNotEmpty();
        assertThat(chat.errors("{\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"content\":\"Hi\"}]}"))
                .isNotEmpty();
        Specs mistral = Specs.mistral("/v1/chat/completions");
        assertThat(mistral.errors("{" + hi + "}")).isEmpty();
        assertThat(mistral.errors("{" + hi + ",\"stream_options\":{\"include_usage\":true}}"))
                .isNotEmpty();
        assertThat(Specs.mistral("/v1/embeddings").errors("{\"model\":\"m\",\"input\":[\"a\"],\"dimensions\":2}"))
                .isNotEmpty();
        assertThat(Specs.openAi("/responses").errors("{\"model\":\"m\",\"input\":42}"))
                .isNotEmpty();
    }

    @Test
    void everyChatRequestIsTaken() throws IOException {
        Specs spec = Specs.openAi("/chat/completions");
        Random random = new Random(7);
        for (int i = 0; i < REQUESTS; i++) {
            JsonNode body = Bodies.chat(request(random, Kind.CHAT), Dialect.OPEN_AI, random.nextBoolean());
            assertThat(spec.errors(body)).as("%s", body).isEmpty();
        }
    }

    @Test
    void everyRequestOfResponsesIsTaken() throws IOException {
        Specs spec = Specs.openAi("/responses");
        Random random = new Random(8);
        for (int i = 0; i < REQUESTS; i++) {
            JsonNode body = Bodies.responses(request(random, Kind.RESPONSES), random.nextBoolean());
            assertThat(spec.errors(body)).as("%s", body).isEmpty();
        }
    }

    @Test
    void everyRequestToMistralIsTaken() throws IOException {
        Specs spec = Specs.mistral("/v1/chat/completions");
        Random random = new Random(9);
        for (int i = 0; i < REQUESTS; i++) {
            ChatRequest.Builder request = request(random, Kind.MISTRAL);
            request.build().requireSupport(model());
            JsonNode body = Bodies.chat(request, Dialect.MISTRAL, random.nextBoolean());
            assertThat(spec.errors(body)).as("%s", body).isEmpty();
        }
    }

    private static ModelInfo model() {
        try (OpenAi mistral = OpenAi.builder(Preset.MISTRAL).build()) {
            return mistral.chatModel("m").info();
        }
    }

    private static ChatRequest.Builder request(Random random, Kind kind) {
        ChatRequest.Builder request = ChatRequest.builder();
        ToolCall call = new ToolCall("call_" + random.nextInt(99), "weather", random.nextBoolean() ? "{}" : "{\"");
        for (int i = random.nextInt(4); i >= 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> request.system("Be brief");
                case 1 ->
                    request.message(Message.assistant(said(random, kind, call)))
                            .message(Message.tool(List.of(call.result("x"))));
                case 2 -> request.message(Message.user(shown(random, kind)));
                default -> request.message(Message.assistant(" Well "));
            }
        }
        request.user("Hi");
        settings(random, kind, request);
        return request;
    }

    private static List<Part> said(Random random, Kind kind, ToolCall call) {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Reasoning("hm", "s1", "gemini"));
        if (kind == Kind.RESPONSES && random.nextBoolean()) {
            String item = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"x==\"}";
            parts.add(new Part.Reasoning("", item, Responses.PROTOCOL));
        }
        if (random.nextBoolean()) {
            parts.add(new Part.Text("Let me see."));
        }
        parts.add(call);
        parts.add(new Part.CachePoint(null));
        return parts;
    }

    private static Part[] shown(Random random, Kind kind) {
        List<Part> parts = new ArrayList<>(List.of(new Part.Text("See"), new Part.CachePoint(null)));
        URI address = URI.create("https://example.com/a");
        parts.add(
                random.nextBoolean()
                        ? new Part.Image(Media.of(BYTES, "image/png"), "low")
                        : new Part.Image(Media.of(address, "image/png")));
        if (kind != Kind.MISTRAL) {
            parts.add(new Part.File(Media.of(BYTES, "application/pdf"), random.nextBoolean() ? null : "a.pdf"));
        }
        if (kind == Kind.CHAT) {
            parts.add(new Part.Audio(Media.of(BYTES, random.nextBoolean() ? "audio/wav" : "audio/mpeg")));
        }
        if (kind == Kind.RESPONSES) {
            parts.add(new Part.File(Media.of(address, "application/pdf"), null));
        }
        return parts.toArray(Part[]::new);
    }

    private static void settings(Random random, Kind kind, ChatRequest.Builder request) {
        if (random.nextBoolean()) {
            List<ToolChoice> choices =
                    List.of(ToolChoice.AUTO, ToolChoice.NONE, ToolChoice.REQUIRED, ToolChoice.tool("weather"));
            request.tool(new ToolSpec("weather", "The weather", SCHEMA))
                    .toolChoice(choices.get(random.nextInt(4)))
                    .parallelToolCalls(random.nextBoolean())
                    .option(OpenAi.STRICT_TOOLS, random.nextBoolean());
        }
        switch (random.nextInt(3)) {
            case 0 -> request.responseFormat(ResponseFormat.JSON);
            case 1 -> request.responseFormat(new ResponseFormat.Schema("s", SCHEMA, random.nextBoolean()));
            default -> request.temperature(random.nextDouble()).topP(0.5).maxOutputTokens(16 + random.nextInt(9));
        }
        if (kind != Kind.RESPONSES) {
            request.stop("END").seed(random.nextInt(99));
        }
        if (kind != Kind.MISTRAL) {
            request.reasoningEffort(ReasoningEffort.values()[random.nextInt(ReasoningEffort.values().length)])
                    .logprobs(random.nextInt(9))
                    .serviceTier("flex")
                    .userId("u")
                    .option(OpenAi.VERBOSITY, "low")
                    .option(OpenAi.PROMPT_CACHE_KEY, "k")
                    .option(OpenAi.STORE, random.nextBoolean())
                    .option(OpenAi.ENCRYPTED_REASONING, random.nextBoolean())
                    .option(OpenAi.REASONING_SUMMARY, "auto")
                    .option(OpenAi.PREVIOUS_RESPONSE_ID, "resp_1");
        }
    }

    @Test
    void embeddingsAndModerationsAreTaken() throws Exception {
        Specs embeddings = Specs.openAi("/embeddings");
        Specs mistrals = Specs.mistral("/v1/embeddings");
        Specs moderations = Specs.openAi("/moderations");
        try (StubServer server = StubServer.start();
                OpenAi openAi =
                        OpenAi.builder().baseUrl(server.url("/v1").toString()).build();
                OpenAi mistral = OpenAi.builder(Preset.MISTRAL)
                        .baseUrl(server.url("/v1").toString())
                        .build()) {
            StubAnswer vectors = StubAnswer.json("{\"data\":[{\"embedding\":[1,2]},{\"embedding\":[3,4]}]}");
            server.enqueue(vectors, vectors, StubAnswer.json("{\"results\":[{\"flagged\":false}]}"));
            List<String> texts = List.of("one", "two");
            openAi.embeddingModel("m", 2)
                    .embed(EmbeddingRequest.builder(texts, InputType.DOCUMENT)
                            .option(OpenAi.EMBEDDING_USER, "u")
                            .build());
            mistral.embeddingModel("m", 2).embed(EmbeddingRequest.documents(texts));
            openAi.moderate("m", List.of("one"));
            assertThat(embeddings.errors(server.takeRequest().text())).isEmpty();
            assertThat(mistrals.errors(server.takeRequest().text())).isEmpty();
            assertThat(moderations.errors(server.takeRequest().text())).isEmpty();
        }
    }

    /** The document has no schema of a line; what stands in it is the body of a single call. */
    @ParameterizedTest
    @ValueSource(strings = {"/chat/completions", "/responses"})
    void batchesAreTaken(String path) throws Exception {
        Specs batches = Specs.openAi("/batches");
        Specs bodies = Specs.openAi(path);
        try (OpenAiBatchProvider provider = new OpenAiBatchProvider();
                OpenAi openAi = provider.client()) {
            List<BatchRequest> requests = List.of(
                    new BatchRequest("a", ChatRequest.of("one")),
                    new BatchRequest(
                            "b",
                            ChatRequest.builder()
                                    .system("Be brief")
                                    .user("two")
                                    .tool(new ToolSpec("weather", "W", SCHEMA))
                                    .build()));
            var made = path.equals("/responses") ? openAi.responsesBatches("m") : openAi.chatBatches("m");
            made.submit(requests);
            String[] lines = provider.files.get("file-1").split("\n");
            assertThat(lines).hasSize(2);
            for (String line : lines) {
                assertThat(bodies.errors(TestJson.JSON.readTree(line).get("body")))
                        .isEmpty();
            }
            assertThat(batches.errors(provider.server.requests().get(1).text())).isEmpty();
        }
    }
}
