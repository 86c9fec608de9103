package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.ProviderAnswer;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
    // Live as long as the tests.
    private static final StubServer SERVER = StubServer.start();
    private static final HttpTransport TRANSPORT = HttpTransport.create();
    private static final Endpoint ENDPOINT = Endpoint.builder(
                    TRANSPORT, "p", Endpoint.baseUrl(SERVER.url("/").toString()))
            .build();

    private static <T> T read(StubAnswer served, Function<ProviderAnswer, T> reader) {
        SERVER.enqueue(served);
        try (ProviderAnswer answer =
                ENDPOINT.send(HttpCall.get(ENDPOINT.url("/x")).details(ENDPOINT.details("m")), CallContext.current())) {
            return reader.apply(answer);
        }
    }

    private static String id(StubAnswer served) {
        return read(served, answer -> JsonBody.text(answer, "id"));
    }

    private static <E extends LlmException> E failure(Class<E> type, StubAnswer served) {
        E failure = catchThrowableOfType(type, () -> id(served));
        assertThat(failure).isNotNull();
        return failure;
    }

    @Test
    void fieldIsFoundAmongOthers() {
        assertThat(id(StubAnswer.json("{\"a\":{\"id\":\"x\"},\"message\":\"fine\",\"id\":\"1\",\"b\":[[]]}")))
                .isEqualTo("1");
    }

    @Test
    void errorInsideASuccessIsThatError() {
        RateLimitedException failure = failure(
                RateLimitedException.class,
                StubAnswer.json("{\"error\":{\"message\":\"slow down\",\"code\":429}}")
                        .header("retry-after", "3"));
        assertThat(failure).hasMessageStartingWith("provider: slow down");
        assertThat(failure.details().retryAfter())
                .hasValueSatisfying(wait -> assertThat(wait.toSeconds()).isEqualTo(3));
        assertThat(failure(OverloadedException.class, StubAnswer.json("{\"id\":\"1\",\"error\":\"no\"}")))
                .hasMessageStartingWith("provider: no");
        assertThat(failure(OverloadedException.class, StubAnswer.json("{\"message\":\"no\"}")))
                .hasMessageStartingWith("provider: no");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{}",
                "[]",
                "[{\"id\":\"1\"}]",
                "null",
                "7",
                "\"id\"",
                "{\"id\":1}",
                "{\"id\":null}",
                "{\"id\":[\"1\"]}",
                "{\"id\":\"1\"",
                "{\"id\":\"1\",",
                "nonsense",
                "<html>",
                "{\"id\" \"1\"}"
            })
    void anythingElseIsMalformed(String body) {
        MalformedResponseException failure = failure(MalformedResponseException.class, StubAnswer.json(body));
        assertThat(failure).hasMessageStartingWith("id: none (expected: a text)");
        assertThat(failure.details().httpStatus()).hasValue(200);
        assertThat(failure.details().model()).contains("m");
    }

    @Test
    void whatJacksonQuotesIsNotRepeated() {
        MalformedResponseException failure =
                failure(MalformedResponseException.class, StubAnswer.json("{\"id\": topsecret}"));
        assertThat(failure.getCause()).hasMessageContaining("JSON broken").hasMessageNotContaining("topsecret");
    }

    @Test
    void brokenTransferIsNoMalformedAnswer() {
        failure(TransportException.class, StubAnswer.json("{\"id\":").truncate());
        failure(TransportException.class, StubAnswer.json("{\"id\":").reset());
    }

    @Test
    void connectionIsUsedAgain() {
        id(StubAnswer.json("{\"id\":\"1\"}"));
        int connections = SERVER.connections();
        for (int i = 0; i < 5; i++) {
            id(StubAnswer.json("{\"id\":\"1\"}\n\n"));
        }
        assertThat(SERVER.connections()).isEqualTo(connections);
    }

    @Property(tries = 200)
    void anyBodyIsAnsweredOrAnError(@ForAll String body) {
        for (String whole : List.of(body, "{\"id\":" + body)) {
            try {
                assertThat(id(StubAnswer.json(whole))).isNotNull();
            } catch (LlmException error) {
                assertThat(error.code()).isIn("malformed_response", "overloaded");
            }
        }
    }
}
