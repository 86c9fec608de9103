package dev.plinth.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.Secret;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnthropicTest {
    private final StubServer server = StubServer.start()
            .otherwise(request -> StubAnswer.json(Events.message("end_turn", Events.textBlock("Hi"))));
    private final String url = server.url("/").toString();

    @AfterEach
    void close() {
        server.close();
    }

    private StubRequest requestOf(Anthropic anthropic, ChatRequest request) throws InterruptedException {
        try (anthropic) {
            anthropic.chatModel("m").chat(request);
        }
        return server.takeRequest();
    }

    private StubRequest requestOf(Anthropic.Builder builder) throws InterruptedException {
        return requestOf(builder.baseUrl(url).build(), ChatRequest.of("Hi"));
    }

    @Test
    void versionSaysHowTheKeyIsSentUnlessTold() throws Exception {
        StubRequest current = requestOf(Anthropic.builder().apiKey("k"));
        assertThat(current.method() + " " + current.target()).isEqualTo("POST /v1/messages");
        assertThat(current.header("anthropic-version")).contains("2026-10-21");
        assertThat(current.header("authorization")).contains("Bearer k");
        assertThat(current.headerNames()).doesNotContain("x-api-key", "anthropic-beta");
        StubRequest old = requestOf(Anthropic.builder().apiKey("k").version(ApiVersion.V2023_06_01));
        assertThat(old.header("anthropic-version")).contains("2023-06-01");
        assertThat(old.header("x-api-key")).contains("k");
        assertThat(old.headerNames()).doesNotContain("authorization");
        assertThat(requestOf(Anthropic.builder().apiKey("k").apiKeyHeader()).header("x-api-key"))
                .contains("k");
        assertThat(requestOf(Anthropic.builder()
                                .apiKey("k")
                                .version(ApiVersion.V2023_06_01)
                                .bearer())
                        .header("authorization"))
                .contains("Bearer k");
        assertThat(requestOf(Anthropic.builder()).headerNames()).doesNotContain("authorization", "x-api-key");
    }

    @Test
    void versionSaysWhatModelsCan() {
        try (Anthropic current = Anthropic.builder().baseUrl(url).build();
                Anthropic old = Anthropic.builder()
                        .baseUrl(url)
                        .version(ApiVersion.V2023_06_01)
                        .build();
                Anthropic told = Anthropic.builder()
                        .baseUrl(url)
                        .capabilities(Set.of(Capability.TEMPERATURE))
                        .build()) {
            assertThat(current.chatModel("m").info().can(Capability.TEMPERATURE))
                    .isFalse();
            assertThat(current.chatModel("m").info().can(Capability.JSON_OUTPUT))
                    .isFalse();
            assertThat(old.chatModel("m").info().capabilities())
                    .contains(Capability.TEMPERATURE, Capability.TOP_P)
                    .containsAll(current.chatModel("m").info().capabilities());
            ChatRequest warm = ChatRequest.builder().user("Hi").temperature(0.5).build();
            old.chatModel("m").chat(warm);
            for (Anthropic refusing : List.of(current, told)) {
                assertThatThrownBy(() -> refusing.chatModel("m").chat(warm))
                        .isInstanceOf(UnsupportedCapabilityException.class);
                assertThatThrownBy(() -> refusing.chatModel("m").stream(warm))
                        .isInstanceOf(UnsupportedCapabilityException.class);
            }
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void betasOfServerAndRequestAreNamedOnce() throws Exception {
        Anthropic anthropic = Anthropic.builder().baseUrl(url).betas("a", "b").build();
        ChatRequest request = ChatRequest.builder()
                .user("Hi")
                .option(Anthropic.BETAS, "b, c,,d ")
                .build();
        assertThat(requestOf(anthropic, request).headers("anthropic-beta")).containsExactly("a,b,c,d");
        ChatRequest own =
                ChatRequest.builder().user("Hi").option(Anthropic.BETAS, "c").build();
        assertThat(requestOf(Anthropic.builder().baseUrl(url).build(), own).header("anthropic-beta"))
                .contains("c");
    }

    @Test
    void tokensOfAnAnswerAreLimitedAlways() throws Exception {
        assertThat(requestOf(Anthropic.builder()).text()).contains("\"max_tokens\":16384,");
        assertThat(requestOf(Anthropic.builder().maxTokens(99)).text()).contains("\"max_tokens\":99,");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Anthropic.builder().maxTokens(0));
    }

    @Test
    void headersAndProvider() throws Exception {
        StubRequest request = requestOf(Anthropic.builder().header("X-Team", "t"));
        assertThat(request.header("x-team")).contains("t");
        try (Anthropic anthropic =
                Anthropic.builder().baseUrl(url).provider("proxy").build()) {
            assertThat(anthropic.chatModel("m").info().provider()).isEqualTo("proxy");
            assertThat(anthropic.chatModel("m").chat(ChatRequest.of("Hi")).provider())
                    .contains("proxy");
        }
    }

    @Test
    void keyIsAskedForBeforeEachCall() {
        Iterator<String> keys = List.of("first", "second").iterator();
        try (Anthropic anthropic = Anthropic.builder()
                .baseUrl(url)
                .credentials(context -> Secret.of(keys.next()))
                .build()) {
            ChatModel model = anthropic.chatModel("m");
            model.chat(ChatRequest.of("Hi"));
            model.chat(ChatRequest.of("Hi"));
        }
        assertThat(server.requests().stream()
                        .map(request -> request.header("authorization").orElse("")))
                .containsExactly("Bearer first", "Bearer second");
    }

    @Test
    void environmentNamesKeyAndServer() throws Exception {
        Map<String, String> both =
                Map.of("ANTHROPIC_API_KEY", "k", "ANTHROPIC_AUTH_TOKEN", "t", "ANTHROPIC_BASE_URL", url);
        assertThat(requestOf(Anthropic.fromEnvironment(both), ChatRequest.of("Hi"))
                        .header("authorization"))
                .contains("Bearer k");
        Map<String, String> token = Map.of("ANTHROPIC_AUTH_TOKEN", "t", "ANTHROPIC_BASE_URL", url);
        assertThat(requestOf(Anthropic.fromEnvironment(token), ChatRequest.of("Hi"))
                        .header("authorization"))
                .contains("Bearer t");
        assertThat(requestOf(Anthropic.fromEnvironment(Map.of("ANTHROPIC_BASE_URL", url)), ChatRequest.of("Hi"))
                        .headerNames())
                .doesNotContain("authorization", "x-api-key");
        try (Anthropic anthropic = Anthropic.fromEnvironment(Map.of("ANTHROPIC_API_KEY", "k"))) {
            assertThat(anthropic.chatModel("m").info().endpoint()).hasToString("https://api.anthropic.com");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Anthropic.fromEnvironment(Map.of()))
                .withMessageStartingWith("ANTHROPIC_API_KEY: not set");
    }

    @Test
    void requestMayNameAnotherModel() throws Exception {
        ChatRequest request = ChatRequest.builder().model("other").user("Hi").build();
        assertThat(requestOf(Anthropic.builder().baseUrl(url).build(), request).text())
                .contains("\"model\":\"other\"");
    }

    @Test
    void transportThatWasHandedInStaysOpen() {
        try (HttpTransport transport = HttpTransport.create()) {
            Anthropic one =
                    Anthropic.builder().baseUrl(url).transport(transport).build();
            one.close();
            one.chatModel("m").chat(ChatRequest.of("Hi"));
        }
        Anthropic own = Anthropic.builder().baseUrl(url).build();
        own.close();
        assertThatThrownBy(() -> own.chatModel("m").chat(ChatRequest.of("Hi")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keyAndPromptAreInNoError() {
        server.when(
                request -> true,
                StubAnswer.json(401, "{\"type\":\"error\",\"error\":{\"message\":\"Bad key very-secret-1\"}}"));
        try (Anthropic anthropic =
                Anthropic.builder().baseUrl(url).apiKey("very-secret-1").build()) {
            AuthenticationException error = catchThrowableOfType(
                    AuthenticationException.class,
                    () -> anthropic.chatModel("m").chat(ChatRequest.of("my prompt")));
            assertThat(error.toString())
                    .doesNotContain("very-secret", "my prompt")
                    .contains("Bad key ***");
            assertThat(anthropic.toString()).doesNotContain("very-secret");
        }
    }

    @Test
    void idsOfFilesMayHoldAnything() {
        assertThat(Anthropic.file("a b/ü?", "image/png").uri().orElseThrow().getSchemeSpecificPart())
                .isEqualTo("a b/ü?");
        assertThatIllegalArgumentException().isThrownBy(() -> Anthropic.file(" ", "image/png"));
    }
}
