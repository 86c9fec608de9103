package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonFactory;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpTransportTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);

    private final StubServer server = StubServer.start();
    private final HttpTransport transport =
            HttpTransport.builder().timeouts(PATIENT).build();

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    private HttpCall call(UnaryOperator<HttpCall.Builder> settings) {
        return call(server.url("/v1/chat"), settings);
    }

    private static HttpCall call(URI url, UnaryOperator<HttpCall.Builder> settings) {
        HttpBody body = HttpBody.json(new JsonFactory(), json -> json.writeString("é"));
        ErrorDetails details =
                ErrorDetails.builder().provider("stub").model("m").build();
        return settings.apply(HttpCall.post(url, body).details(details)).build();
    }

    private static String read(HttpAnswer answer) throws IOException {
        return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Sends the call and reads its answer, as an adapter does. */
    private String exchange(HttpCall call) {
        try (HttpAnswer answer = transport.send(call)) {
            try {
                String text = read(answer);
                answer.finish();
                return text;
            } catch (IOException failure) {
                throw answer.failed(failure);
            }
        }
    }

    private LlmException failure(HttpCall call) {
        LlmException failure = catchThrowableOfType(LlmException.class, () -> exchange(call));
        assertThat(failure).as("failure").isNotNull();
        assertThat(failure.details().provider()).contains("stub");
        assertThat(failure.details().model()).contains("m");
        return failure;
    }

    @Test
    void postsTheBodyWithItsHeaders() throws Exception {
        server.enqueue(StubAnswer.text(201, "done").header("x-request-id", "r1"));
        HttpCall call = call(builder -> builder.header("Authorization", "Bearer k"));
        try (HttpAnswer answer = transport.send(call)) {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.requestId()).contains("r1");
            assertThat(answer.header("X-Request-ID")).contains("r1");
            assertThat(read(answer)).isEqualTo("done");
        }
        StubRequest request = server.takeRequest();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/v1/chat");
        assertThat(request.text()).isEqualTo("\"é\"");
        assertThat(request.header("authorization")).contains("Bearer k");
        assertThat(request.header("content-type")).contains("application/json");
        assertThat(request.header("content-length")).contains("4");
    }

    @Test
    void putsABodyThatMayBeEmpty() throws Exception {
        server.enqueue(StubAnswer.text(200, "done"));
        HttpBody nothing = HttpBody.of("text/plain", new byte[0]);
        assertThat(nothing.contentType()).isEqualTo("text/plain");
        exchange(HttpCall.put(server.url("/v1/token"), nothing).build());
        StubRequest request = server.takeRequest();
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.header("content-length")).contains("0");
    }

    @Test
    void streamsAreNotCompressedAnswersMayBe() throws Exception {
        server.otherwise(request -> StubAnswer.text(200, "x"));
        exchange(call(builder -> builder.streamed(true)));
        exchange(call(builder -> builder));
        assertThat(server.takeRequest().header("accept-encoding")).contains("identity");
        assertThat(server.takeRequest().header("accept-encoding")).contains("gzip");
    }

    @Test
    void finishedConnectionsAreUsedAgain() {
        server.otherwise(
                request -> StubAnswer.streaming("text/event-stream").event("a").event("b"));
        for (int i = 0; i < 5; i++) {
            exchange(call(builder -> builder.streamed(true)));
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void idleConnectionsAreKeptForAsManyCallsAtOnce() throws Exception {
        int callers = 20;
        server.otherwise(request -> StubAnswer.text(200, "x").delayed(Duration.ofMillis(100)));
        for (int round = 0; round < 3; round++) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                CompletableFuture<String> done = new CompletableFuture<>();
                calls.add(done);
                new Thread(() -> done.complete(exchange(call(builder -> builder)))).start();
            }
            for (CompletableFuture<String> done : calls) {
                assertThat(done.get(30, TimeUnit.SECONDS)).isEqualTo("x");
            }
        }
        assertThat(server.connections()).isLessThanOrEqualTo(callers);
    }

    @Test
    void connectionThatDiedInThePoolIsReplaced() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String head = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n";
            CountDownLatch firstClosed = new CountDownLatch(1);
            Thread peer = new Thread(() -> {
                for (String body : List.of("a", "b")) {
                    try (Socket socket = listener.accept()) {
                        readRequest(socket);
                        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException exception) {
                        throw new IllegalStateException(exception);
                    } finally {
                        firstClosed.countDown();
                    }
                }
            });
            peer.start();
            URI url = URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
            assertThat(exchange(call(url, builder -> builder))).isEqualTo("a");
            firstClosed.await();
            assertThat(exchange(call(url, builder -> builder))).isEqualTo("b");
        }
    }

    private static void readRequest(Socket socket) throws IOException {
        byte[] bytes = new byte[8192];
        int length = 0;
        while (!new String(bytes, 0, length, StandardCharsets.UTF_8).endsWith("\r\n\r\n\"é\"")) {
            length += socket.getInputStream().read(bytes, length, bytes.length - length);
        }
    }

    @Test
    void answersAreNeverAskedForAgain() {
        for (int status : new int[] {408, 503, 421, 429, 500}) {
            server.enqueue(StubAnswer.text(status, "no").header("retry-after", "0"));
            try (HttpAnswer answer = transport.send(call(builder -> builder))) {
                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.errorText()).isEqualTo("no");
                assertThat(answer.details().retryAfter()).contains(Duration.ZERO);
                assertThat(answer.details().httpStatus()).hasValue(status);
                answer.finish();
            }
        }
        assertThat(server.requests()).hasSize(5);
        server.verify();
    }

    @Test
    void redirectsAreNotFollowed() {
        server.enqueue(StubAnswer.text(307, "").header("location", "/elsewhere"));
        try (HttpAnswer answer = transport.send(call(builder -> builder))) {
            assertThat(answer.status()).isEqualTo(307);
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void refusedConnectionIsATransportError() throws IOException {
        try (Socket taken = new Socket()) { // and nobody listens
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            HttpCall call = call(URI.create("http://127.0.0.1:" + taken.getLocalPort() + "/"), builder -> builder);
            LlmException failure = failure(call);
            assertThat(failure).isInstanceOf(TransportException.class).hasMessageContaining("expected:");
            assertThat(failure.partialUsage()).as("nothing was sent").isEqualTo(Usage.NONE);
        }
    }

    @Test
    void connectionClosedWithoutAnAnswerIsATransportError() {
        server.enqueue(StubAnswer.hangUp());
        LlmException failure = failure(call(builder -> builder));
        assertThat(failure).isInstanceOf(TransportException.class);
        assertThat(failure.partialUsage()).as("the server may have worked").isEqualTo(Usage.UNKNOWN);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void bodyCutShortIsATransportError() {
        server.enqueue(
                StubAnswer.text(200, "half").truncate(),
                StubAnswer.streaming("text/plain").chunk("half").reset());
        assertThat(failure(call(builder -> builder))).isInstanceOf(TransportException.class);
        assertThat(failure(call(builder -> builder))).isInstanceOf(TransportException.class);
    }

    @Test
    void waitForTheFirstTokenIsLimited() throws Exception {
        server.otherwise(request -> StubAnswer.silence());
        LlmException failure = failure(call(builder -> builder.streamed(true).timeouts(PATIENT.withFirstToken(SHORT))));
        assertThat(failure)
                .isInstanceOf(TimedOutException.class)
                .hasMessageStartingWith("timeouts.firstToken: PT0.15S");
        server.takeRequest(); // it was sent, and the answer is what was missing
    }

    @Test
    void waitAfterTheHeadIsStillOneForTheFirstToken() {
        server.otherwise(request -> StubAnswer.streaming("text/event-stream").stall());
        LlmException failure = failure(call(builder -> builder.streamed(true).timeouts(PATIENT.withFirstToken(SHORT))));
        assertThat(failure).isInstanceOf(TimedOutException.class).hasMessageStartingWith("timeouts.firstToken");
    }

    @Test
    void waitBetweenTokensIsLimited() throws Exception {
        server.otherwise(
                request -> StubAnswer.streaming("text/event-stream").event("a").stall());
        LlmException failure =
                failure(call(builder -> builder.streamed(true).timeouts(PATIENT.withBetweenTokens(SHORT))));
        assertThat(failure).isInstanceOf(TimedOutException.class).hasMessageStartingWith("timeouts.betweenTokens");
        server.takeRequest().awaitClientGone();
    }

    @Test
    void laterTokensMayTakeLongerThanTheFirst() {
        Duration first = Duration.ofSeconds(3);
        server.otherwise(request -> StubAnswer.streaming("text/event-stream")
                .event("a")
                .pause(Duration.ofMillis(3600))
                .event("b"));
        String text = exchange(call(builder -> builder.streamed(true).timeouts(PATIENT.withFirstToken(first))));
        assertThat(text).contains("a", "b");
    }

    @Test
    void totalIsOneLimitForAll() {
        StubAnswer drip = StubAnswer.streaming("text/event-stream");
        for (int i = 0; i < 200; i++) {
            drip = drip.event("a").pause(Duration.ofMillis(20));
        }
        server.enqueue(drip, StubAnswer.silence());
        Timeouts limits = PATIENT.withTotal(Duration.ofMillis(300));
        assertThat(failure(call(builder -> builder.streamed(true).timeouts(limits))))
                .isInstanceOf(TimedOutException.class)
                .hasMessageStartingWith("timeouts.total: PT0.3S");
        assertThat(failure(call(builder -> builder.timeouts(limits))))
                .isInstanceOf(TimedOutException.class)
                .hasMessageStartingWith("timeouts.total");
    }

    @Test
    void deadlineCutsEveryLimit() {
        server.enqueue(StubAnswer.silence());
        LlmException failure = failure(call(builder -> builder.deadline(Deadline.after(Duration.ofMillis(300)))));
        assertThat(failure).isInstanceOf(TimedOutException.class).hasMessageStartingWith("deadline: ");
    }

    @Test
    void deadlineThatHasPassedSendsNothing() {
        TestTime time = TestTime.manual();
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), time);
        time.advance(Duration.ofSeconds(2));
        LlmException failure = failure(call(builder -> builder.deadline(deadline)));
        assertThat(failure).isInstanceOf(TimedOutException.class);
        assertThat(failure.partialUsage()).isEqualTo(Usage.NONE);
        assertThat(server.requests()).isEmpty();
        assertThat(server.connections()).isZero();
    }

    @Test
    void handshakeThatStallsCountsAsConnecting() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("https://127.0.0.1:" + listener.getLocalPort() + "/");
            HttpCall call = call(url, builder -> builder.timeouts(PATIENT.withConnect(SHORT)));
            LlmException failure = failure(call);
            assertThat(failure)
                    .isInstanceOf(TimedOutException.class)
                    .hasMessageStartingWith("timeouts.connect: PT0.15S");
            assertThat(failure.partialUsage()).isEqualTo(Usage.NONE);
        }
    }

    @Test
    void closingFromAnotherThreadClosesTheSocket() throws Exception {
        server.enqueue(StubAnswer.streaming("text/event-stream").event("a").stall());
        HttpAnswer answer = transport.send(call(builder -> builder.streamed(true)));
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                answer.body().read();
                reading.countDown();
                read(answer);
                thrown.complete(null);
            } catch (IOException failure) {
                thrown.complete(answer.failed(failure));
            }
        });
        reader.start();
        reading.await();
        answer.close();
        answer.close();
        server.takeRequest().awaitClientGone();
        assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> answer.body().read()).isInstanceOf(IOException.class);
    }

    @Test
    void closingUnreadAnswersClosesTheirSockets() throws Exception {
        int streams = 64;
        server.otherwise(
                request -> StubAnswer.streaming("text/event-stream").event("a").stall());
        List<HttpAnswer> answers = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            answers.add(transport.send(call(builder -> builder.streamed(true))));
        }
        assertThat(server.openConnections()).isEqualTo(streams);
        answers.forEach(HttpAnswer::close);
        server.awaitOpenConnections(0);
    }

    @Test
    void openStreamsHaveNoThreadsOfTheirOwn() {
        server.otherwise(
                request -> StubAnswer.streaming("text/event-stream").event("a").stall());
        List<HttpAnswer> answers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            answers.add(transport.send(call(builder -> builder.streamed(true))));
        }
        long own = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("stub-server"))
                .filter(name -> name.contains("OkHttp") || name.contains("Okio"))
                .count();
        assertThat(own).isLessThan(20); // OkHttp's transient ones, whatever the number of streams
        answers.forEach(HttpAnswer::close);
    }

    @Test
    void interruptEndsTheWaitAndClosesTheSocket() throws Exception {
        server.otherwise(request -> StubAnswer.silence());
        CompletableFuture<LlmException> thrown = new CompletableFuture<>();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            thrown.complete(failure(call(builder -> builder)));
            flag.complete(Thread.currentThread().isInterrupted());
        });
        caller.start();
        StubRequest request = server.takeRequest();
        caller.interrupt();
        assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
        request.awaitClientGone();
    }

    @Test
    void interruptedCallerSendsNothing() throws Exception {
        CompletableFuture<LlmException> thrown = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            Thread.currentThread().interrupt();
            thrown.complete(failure(call(builder -> builder)));
        });
        caller.start();
        LlmException failure = thrown.get(30, TimeUnit.SECONDS);
        assertThat(failure).isInstanceOf(CancelledException.class);
        assertThat(failure.partialUsage()).isEqualTo(Usage.NONE);
        assertThat(server.connections()).isZero();
    }

    @Test
    void closedTransportRefusesCallsAndKeepsNoConnection() throws Exception {
        server.enqueue(
                StubAnswer.text(200, "x"),
                StubAnswer.streaming("text/event-stream")
                        .event("a")
                        .pause(Duration.ofMillis(50))
                        .event("b"));
        exchange(call(builder -> builder));
        try (HttpAnswer running = transport.send(call(builder -> builder.streamed(true)))) {
            transport.close();
            transport.close();
            assertThat(read(running)).contains("a", "b");
            running.finish();
        }
        server.awaitOpenConnections(0);
        assertThatThrownBy(() -> transport.send(call(builder -> builder)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("transport: closed (expected: open)");
    }

    @Test
    void errorTextIsLimited() {
        server.enqueue(StubAnswer.text(500, "x".repeat(1_000_000)));
        try (HttpAnswer answer = transport.send(call(builder -> builder))) {
            assertThat(answer.errorText()).hasSize(64 * 1024);
        }
    }
}
