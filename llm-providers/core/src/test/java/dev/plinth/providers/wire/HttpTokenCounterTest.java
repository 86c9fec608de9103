package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.tokens.TokenCount;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTokenCounterTest {
    private final StubServer server = StubServer.start();
    private final HttpTransport transport = HttpTransport.create();
    private final HttpTokenCounter counter = new HttpTokenCounter(
            Endpoint.builder(transport, "p", Endpoint.baseUrl(server.url("/").toString()))
                    .build(),
            ModelInfo.local("p", "m"),
            new TestProtocol());

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"tokens\":12}", "{\"x\":{\"tokens\":1},\"tokens\":12.0}", "{\"message\":\"ok\",\"tokens\":12}"
            })
    void serverCounts(String body) throws Exception {
        server.enqueue(StubAnswer.json(body));
        assertThat(counter.count(ChatRequest.of("Hi"))).isEqualTo(new TokenCount(12, Usage.Source.REPORTED));
        StubRequest sent = server.takeRequest();
        assertThat(sent.text()).isEqualTo("{\"prompt\":\"Hi\"}");
        assertThat(sent.header("x-test")).contains("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"tokens\":-1}", "{\"tokens\":\"12\"}", "{\"tokens\":1.5}", "[12]", "", "{\"tokens\":12"
            })
    void whatIsNoCountIsMalformed(String body) {
        server.enqueue(StubAnswer.json(body));
        assertThat(catchThrowableOfType(MalformedResponseException.class, () -> counter.count(ChatRequest.of("Hi"))))
                .hasMessageStartingWith("tokens: none (expected: a number of tokens)");
    }

    @Test
    void errorsAreThoseOfAChat() {
        server.enqueue(StubAnswer.json(401, "{}"), StubAnswer.json("{\"error\":\"no\",\"tokens\":3}"));
        assertThat(catchThrowableOfType(AuthenticationException.class, () -> counter.count(ChatRequest.of("Hi"))))
                .isNotNull();
        assertThat(catchThrowableOfType(OverloadedException.class, () -> counter.count(ChatRequest.of("Hi"))))
                .isNotNull();
    }

    @Test
    void whatTheModelCannotIsRefusedFirst() {
        ChatRequest seeded = ChatRequest.builder().user("Hi").seed(1).build();
        assertThat(catchThrowableOfType(UnsupportedCapabilityException.class, () -> counter.count(seeded)))
                .isNotNull();
        assertThat(server.requests()).isEmpty();
    }
}
