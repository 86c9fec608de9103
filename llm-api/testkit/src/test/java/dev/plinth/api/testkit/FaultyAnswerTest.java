package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.error.TransportException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server sends that fails by plan. */
class FaultyAnswerTest {
    private static final StubAnswer JSON =
            StubAnswer.json("{\"model\": \"m-1\", \"text\": \"Grüße\"}").header("x-request-id", "r1");
    private static final StubAnswer EVENTS = StubAnswer.sse("{\"model\":\"m-1\"}", "{\"text\":\"Hi\"}", "[DONE]");

    private final StubServer server = StubServer.start();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<String> get(StubAnswer answer) throws IOException, InterruptedException {
        server.enqueue(answer);
        return client.send(HttpRequest.newBuilder(server.url("/")).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void limitsHaveTheirStatusAndSayWhenToComeBack() throws Exception {
        HttpResponse<String> silent = get(Fault.rateLimited().strike(JSON));
        assertThat(silent.statusCode()).isEqualTo(429);
        assertThat(silent.headers().map()).doesNotContainKeys("retry-after", "retry-after-ms");
        assertThat(get(Fault.rateLimited(Duration.ofSeconds(90)).strike(JSON))
                        .headers()
                        .firstValue("retry-after"))
                .hasValue("90");
        assertThat(get(Fault.rateLimited(Duration.ofMillis(1500)).strike(EVENTS))
                        .headers()
                        .firstValue("retry-after-ms"))
                .hasValue("1500");
        assertThat(get(Fault.overloaded().strike(EVENTS)).statusCode()).isEqualTo(503);
    }

    @Test
    void answersThatArriveAreEmptyGarbageOrOfAnotherModel() throws Exception {
        assertThat(get(Fault.empty().strike(JSON)).body()).isEmpty();
        assertThat(get(Fault.empty().strike(EVENTS)).body()).isEmpty();
        assertThat(get(Fault.garbage().strike(JSON)).body()).startsWith("{\"garbage\"");
        assertThat(get(Fault.garbage().strike(EVENTS)).body()).startsWith("data: {\"garbage\"");
        assertThat(get(Fault.wrongModel().strike(EVENTS)).body())
                .isEqualTo("data: {\"model\":\"another-model\"}\n\ndata: {\"text\":\"Hi\"}\n\ndata: [DONE]\n\n");
        HttpResponse<String> other = get(Fault.wrongModel().strike(JSON));
        assertThat(other.body()).isEqualTo("{\"model\": \"another-model\", \"text\": \"Grüße\"}");
        assertThat(other.headers().firstValue("x-request-id")).hasValue("r1");
    }

    @Test
    void connectionBreaksBeforeOrWithinTheAnswer() {
        for (StubAnswer right : new StubAnswer[] {JSON, EVENTS, StubAnswer.json("")}) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> get(Fault.truncated().strike(right)));
        }
        // The client asks once more by itself when not a byte has come.
        server.enqueue(Fault.reset().strike(JSON));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> get(Fault.reset().strike(EVENTS)));
    }

    @Test
    void answerStandsStillUntilTheClientGivesUp() throws Exception {
        server.enqueue(Fault.stalled().strike(EVENTS));
        HttpRequest request = HttpRequest.newBuilder(server.url("/")).build();
        try (InputStream body =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            byte[] half = "data: {\"model\":\"m-1\"}\n\n".getBytes(StandardCharsets.UTF_8);
            assertThat(body.readNBytes(half.length)).isEqualTo(half);
            assertThat(server.openConnections()).isEqualTo(1);
        }
        server.awaitOpenConnections(0);
    }

    @Test
    void lateAnswerIsTheRightOneOnTheServersClock() throws Exception {
        TestTime time = TestTime.autoAdvancing();
        try (StubServer late = StubServer.start(time)) {
            late.enqueue(Fault.slow(Duration.ofSeconds(20)).strike(JSON));
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(late.url("/")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).contains("Grüße");
            assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(20));
        }
    }

    @Test
    void planStrikesOrLetsTheRightAnswerPass() {
        FaultPlan second = FaultPlan.when(call -> call == 2, Fault.overloaded());
        assertThat(second.strike(JSON)).isSameAs(JSON);
        assertThat(second.strike(JSON).status).isEqualTo(503);
        assertThat(second.strike(JSON)).isSameAs(JSON);
        assertThat(second.calls()).isEqualTo(3);
    }

    @Test
    void errorOfATestHasNoBytes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.error(() -> new TransportException("x")).strike(JSON));
    }
}
