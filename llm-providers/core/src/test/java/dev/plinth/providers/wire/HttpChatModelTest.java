package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpTransport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpChatModelTest {
    private static final String A = "{\"text\":\"A\"}";
    private static final String STOP = "{\"text\":\"B\",\"stop\":\"stop\",\"tokens\":7}";

    private final StubServer server = StubServer.start();
    private final HttpTransport transport = HttpTransport.create();
    private final HttpChatModel model = new HttpChatModel(
            Endpoint.builder(transport, "p", Endpoint.baseUrl(server.url("/").toString()))
                    .build(),
            ModelInfo.local("p", "m"),
            new TestProtocol());

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    private ChatResponse stream(StubAnswer answer) {
        server.enqueue(answer);
        try (ChatStream stream = model.stream(ChatRequest.of("Hi"))) {
            return stream.response();
        }
    }

    private <E extends LlmException> E failure(Class<E> type, StubAnswer answer) {
        E failure = catchThrowableOfType(type, () -> stream(answer));
        assertThat(failure).isNotNull();
        return failure;
    }

    /** As where the connection breaks behind the finish: nothing that matters is missing. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"tokens\":", "[DONE] ", "nonsense", "{\"a\":1}{\"b\":2}", "[]", "\u0000"})
    void whatIsBrokenBehindTheFinishCostsNothing(String rest) {
        ChatResponse response = stream(StubAnswer.sse(A, STOP, rest));
        assertThat(response.text()).isEqualTo("AB");
        assertThat(response.rawFinishReason()).contains("stop");
        assertThat(response.usage().output()).hasValue(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"tokens\":", "[DONE] ", "nonsense", "{\"a\":1}{\"b\":2}", "[]"})
    void whatIsBrokenBeforeTheFinishIsAnError(String broken) {
        MalformedResponseException failure = failure(MalformedResponseException.class, StubAnswer.sse(A, broken, STOP));
        assertThat(failure.partialText()).isEqualTo("A");
        assertThat(failure).hasMessageStartingWith("event: broken JSON");
    }

    /** Text may stand behind the finish in the same frame. */
    @Test
    void finishInAFrameThatIsCutIsNone() {
        MalformedResponseException failure = failure(
                MalformedResponseException.class, StubAnswer.sse(A, "{\"stop\":\"stop\",\"text\":\"B", "[DONE]"));
        assertThat(failure.partialText()).isEqualTo("A");
    }

    @Test
    void errorBehindTheFinishIsStillAnError() {
        OverloadedException failure = failure(OverloadedException.class, StubAnswer.sse(STOP, "{\"error\":\"no\"}"));
        assertThat(failure.partialText()).isEqualTo("B");
    }

    @Test
    void eventsMayBeCalledJson() {
        for (String first : List.of("", ": hello\n\n", "event: x\n", "\r\n\n", "id: 1\n", "retry: 5\n")) {
            byte[] body = (first + "data: " + A + "\n\ndata: " + STOP + "\n\n").getBytes(StandardCharsets.UTF_8);
            assertThat(stream(StubAnswer.of(200, "application/json", body)).text())
                    .as(first)
                    .isEqualTo("AB");
            assertThat(stream(StubAnswer.of(200, "application/json; charset=utf-8", body)
                                    .inPieces(1))
                            .text())
                    .isEqualTo("AB");
        }
    }

    @Test
    void answerInOnePieceIsAnErrorWithItsText() {
        for (String space : List.of("", " \r\n\t")) {
            MalformedResponseException failure =
                    failure(MalformedResponseException.class, StubAnswer.json(space + STOP));
            assertThat(failure.partialText()).isEqualTo("B");
            assertThat(failure.partialUsage().output()).hasValue(7);
            assertThat(failure).hasMessageStartingWith("content-type: application/json (expected: text/event-stream)");
        }
        assertThat(failure(OverloadedException.class, StubAnswer.json("{\"error\":{\"message\":\"no\"}}")))
                .hasMessageStartingWith("provider: no");
    }

    @Test
    void emptyBodyThatIsCalledJsonIsAnError() {
        for (String body : List.of("", " \n")) {
            failure(MalformedResponseException.class, StubAnswer.json(body));
        }
        failure(LlmException.class, StubAnswer.json("{").truncate());
    }

    @Test
    void errorInsideASuccessCarriesWhatWasSaidBefore() {
        server.enqueue(StubAnswer.json("{\"tokens\":3,\"error\":{\"message\":\"no\",\"code\":502},\"text\":\"half\"}"));
        OverloadedException failure =
                catchThrowableOfType(OverloadedException.class, () -> model.chat(ChatRequest.of("Hi")));
        assertThat(failure.partialText()).isEqualTo("half");
        assertThat(failure.partialUsage().output()).hasValue(3);
        assertThat(failure.details().httpStatus()).hasValue(200);
    }

    @Test
    void answerThatIsNoneIsMalformed() {
        for (String body : List.of("{}", "{\"stop\":\"stop\"}", "[]", "{\"text\":", "nonsense", "")) {
            server.enqueue(StubAnswer.json(body));
            MalformedResponseException failure =
                    catchThrowableOfType(MalformedResponseException.class, () -> model.chat(ChatRequest.of("Hi")));
            assertThat(failure).as(body).hasMessageStartingWith("body: application/json without an answer");
            assertThat(failure.partialUsage()).isEqualTo(Usage.UNKNOWN);
        }
    }
}
