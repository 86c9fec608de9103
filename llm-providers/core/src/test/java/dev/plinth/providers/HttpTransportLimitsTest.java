package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every wait has a limit, and the error names the one that was met. */
@Timeout(60)
class HttpTransportLimitsTest {
    private final StubServer server = StubServer.start();
    private final HttpTransport transport = HttpTransport.create();

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    private static Timeouts limits() {
        return Calls.limits();
    }

    private String metBy(HttpCall.Builder call) {
        TimedOutException error = catchThrowableOfType(TimedOutException.class, () -> read(call.build()));
        assertThat(error).as("error").isNotNull();
        assertThat(error.isRetryable()).isTrue();
        return error.getMessage();
    }

    private void read(HttpCall call) {
        try (HttpAnswer answer = transport.send(call)) {
            try {
                answer.body().readAllBytes();
                answer.finish();
            } catch (IOException exception) {
                throw answer.failed(exception);
            }
        }
    }

    @Test
    void connectIsNamed() throws IOException {
        try (FullServer full = new FullServer()) {
            HttpCall.Builder call = HttpCall.post(full.url(), HttpBody.json(Calls.JSON, json -> json.writeNull()))
                    .timeouts(limits().withConnect(Calls.SHORT));
            assertThat(metBy(call)).startsWith("timeouts.connect: PT0.2S");
        }
    }

    @Test
    void totalEndsAStreamThatKeepsTalking() {
        StubAnswer talking = StubAnswer.streaming("text/event-stream");
        for (int i = 0; i < 200; i++) {
            talking = talking.event("a").pause(Duration.ofMillis(50));
        }
        server.enqueue(talking);
        assertThat(metBy(Calls.to(server).streamed(true).timeouts(limits().withTotal(Duration.ofMillis(500)))))
                .startsWith("timeouts.total: PT0.5S");
    }

    @Test
    void fileMayTakeLongerThanAnAnswerButMustKeepComing() {
        StubAnswer file = StubAnswer.streaming("application/x-jsonl").chunk("{}\n");
        server.enqueue(
                file.pause(Duration.ofMillis(500)).chunk("{}\n"),
                file.stall(),
                file.pause(Duration.ofMillis(500)).chunk("{}\n"));
        Timeouts limits = limits().withTotal(Calls.SHORT);
        read(Calls.to(server).unhurried().timeouts(limits).build());
        assertThat(metBy(Calls.to(server).unhurried().timeouts(limits.withBetweenTokens(Calls.SHORT))))
                .startsWith("timeouts.betweenTokens: PT0.2S");
        assertThat(metBy(Calls.to(server).unhurried().timeouts(limits).deadline(Deadline.after(Calls.SHORT))))
                .startsWith("deadline: ");
    }

    @Test
    void deadlineIsNamedAndCoversEverything() throws IOException {
        List<StubAnswer> answers = List.of(
                StubAnswer.silence(),
                StubAnswer.json("{").stall(),
                StubAnswer.streaming("text/event-stream").event("a").stall());
        for (StubAnswer answer : answers) {
            server.otherwise(request -> answer); // on a busy machine, the deadline may pass before it is asked
            for (boolean streamed : new boolean[] {false, true}) {
                HttpCall.Builder call =
                        Calls.to(server).streamed(streamed).deadline(Deadline.after(Duration.ofMillis(300)));
                assertThat(metBy(call)).startsWith("deadline: ");
            }
        }
        try (FullServer full = new FullServer()) {
            HttpCall.Builder call = HttpCall.post(full.url(), HttpBody.json(Calls.JSON, json -> json.writeNull()))
                    .timeouts(limits())
                    .deadline(Deadline.after(Duration.ofMillis(300)));
            assertThat(metBy(call)).startsWith("deadline: ");
        }
    }

    @Test
    void limitsOfACallWinOverThoseOfTheTransport() {
        server.enqueue(StubAnswer.silence());
        Timeouts total = limits().withTotal(Calls.SHORT);
        try (HttpTransport own = HttpTransport.builder().timeouts(total).build()) {
            HttpCall call = HttpCall.post(server.url("/"), HttpBody.json(Calls.JSON, json -> json.writeNull()))
                    .build();
            assertThat(catchThrowableOfType(TimedOutException.class, () -> own.send(call)))
                    .hasMessageStartingWith("timeouts.total: PT0.2S");
        }
    }

    @Test
    void manyDifferentLimitsAllWork() {
        server.otherwise(request -> StubAnswer.json("{}"));
        for (int i = 0; i < 200; i++) {
            read(Calls.to(server)
                    .timeouts(limits().withConnect(Duration.ofSeconds(100 + i)))
                    .build());
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    /** Accepts nothing, and its queue is full, so that no connection comes about. */
    private static final class FullServer implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> waiting = new ArrayList<>();

        FullServer() throws IOException {
            boolean full = false;
            while (!full && waiting.size() < 64) {
                Socket socket = new Socket();
                try {
                    socket.connect(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), 300);
                    waiting.add(socket);
                } catch (IOException queueIsFull) {
                    socket.close();
                    full = true;
                }
            }
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : waiting) {
                socket.close();
            }
            listener.close();
        }
    }
}
