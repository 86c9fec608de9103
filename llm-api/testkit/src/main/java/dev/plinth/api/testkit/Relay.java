package dev.plinth.api.testkit;

import dev.plinth.api.testkit.RecordedResponse.End;
import dev.plinth.api.testkit.RecordedResponse.Piece;
import dev.plinth.api.testkit.StubAnswer.Step;
import dev.plinth.api.time.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One call that is passed on to the real server, and its answer back, piece by piece.
 *
 * <p>The client gets what it will get on replay: of the headers those that are kept, and nothing compressed. What was
 * seen may be asked for when the answer is over.
 */
final class Relay implements StubAnswer.Live {
    private final Upstream upstream;
    private final StubRequest request;
    private final TimeSource time;
    private final byte[] buffer = new byte[1 << 16];
    private final List<Piece> pieces = new ArrayList<>();
    private final Map<String, String> headers = new TreeMap<>();
    private long lastNanos;
    private int status;
    private int headMillis;
    private boolean chunked;
    private End end = End.CANCELLED; // unless it turns out otherwise
    private String reason = "";
    private @Nullable InputStream body;

    Relay(Upstream upstream, StubRequest request, TimeSource time) {
        this.upstream = upstream;
        this.request = request;
        this.time = time;
        this.lastNanos = time.nanos();
    }

    StubRequest request() {
        return request;
    }

    RecordedResponse response() {
        List<Piece> told = chunked ? pieces : inOne(pieces);
        return new RecordedResponse(status, headMillis, headers, chunked, told, end, reason);
    }

    @Override
    public StubAnswer begin() throws InterruptedException {
        try {
            HttpResponse<InputStream> answer = upstream.send(request);
            status = answer.statusCode();
            headMillis = millisSinceLast();
            headers.putAll(upstream.kept(answer.headers()));
            boolean hasBody = !request.method().equals("HEAD") && status != 204 && status != 304;
            if (hasBody) {
                open(answer);
            } else {
                end = End.COMPLETE;
            }
            // In chunks even when the server has told the length: not all of it may come.
            return StubAnswer.head(status, headers, hasBody);
        } catch (IOException failure) {
            broken(failure);
            return response().toAnswer(false);
        }
    }

    private void open(HttpResponse<InputStream> answer) throws IOException {
        body = answer.body();
        boolean gzip = "gzip".equalsIgnoreCase(headers.get("content-encoding"));
        chunked = gzip || answer.headers().firstValue("content-length").isEmpty();
        if (gzip) {
            headers.remove("content-encoding");
            body = new GZIPInputStream(body, buffer.length);
        }
    }

    @Override
    public @Nullable Step next() {
        if (body == null || end != End.CANCELLED) {
            return null;
        }
        try {
            int length = body.read(buffer);
            if (length < 0) {
                end = End.COMPLETE;
                return null;
            }
            byte[] piece = Arrays.copyOf(buffer, length);
            pieces.add(new Piece(millisSinceLast(), piece));
            return new Step.Write(piece);
        } catch (IOException failure) {
            broken(failure);
            return new Step.HangUp(false);
        }
    }

    private void broken(IOException failure) {
        if (!Thread.currentThread().isInterrupted()) { // else the client has gone
            boolean connected = !(failure instanceof ConnectException
                    || failure instanceof HttpConnectTimeoutException
                    || failure instanceof SSLException);
            end = connected || status > 0 ? End.BROKEN : End.UNREACHABLE;
            Throwable root = rootOf(failure);
            reason = root == failure ? failure.toString() : failure + ", for " + root;
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Where the length was told, how the network cut the body says nothing. */
    private static List<Piece> inOne(List<Piece> pieces) {
        if (pieces.size() <= 1) {
            return pieces;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        pieces.forEach(piece -> whole.writeBytes(piece.bytes()));
        int millis = pieces.stream().mapToInt(Piece::afterMillis).sum();
        return List.of(new Piece(millis, whole.toByteArray()));
    }

    private int millisSinceLast() {
        long now = time.nanos();
        int millis = Math.toIntExact(TimeUnit.NANOSECONDS.toMillis(now - lastNanos));
        lastNanos = now;
        return millis;
    }

    @Override
    public void close() {
        try {
            if (body != null) {
                body.close();
            }
        } catch (IOException broken) {
            return; // it has been told
        }
    }
}
