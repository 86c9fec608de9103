package dev.plinth.providers.cohere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.Secret;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServersTest {
    private final StubServer server = StubServer.start().otherwise(request -> StubAnswer.json(Events.text("Hi")));
    private final String url = server.url("/").toString();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void environmentNamesTheKeys() throws Exception {
        try (Cohere cohere =
                Cohere.fromEnvironment(Map.of("CO_API_KEY", "k1", "COHERE_API_KEY", "k2", "CO_API_URL", url))) {
            cohere.chatModel("m").chat(ChatRequest.of("Hi"));
        }
        StubRequest request = server.takeRequest();
        assertThat(request.header("authorization")).contains("Bearer k1");
        assertThat(request.target()).isEqualTo("/v2/chat");
        try (Cohere cohere = Cohere.fromEnvironment(Map.of("CO_API_KEY", " ", "COHERE_API_KEY", "k2"));
                Voyage voyage = Voyage.fromEnvironment(Map.of("VOYAGE_API_KEY", "k"));
                Jina jina = Jina.fromEnvironment(Map.of("JINA_API_KEY", "k"))) {
            assertThat(cohere.chatModel("m").info().endpoint()).hasToString("https://api.cohere.com");
            assertThat(voyage.reranker("m").info().endpoint()).hasToString("https://api.voyageai.com");
            assertThat(jina.embeddingModel("m").info().endpoint()).hasToString("https://api.jina.ai");
            assertThat(jina.reranker("m").info().provider()).isEqualTo("jina");
        }
        assertThatThrownBy(() -> Cohere.fromEnvironment(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("CO_API_KEY: not set (expected: a key, here or in COHERE_API_KEY)");
        assertThatThrownBy(() -> Voyage.fromEnvironment(Map.of())).hasMessageStartingWith("VOYAGE_API_KEY");
        assertThatThrownBy(() -> Jina.fromEnvironment(Map.of())).hasMessageStartingWith("JINA_API_KEY");
    }

    @Test
    void keyIsAskedForBeforeEachCall() {
        Iterator<String> keys = List.of("first", "second").iterator();
        try (Cohere cohere = Cohere.builder()
                .baseUrl(url)
                .header("X-Client-Name", "team")
                .credentials(context -> Secret.of(keys.next()))
                .build()) {
            ChatModel model = cohere.chatModel("m");
            model.chat(ChatRequest.of("Hi"));
            model.chat(ChatRequest.of("Hi"));
        }
        assertThat(server.requests().stream()
                        .map(request -> request.header("authorization").orElse("")))
                .containsExactly("Bearer first", "Bearer second");
        assertThat(server.requests().get(0).header("x-client-name")).contains("team");
    }

    @Test
    void transportThatWasHandedInStaysOpen() {
        try (HttpTransport transport = HttpTransport.create()) {
            Cohere one = Cohere.builder().baseUrl(url).transport(transport).build();
            one.close();
            one.chatModel("m").chat(ChatRequest.of("Hi"));
        }
        Voyage own = Voyage.builder().baseUrl(url).build();
        own.close();
        assertThatThrownBy(() -> own.reranker("m").rerank(RerankRequest.of("q", List.of("a"), 1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keyAndTextsAreInNoError() {
        server.when(request -> true, StubAnswer.json(401, "{\"message\":\"invalid api token very-secret-1\"}"));
        RerankRequest request = RerankRequest.of("my query", List.of("my document"), 1);
        try (Cohere cohere = Cohere.builder()
                .baseUrl(url)
                .provider("stub")
                .apiKey("very-secret-1")
                .build()) {
            AuthenticationException error = catchThrowableOfType(
                    AuthenticationException.class, () -> cohere.reranker("m").rerank(request));
            assertThat(error.toString())
                    .doesNotContain("very-secret", "my query", "my document")
                    .contains("invalid api token ***");
            assertThat(error.details().provider()).contains("stub");
            assertThat(cohere.toString()).doesNotContain("very-secret");
        }
    }
}
