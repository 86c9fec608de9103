package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.AuthenticationException;
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

class OpenAiTest {
    private final StubServer server = StubServer.start().otherwise(request -> StubAnswer.json(Chunks.completion("Hi")));
    private final String url = server.url("/v1").toString();

    @AfterEach
    void close() {
        server.close();
    }

    private StubRequest requestOf(OpenAi openAi) throws InterruptedException {
        try (openAi) {
            openAi.chatModel("m").chat(ChatRequest.of("Hi"));
        }
        return server.takeRequest();
    }

    @Test
    void serverMayWantNoKey() throws Exception {
        StubRequest request = requestOf(OpenAi.builder().baseUrl(url).build());
        assertThat(request.headerNames()).doesNotContain("authorization");
        assertThat(request.target()).isEqualTo("/v1/chat/completions");
    }

    @Test
    void keyIsSentAsABearerOrInAHeaderOfItsOwn() throws Exception {
        assertThat(requestOf(OpenAi.builder().baseUrl(url).apiKey("k1\n").build())
                        .header("authorization"))
                .contains("Bearer k1");
        StubRequest azure = requestOf(OpenAi.builder()
                .baseUrl(url + "/")
                .apiKey("k2")
                .apiKeyHeader("api-key")
                .header("OpenAI-Project", "p")
                .build());
        assertThat(azure.header("api-key")).contains("k2");
        assertThat(azure.header("openai-project")).contains("p");
        assertThat(azure.headerNames()).doesNotContain("authorization");
        assertThat(azure.target()).isEqualTo("/v1/chat/completions");
    }

    @Test
    void keyIsAskedForBeforeEachCall() {
        Iterator<String> keys = List.of("first", "second").iterator();
        try (OpenAi openAi = OpenAi.builder()
                .baseUrl(url)
                .credentials(context -> Secret.of(keys.next()))
                .build()) {
            ChatModel model = openAi.chatModel("m");
            model.chat(ChatRequest.of("Hi"));
            model.chat(ChatRequest.of("Hi"));
        }
        assertThat(server.requests().stream()
                        .map(request -> request.header("authorization").orElse("")))
                .containsExactly("Bearer first", "Bearer second");
    }

    @Test
    void environmentNamesKeyAndServer() throws Exception {
        StubRequest request = requestOf(OpenAi.fromEnvironment(Map.of("OPENAI_API_KEY", "k3", "OPENAI_BASE_URL", url)));
        assertThat(request.header("authorization")).contains("Bearer k3");
        assertThat(requestOf(OpenAi.fromEnvironment(Map.of("OPENAI_BASE_URL", url)))
                        .headerNames())
                .doesNotContain("authorization");
        try (OpenAi openAi = OpenAi.fromEnvironment(Map.of("OPENAI_API_KEY", "k"))) {
            assertThat(openAi.chatModel("m").info().endpoint()).hasToString("https://api.openai.com/v1");
        }
        assertThatThrownBy(() -> OpenAi.fromEnvironment(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("OPENAI_API_KEY: not set");
    }

    @Test
    void addressesThatAreNoneAreRefused() {
        for (String wrong : List.of("localhost:8000", "ftp://x/v1", "http://", "http://u:p@x/v1", "http://x/v1?k=v")) {
            assertThatThrownBy(() -> OpenAi.builder().baseUrl(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void requestMayNameAnotherModel() throws Exception {
        try (OpenAi openAi = OpenAi.builder().baseUrl(url).provider("stub").build()) {
            ChatModel model = openAi.chatModel("m");
            assertThat(model.info().provider()).isEqualTo("stub");
            model.chat(ChatRequest.builder().model("other").user("Hi").build());
        }
        assertThat(server.takeRequest().text()).contains("\"model\":\"other\"");
    }

    @Test
    void olderServersHearMaxTokens() throws Exception {
        ChatRequest request =
                ChatRequest.builder().user("Hi").maxOutputTokens(7).build();
        try (OpenAi old = OpenAi.builder().baseUrl(url).maxTokensField().build();
                OpenAi current = OpenAi.builder().baseUrl(url).build()) {
            old.chatModel("m").chat(request);
            current.chatModel("m").chat(request);
        }
        assertThat(server.takeRequest().text()).contains("\"max_tokens\":7");
        assertThat(server.takeRequest().text()).contains("\"max_completion_tokens\":7");
    }

    @Test
    void answerIsKeptAsItCameWhereAskedFor() {
        String completion = Chunks.completion("Hi");
        server.when(
                request -> request.text().contains("stream"),
                StubAnswer.sse(Chunks.text("Hi"), Chunks.finish("stop"), Chunks.DONE));
        try (OpenAi openAi = OpenAi.builder().baseUrl(url).build()) {
            ChatModel model = openAi.chatModel("m");
            ChatRequest keeping = ChatRequest.builder().user("Hi").keepRaw(true).build();
            assertThat(model.chat(keeping).raw()).contains(completion);
            assertThat(model.stream(keeping).response().raw())
                    .contains(Chunks.text("Hi") + "\n" + Chunks.finish("stop"));
            assertThat(model.chat(ChatRequest.of("Hi")).raw()).isEmpty();
            assertThat(model.stream(ChatRequest.of("Hi")).response().raw()).isEmpty();
        }
    }

    @Test
    void transportThatWasHandedInStaysOpen() {
        try (HttpTransport transport = HttpTransport.create()) {
            OpenAi one = OpenAi.builder().baseUrl(url).transport(transport).build();
            one.close();
            one.chatModel("m").chat(ChatRequest.of("Hi"));
        }
        OpenAi own = OpenAi.builder().baseUrl(url).build();
        own.close();
        assertThatThrownBy(() -> own.chatModel("m").chat(ChatRequest.of("Hi")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keyAndPromptAreInNoError() {
        server.when(request -> true, StubAnswer.json(401, "{\"error\":{\"message\":\"Bad key very-secret-1\"}}"));
        try (OpenAi openAi =
                OpenAi.builder().baseUrl(url).apiKey("very-secret-1").build()) {
            AuthenticationException error = catchThrowableOfType(
                    AuthenticationException.class, () -> openAi.chatModel("m").chat(ChatRequest.of("my prompt")));
            assertThat(error).isNotNull();
            assertThat(error.toString())
                    .doesNotContain("very-secret", "my prompt")
                    .contains("Bad key ***");
            assertThat(openAi.toString()).doesNotContain("very-secret");
        }
    }
}
