package dev.plinth.providers.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.Secret;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OllamaTest {
    private static final String ANSWER = "{\"model\":\"m\",\"message\":{\"content\":\"Hi\"},\"done\":true}";
    private final StubServer server = StubServer.start().otherwise(request -> StubAnswer.json(ANSWER));
    private final String url = server.url("/").toString();

    @AfterEach
    void close() {
        server.close();
    }

    private StubRequest requestOf(Ollama ollama) throws InterruptedException {
        try (ollama) {
            ollama.chatModel("m").chat(ChatRequest.of("Hi"));
        }
        return server.takeRequest();
    }

    private static URI address(Map<String, String> environment) {
        try (Ollama ollama = Ollama.fromEnvironment(environment)) {
            return ollama.chatModel("m").info().endpoint();
        }
    }

    @Test
    void localServersWantNoKeyAndTheCloudABearer() throws Exception {
        StubRequest local = requestOf(Ollama.builder().baseUrl(url).build());
        assertThat(local.headerNames()).doesNotContain("authorization");
        assertThat(local.target()).isEqualTo("/api/chat");
        StubRequest cloud = requestOf(Ollama.builder()
                .baseUrl(url)
                .apiKey("k1\n")
                .header("X-Team", "t")
                .build());
        assertThat(cloud.header("authorization")).contains("Bearer k1");
        assertThat(cloud.header("x-team")).contains("t");
    }

    @Test
    void environmentNamesServerAndKey() throws Exception {
        assertThat(address(Map.of())).hasToString("http://localhost:11434");
        assertThat(address(Map.of("OLLAMA_HOST", "10.0.0.7"))).hasToString("http://10.0.0.7:11434");
        assertThat(address(Map.of("OLLAMA_HOST", "gpu:8000"))).hasToString("http://gpu:8000");
        assertThat(address(Map.of("OLLAMA_HOST", "https://ollama.com/"))).hasToString("https://ollama.com");
        StubRequest request = requestOf(Ollama.fromEnvironment(Map.of("OLLAMA_HOST", url, "OLLAMA_API_KEY", "k2")));
        assertThat(request.header("authorization")).contains("Bearer k2");
    }

    @Test
    void keyIsAskedForBeforeEachCall() {
        Iterator<String> keys = List.of("first", "second").iterator();
        try (Ollama ollama = Ollama.builder()
                .baseUrl(url)
                .credentials(context -> Secret.of(keys.next()))
                .build()) {
            ChatModel model = ollama.chatModel("m");
            model.chat(ChatRequest.of("Hi"));
            model.chat(ChatRequest.of("Hi"));
        }
        assertThat(server.requests().stream()
                        .map(request -> request.header("authorization").orElse("")))
                .containsExactly("Bearer first", "Bearer second");
    }

    @Test
    void serverSaysWhichModelsItHas() throws Exception {
        server.enqueue(
                StubAnswer.json("{\"models\":[{\"name\":\"llama3.2:latest\",\"model\":\"llama3.2:latest\",\"size\":1,"
                        + "\"details\":{\"family\":\"llama\"}},{\"name\":\"all-minilm\"},{},7]}"),
                StubAnswer.json("{\"models\":null}"),
                StubAnswer.json("[]"),
                StubAnswer.json(401, "{\"error\":\"unauthorized\"}"));
        try (Ollama ollama = Ollama.builder().baseUrl(url).apiKey("k").build()) {
            assertThat(ollama.models()).containsExactly("llama3.2:latest", "all-minilm");
            assertThat(ollama.models()).isEmpty();
            assertThatThrownBy(ollama::models).isInstanceOf(MalformedResponseException.class);
            assertThatThrownBy(ollama::models).isInstanceOf(AuthenticationException.class);
        }
        StubRequest request = server.takeRequest();
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.target()).isEqualTo("/api/tags");
        assertThat(request.header("authorization")).contains("Bearer k");
    }

    @Test
    void toolsCannotBeDemanded() {
        ChatRequest demanding = ChatRequest.builder()
                .user("Hi")
                .tool(new ToolSpec("weather", "", "{\"type\":\"object\"}"))
                .toolChoice(ToolChoice.tool("weather"))
                .build();
        try (Ollama ollama = Ollama.builder().baseUrl(url).build()) {
            assertThatThrownBy(() -> ollama.chatModel("m").chat(demanding))
                    .isInstanceOf(UnsupportedCapabilityException.class);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void requestMayNameAnotherModel() throws Exception {
        try (Ollama ollama = Ollama.builder().baseUrl(url).provider("stub").build()) {
            ChatModel model = ollama.chatModel("m");
            assertThat(model.info().provider()).isEqualTo("stub");
            model.chat(ChatRequest.builder().model("other").user("Hi").build());
        }
        assertThat(server.takeRequest().text()).contains("\"model\":\"other\"");
    }

    @Test
    void transportThatWasHandedInStaysOpen() {
        try (HttpTransport transport = HttpTransport.create()) {
            Ollama one = Ollama.builder().baseUrl(url).transport(transport).build();
            one.close();
            one.chatModel("m").chat(ChatRequest.of("Hi"));
        }
        Ollama own = Ollama.builder().baseUrl(url).build();
        own.close();
        assertThatThrownBy(() -> own.chatModel("m").chat(ChatRequest.of("Hi")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keyAndPromptAreInNoError() {
        server.when(request -> true, StubAnswer.json(401, "{\"error\":\"bad key very-secret-1\"}"));
        try (Ollama ollama =
                Ollama.builder().baseUrl(url).apiKey("very-secret-1").build()) {
            AuthenticationException error = catchThrowableOfType(
                    AuthenticationException.class, () -> ollama.chatModel("m").chat(ChatRequest.of("my prompt")));
            assertThat(error.toString())
                    .doesNotContain("very-secret", "my prompt")
                    .contains("bad key ***");
            assertThat(ollama.toString()).doesNotContain("very-secret");
        }
    }
}
