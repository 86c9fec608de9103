package dev.plinth.providers.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.providers.CredentialsProvider;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.Secret;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GeminiTest {
    private final StubServer server =
            StubServer.start().otherwise(request -> StubAnswer.json(Answers.last(Answers.text("Hi"))));
    private final String url = server.url("/").toString();

    @AfterEach
    void close() {
        server.close();
    }

    private StubRequest requestOf(Gemini.Builder builder, String model) throws InterruptedException {
        try (Gemini gemini = builder.baseUrl(url).build()) {
            gemini.chatModel(model).chat(ChatRequest.of("Hi"));
        }
        return server.takeRequest();
    }

    private String targetOf(Gemini.Builder builder, String model) throws InterruptedException {
        return requestOf(builder, model).target();
    }

    private static String endpointOf(Gemini.Builder builder) {
        try (Gemini gemini = builder.build()) {
            return gemini.chatModel("m").info().endpoint().toString();
        }
    }

    @Test
    void keyIsSentInAHeaderOfItsOwn() throws Exception {
        StubRequest request = requestOf(Gemini.builder().apiKey("k1\n"), "gemini-3.8-flash");
        assertThat(request.header("x-goog-api-key")).contains("k1");
        assertThat(request.headerNames()).doesNotContain("authorization");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/v1beta/models/gemini-3.8-flash:generateContent");
        assertThat(requestOf(Gemini.builder(), "m").headerNames()).doesNotContain("x-goog-api-key", "authorization");
    }

    @Test
    void streamsAreAskedForAsEvents() throws Exception {
        try (Gemini gemini = Gemini.builder().baseUrl(url).build()) {
            gemini.chatModel("m").stream(ChatRequest.of("Hi")).response();
        }
        StubRequest request = server.takeRequest();
        assertThat(request.target()).isEqualTo("/v1beta/models/m:streamGenerateContent?alt=sse");
        assertThat(request.header("accept")).contains("text/event-stream");
    }

    @Test
    void vertexIsAProjectWithTokens() throws Exception {
        Gemini.Builder vertex =
                Gemini.builder().vertex("p", "europe-west4").credentials(CredentialsProvider.of("token"));
        StubRequest request = requestOf(vertex.header("x-goog-user-project", "q"), "gemini-3.8-flash");
        assertThat(request.header("authorization")).contains("Bearer token");
        assertThat(request.header("x-goog-user-project")).contains("q");
        assertThat(request.target())
                .isEqualTo("/v1beta1/projects/p/locations/europe-west4/publishers/google/models/gemini-3.8-flash"
                        + ":generateContent");
        assertThat(targetOf(vertex.apiVersion("v1"), "publishers/meta/models/x"))
                .isEqualTo("/v1/projects/p/locations/europe-west4/publishers/meta/models/x:generateContent");
        assertThat(targetOf(vertex, "projects/1/locations/l/endpoints/2"))
                .isEqualTo("/v1/projects/1/locations/l/endpoints/2:generateContent");
    }

    @Test
    void vertexExpressIsAKey() throws Exception {
        StubRequest request = requestOf(Gemini.builder().vertexExpress().apiKey("k"), "gemini-3.8-flash");
        assertThat(request.header("x-goog-api-key")).contains("k");
        assertThat(request.target()).isEqualTo("/v1beta1/publishers/google/models/gemini-3.8-flash:generateContent");
    }

    @Test
    void serversByLocation() {
        assertThat(endpointOf(Gemini.builder())).isEqualTo("https://generativelanguage.googleapis.com/v1beta");
        assertThat(endpointOf(Gemini.builder().apiVersion("v1")))
                .isEqualTo("https://generativelanguage.googleapis.com/v1");
        assertThat(endpointOf(Gemini.builder().vertex("p", "us-central1")))
                .isEqualTo("https://us-central1-aiplatform.googleapis.com/v1beta1");
        assertThat(endpointOf(Gemini.builder().vertex("p", "global")))
                .isEqualTo("https://aiplatform.googleapis.com/v1beta1");
        assertThat(endpointOf(Gemini.builder().vertex("p", "eu")))
                .isEqualTo("https://aiplatform.eu.rep.googleapis.com/v1beta1");
        assertThat(endpointOf(Gemini.builder().vertexExpress())).isEqualTo("https://aiplatform.googleapis.com/v1beta1");
    }

    @Test
    void namesOfModelsAreEncoded() throws Exception {
        assertThat(targetOf(Gemini.builder(), "tunedModels/x-1")).isEqualTo("/v1beta/tunedModels/x-1:generateContent");
        assertThat(targetOf(Gemini.builder(), "a b?c:d#é"))
                .isEqualTo("/v1beta/models/a%20b%3Fc%3Ad%23%C3%A9:generateContent");
        assertThat(targetOf(Gemini.builder().vertexExpress(), "gemini@001"))
                .isEqualTo("/v1beta1/publishers/google/models/gemini@001:generateContent");
    }

    @Test
    void requestMayNameAnotherModel() throws Exception {
        try (Gemini gemini = Gemini.builder().baseUrl(url).provider("stub").build()) {
            ChatModel model = gemini.chatModel("m");
            assertThat(model.info().provider()).isEqualTo("stub");
            model.chat(ChatRequest.builder().model("other").user("Hi").build());
        }
        assertThat(server.takeRequest().target()).contains("/models/other:");
    }

    @Test
    void providerNamesTheServer() {
        try (Gemini gemini = Gemini.builder().build();
                Gemini vertex = Gemini.builder().vertex("p", "l").build()) {
            assertThat(gemini.chatModel("m").info().provider()).isEqualTo("gcp.gemini");
            assertThat(vertex.chatModel("m").info().provider()).isEqualTo("gcp.vertex_ai");
        }
    }

    @Test
    void keyIsAskedForBeforeEachCall() {
        Iterator<String> keys = List.of("first", "second").iterator();
        try (Gemini gemini = Gemini.builder()
                .baseUrl(url)
                .credentials(context -> Secret.of(keys.next()))
                .build()) {
            gemini.chatModel("m").chat(ChatRequest.of("Hi"));
            gemini.chatModel("m").chat(ChatRequest.of("Hi"));
        }
        assertThat(server.requests().stream()
                        .map(request -> request.header("x-goog-api-key").orElse("")))
                .containsExactly("first", "second");
    }

    @Test
    void environmentNamesKeyAndServer() throws Exception {
        try (Gemini gemini = Gemini.fromEnvironment(
                Map.of("GEMINI_API_KEY", "k1", "GOOGLE_API_KEY", "k2", "GOOGLE_GEMINI_BASE_URL", url))) {
            gemini.chatModel("m").chat(ChatRequest.of("Hi"));
        }
        assertThat(server.takeRequest().header("x-goog-api-key")).contains("k1");
        try (Gemini gemini = Gemini.fromEnvironment(Map.of("GEMINI_API_KEY", " ", "GOOGLE_API_KEY", "k2"))) {
            assertThat(gemini.chatModel("m").info().endpoint().getHost())
                    .isEqualTo("generativelanguage.googleapis.com");
        }
        assertThatThrownBy(() -> Gemini.fromEnvironment(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("GEMINI_API_KEY: not set");
    }

    @Test
    void addressesThatAreNoneAreRefused() {
        for (String wrong : List.of("localhost:8000", "ftp://x", "http://", "http://u:p@x", "http://x?k=v")) {
            assertThatThrownBy(() -> Gemini.builder().baseUrl(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Gemini.builder().vertex("p", "a/b?c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Gemini.builder().vertex(" ", "l")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tierOfVertexStandsInItsHead() throws Exception {
        ChatRequest.Builder hi = ChatRequest.builder().user("Hi");
        try (Gemini vertex = Gemini.builder().vertex("p", "l").baseUrl(url).build()) {
            ChatModel model = vertex.chatModel("m");
            model.chat(hi.serviceTier("flex").build());
            StubRequest shared = server.takeRequest();
            assertThat(shared.header("x-vertex-ai-llm-shared-request-type")).contains("flex");
            assertThat(shared.text()).doesNotContain("serviceTier");
            model.chat(hi.serviceTier("dedicated").build());
            assertThat(server.takeRequest().header("x-vertex-ai-llm-request-type"))
                    .contains("dedicated");
            assertThatThrownBy(() -> model.chat(hi.serviceTier("gold").build()))
                    .isInstanceOfSatisfying(
                            UnsupportedCapabilityException.class,
                            error -> assertThat(error.capability()).isEqualTo("service-tier"));
        }
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void whatTheProtocolCannotSayIsRefusedBeforeItIsSent() {
        try (Gemini gemini = Gemini.builder().baseUrl(url).build();
                Gemini small =
                        Gemini.builder().baseUrl(url).capabilities(Set.of()).build()) {
            ChatRequest.Builder hi = ChatRequest.builder().user("Hi");
            for (ChatRequest request : List.of(
                    hi.parallelToolCalls(true).build(),
                    ChatRequest.builder().user("Hi").userId("u").build())) {
                assertThatThrownBy(() -> gemini.chatModel("m").chat(request))
                        .isInstanceOf(UnsupportedCapabilityException.class);
            }
            assertThatThrownBy(() -> small.chatModel("m")
                            .chat(ChatRequest.builder()
                                    .user("Hi")
                                    .temperature(1)
                                    .build()))
                    .isInstanceOf(UnsupportedCapabilityException.class);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void transportThatWasHandedInStaysOpen() {
        try (HttpTransport transport = HttpTransport.create()) {
            Gemini one = Gemini.builder().baseUrl(url).transport(transport).build();
            one.close();
            one.chatModel("m").chat(ChatRequest.of("Hi"));
        }
        Gemini own = Gemini.builder().baseUrl(url).build();
        own.close();
        assertThatThrownBy(() -> own.chatModel("m").chat(ChatRequest.of("Hi")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keyAndPromptAreInNoError() {
        server.when(
                request -> true,
                StubAnswer.json(
                        400,
                        Answers.error(
                                400, "INVALID_ARGUMENT", "Bad key very-secret-1", "{\"reason\":\"API_KEY_INVALID\"}")));
        try (Gemini gemini =
                Gemini.builder().baseUrl(url).apiKey("very-secret-1").build()) {
            AuthenticationException error = catchThrowableOfType(
                    AuthenticationException.class, () -> gemini.chatModel("m").chat(ChatRequest.of("my prompt")));
            assertThat(error).isNotNull();
            assertThat(error.toString())
                    .doesNotContain("very-secret", "my prompt")
                    .contains("Bad key ***");
            assertThat(gemini.toString()).doesNotContain("very-secret");
        }
    }
}
