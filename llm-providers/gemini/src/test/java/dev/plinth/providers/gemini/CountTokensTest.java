package dev.plinth.providers.gemini;

import static dev.plinth.providers.gemini.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.tokens.TokenCount;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CountTokensTest {
    private static final String HI = "{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}";
    private static final String SYSTEM = "\"systemInstruction\":{\"parts\":[{\"text\":\"Be brief.\"}]}";
    private static final String TOOLS = "\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"description\":\"F\","
            + "\"parametersJsonSchema\":{\"type\":\"object\"}}]}]";

    private final StubServer server = StubServer.start().otherwise(any -> StubAnswer.json("{\"totalTokens\":12}"));
    private final Gemini gemini =
            Gemini.builder().baseUrl(server.url("/").toString()).apiKey("k").build();
    private final Gemini vertex = Gemini.builder()
            .vertex("p", "l")
            .baseUrl(server.url("/").toString())
            .build();

    @AfterEach
    void close() {
        gemini.close();
        vertex.close();
        server.close();
    }

    private static ChatRequest asking() {
        return ChatRequest.builder()
                .system("Be brief.")
                .user("Hi")
                .tool(new ToolSpec("f", "F", "{\"type\":\"object\"}"))
                .temperature(1)
                .build();
    }

    @Test
    void messagesAloneAreCounted() throws Exception {
        TokenCount count = gemini.tokenCounter("m").count(ChatRequest.of("Hi"));
        assertThat(count).isEqualTo(new TokenCount(12, Usage.Source.REPORTED));
        StubRequest request = server.takeRequest();
        assertThat(request.target()).isEqualTo("/v1beta/models/m:countTokens");
        assertThat(request.header("x-goog-api-key")).contains("k");
        assertThat(json(request.text())).isEqualTo(json("{\"contents\":[" + HI + "]}"));
    }

    @Test
    void allThatIsInputIsCounted() throws Exception {
        gemini.tokenCounter("m").count(asking());
        assertThat(json(server.takeRequest().text()))
                .isEqualTo(json("{\"generateContentRequest\":{\"model\":\"models/m\",\"contents\":[" + HI + "],"
                        + SYSTEM + "," + TOOLS + ",\"generationConfig\":{\"temperature\":1.0}}}"));
        vertex.tokenCounter("m").count(asking());
        StubRequest request = server.takeRequest();
        assertThat(request.target())
                .isEqualTo("/v1beta1/projects/p/locations/l/publishers/google/models/m:countTokens");
        assertThat(json(request.text())).isEqualTo(json("{\"contents\":[" + HI + "]," + SYSTEM + "," + TOOLS + "}"));
    }

    @Test
    void requestMayNameAnotherModel() throws Exception {
        gemini.tokenCounter("m")
                .count(ChatRequest.builder().model("n").system("a").user("Hi").build());
        StubRequest request = server.takeRequest();
        assertThat(request.target()).isEqualTo("/v1beta/models/n:countTokens");
        assertThat(json(request.text()).at("/generateContentRequest/model").asText())
                .isEqualTo("models/n");
    }

    @Test
    void whatCannotBeAskedIsNotCounted() {
        ChatRequest request = ChatRequest.builder().user("Hi").userId("u").build();
        assertThatThrownBy(() -> gemini.tokenCounter("m").count(request))
                .isInstanceOf(UnsupportedCapabilityException.class);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void countsThatAreNoneAreErrors() {
        for (String body :
                List.of("{}", "[]", "", "{\"totalTokens\":\"x\"}", "{\"totalTokens\":-1}", "{\"totalTokens\":")) {
            server.enqueue(StubAnswer.json(body));
            assertThatThrownBy(() -> gemini.tokenCounter("m").count(ChatRequest.of("Hi")))
                    .as(body)
                    .isInstanceOf(MalformedResponseException.class);
        }
        for (StubAnswer answer : List.of(
                StubAnswer.json(503, Answers.error(503, "UNAVAILABLE", "busy")),
                StubAnswer.json(Answers.error(503, "UNAVAILABLE", "busy")))) {
            server.enqueue(answer);
            LlmException error = catchThrowableOfType(
                    LlmException.class, () -> gemini.tokenCounter("m").count(ChatRequest.of("Hi")));
            assertThat(error.code()).isEqualTo("overloaded");
        }
    }
}
