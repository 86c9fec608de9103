package dev.plinth.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.tokens.TokenCount;
import dev.plinth.api.tokens.TokenCounter;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageTokensTest {
    private final StubServer server = StubServer.start();
    private final Anthropic anthropic = Anthropic.builder()
            .baseUrl(server.url("/").toString())
            .apiKey("k")
            .betas("b1")
            .build();
    private final TokenCounter counter = anthropic.tokenCounter("m");

    @AfterEach
    void close() {
        anthropic.close();
        server.close();
    }

    @Test
    void serverCounts() throws Exception {
        server.enqueue(StubAnswer.json("{\"context_management\":{\"original_input_tokens\":1},\"input_tokens\":11}"));
        ChatRequest request =
                ChatRequest.builder().model("other").user("Hi").stop("END").build();
        assertThat(counter.count(request)).isEqualTo(new TokenCount(11, Usage.Source.REPORTED));
        StubRequest sent = server.takeRequest();
        assertThat(sent.method() + " " + sent.target()).isEqualTo("POST /v1/messages/count_tokens");
        assertThat(sent.header("anthropic-version")).contains("2026-10-21");
        assertThat(sent.header("anthropic-beta")).contains("b1");
        assertThat(sent.header("authorization")).contains("Bearer k");
        Bodies.is(Events.tree(sent.text()), "{'model':'other','messages':[{'role':'user','content':'Hi'}]}");
    }

    @Test
    void whatIsNoCountIsAnError() {
        for (String body : List.of(
                "", "{}", "[]", "7", "{\"input_tokens\":\"11\"}", "{\"input_tokens\":-1}", "{\"input_tokens\":")) {
            server.enqueue(StubAnswer.json(body));
            assertThatThrownBy(() -> counter.count(ChatRequest.of("Hi")))
                    .as(body)
                    .isInstanceOf(MalformedResponseException.class);
        }
        server.enqueue(StubAnswer.json("{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"x\"}}"));
        assertThatThrownBy(() -> counter.count(ChatRequest.of("Hi")))
                .isInstanceOfSatisfying(
                        LlmException.class, error -> assertThat(error.code()).isEqualTo("overloaded"));
    }

    @Test
    void whatTheModelCannotIsRefusedFirst() {
        ChatRequest request = ChatRequest.builder().user("Hi").temperature(1).build();
        assertThatThrownBy(() -> counter.count(request)).isInstanceOf(UnsupportedCapabilityException.class);
        assertThat(server.requests()).isEmpty();
    }
}
