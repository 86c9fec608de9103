package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StubServer} answers: a head, and a body written step by step.
 *
 * <pre>{@code
 * StubAnswer.json("{\"ok\":true}").header("x-request-id", "r1");
 * StubAnswer.json(429, "{}").header("retry-after", "2");
 * StubAnswer.sse("{\"text\":\"Hel\"}", "{\"text\":\"lo\"}", "[DONE]");
 * StubAnswer.streaming("text/event-stream").event("first").pause(Duration.ofSeconds(1)).event("second").reset();
 * }</pre>
 *
 * <p>A streamed body is sent in chunks (RFC 9112, 7.1), one per step, each flushed; any other has a Content-Length.
 *
 * <p>Immutable and thread-safe.
 */
public final class StubAnswer {
    /** One thing to do. */
    sealed interface Step {
        record Head() implements Step {}

        record Write(byte[] bytes) implements Step {}

        record Pause(Duration duration) implements Step {}

        record Await(CountDownLatch gate) implements Step {}

        record Stall() implements Step {}

        record HangUp(boolean reset) implements Step {}

        record Pass(Live answer) implements Step {}
    }

    /**
     * An answer that is made while it is written, on the thread that writes it, which is interrupted when the client
     * goes: for one that has to be fetched elsewhere.
     */
    interface Live extends AutoCloseable {
        /** Status and headers, and the steps that are known by now. May wait. */
        StubAnswer begin() throws InterruptedException;

        /** The step after those; null: that was all. May wait. */
        @Nullable
        Step next();

        /** It is written to its end, or the client is gone. */
        @Override
        void close();
    }

    record Header(String name, String value) {}

    final int status;
    final List<Header> headers;
    final boolean chunked;
    final int pieceSize;
    final List<Step> steps;

    private StubAnswer(int status, List<Header> headers, boolean chunked, int pieceSize, List<Step> steps) {
        this.status = status;
        this.headers = List.copyOf(headers);
        this.chunked = chunked;
        this.pieceSize = pieceSize;
        this.steps = List.copyOf(steps);
    }

    /** 200 with this JSON. */
    public static StubAnswer json(String body) {
        return json(200, body);
    }

    /** This status with this JSON. */
    public static StubAnswer json(int status, String body) {
        return of(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    /** This status with this plain text. */
    public static StubAnswer text(int status, String body) {
        return of(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
    }

    /** This status with these bytes. */
    public static StubAnswer of(int status, String contentType, byte[] body) {
        Check.that(status >= 200 && status <= 599, "status", status, "200 to 599");
        List<Step> steps =
                body.length == 0 ? List.of(new Step.Head()) : List.of(new Step.Head(), new Step.Write(body.clone()));
        return new StubAnswer(status, List.of(new Header("content-type", contentType)), false, 0, steps);
    }

    /** A stream of server-sent events, each with this data and no name, ended properly. */
    public static StubAnswer sse(String... data) {
        StubAnswer answer = streaming("text/event-stream");
        for (String each : data) {
            answer = answer.event(each);
        }
        return answer;
    }

    /** A stream of lines, each ended by a line feed, as NDJSON is. */
    public static StubAnswer lines(String contentType, String... lines) {
        StubAnswer answer = streaming(contentType);
        for (String line : lines) {
            answer = answer.chunk(line + "\n");
        }
        return answer;
    }

    /** 200 with a streamed body that is still empty. */
    public static StubAnswer streaming(String contentType) {
        List<Header> headers = List.of(new Header("content-type", contentType));
        return new StubAnswer(200, headers, true, 0, List.of(new Step.Head()));
    }

    /** Reads the request and never says a word. */
    public static StubAnswer silence() {
        return new StubAnswer(200, List.of(), false, 0, List.of(new Step.Stall()));
    }

    /** Reads the request and closes the connection without an answer. */
    public static StubAnswer hangUp() {
        return new StubAnswer(200, List.of(), false, 0, List.of(new Step.HangUp(false)));
    }

    /** A head and no body yet. */
    static StubAnswer head(int status, Map<String, String> headers, boolean chunked) {
        List<Header> fields = headers.entrySet().stream()
                .map(header -> new Header(header.getKey(), header.getValue()))
                .toList();
        return new StubAnswer(status, fields, chunked, 0, List.of(new Step.Head()));
    }

    static StubAnswer live(Live answer) {
        return new StubAnswer(200, List.of(), false, 0, List.of(new Step.Pass(answer)));
    }

    /** The same answer with another status. */
    public StubAnswer status(int status) {
        Check.that(status >= 200 && status <= 599, "status", status, "200 to 599");
        return new StubAnswer(status, headers, chunked, pieceSize, steps);
    }

    /** The same answer with one more header. */
    public StubAnswer header(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(Check.notBlank(name, "name"), Check.notNull(value, "value")));
        return new StubAnswer(status, more, chunked, pieceSize, steps);
    }

    /** The same answer, its first byte after this time. */
    public StubAnswer delayed(Duration duration) {
        Check.positive(duration, "duration");
        List<Step> more = new ArrayList<>();
        more.add(new Step.Pause(duration));
        more.addAll(steps);
        return withSteps(more);
    }

    /** The same answer, its body written in pieces of this many bytes, each flushed and, when streamed, a chunk. */
    public StubAnswer inPieces(int bytes) {
        return new StubAnswer(status, headers, chunked, Check.positive(bytes, "bytes"), steps);
    }

    /** And then these bytes. */
    public StubAnswer chunk(byte[] bytes) {
        return bytes.length == 0 ? this : then(new Step.Write(bytes.clone()));
    }

    /** And then this text, in UTF-8. */
    public StubAnswer chunk(String text) {
        return chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** And then a server-sent event without a name. */
    public StubAnswer event(String data) {
        return event(null, data);
    }

    /** And then a server-sent event; every line of the data becomes a line of the event. */
    public StubAnswer event(@Nullable String name, String data) {
        StringBuilder event = new StringBuilder();
        if (name != null) {
            event.append("event: ").append(name).append('\n');
        }
        for (String line : data.split("\n", -1)) {
            event.append("data: ").append(line).append('\n');
        }
        return chunk(event.append('\n').toString());
    }

    /** And then waits this long on the server's clock. */
    public StubAnswer pause(Duration duration) {
        return then(new Step.Pause(Check.positive(duration, "duration")));
    }

    /** And then waits until the test opens the gate. */
    public StubAnswer await(CountDownLatch gate) {
        return then(new Step.Await(Check.notNull(gate, "gate")));
    }

    /** And then stands still, the connection open, until somebody closes it. */
    public StubAnswer stall() {
        return then(new Step.Stall());
    }

    /** And then resets the connection (TCP RST). */
    public StubAnswer reset() {
        return then(new Step.HangUp(true));
    }

    /** And then closes the connection in good order but too early: the body is not complete. */
    public StubAnswer truncate() {
        return then(new Step.HangUp(false));
    }

    private StubAnswer then(Step step) {
        return then(List.of(step));
    }

    /** And then these steps. */
    StubAnswer then(List<Step> next) {
        List<Step> more = new ArrayList<>(steps);
        more.addAll(next);
        return withSteps(more);
    }

    /** The same status and headers, and these steps. */
    StubAnswer withSteps(List<Step> steps) {
        return new StubAnswer(status, headers, chunked, pieceSize, steps);
    }

    /** The length the head announces: what is written, and one byte more if the body is cut short. */
    long contentLength() {
        long length = 0;
        for (Step step : steps) {
            if (step instanceof Step.Write write) {
                length += write.bytes().length;
            } else if (step instanceof Step.HangUp || step instanceof Step.Stall) {
                length++;
            }
        }
        return length;
    }

    @Override
    public String toString() {
        return "StubAnswer[" + status + ", " + steps.size() + " steps]";
    }
}
