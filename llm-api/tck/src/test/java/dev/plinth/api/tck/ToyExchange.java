package dev.plinth.api.tck;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.Timeouts;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One request over HTTP/1.1 and its answer as it comes. On a channel of the JDK's: its reads have limits and end when the
 * thread is interrupted or another one closes it, and what came before a reset is not lost.
 */
class ToyExchange implements AutoCloseable {
    /** Status and headers, the names in lower case. */
    record Head(int status, Map<String, String> headers) {}

    private final ToyChatModel model;
    private final ChatRequest request;
    private final boolean streamed;
    private final Timeouts timeouts;
    private final Deadline total;
    private final SocketChannel channel;
    private final InputStream in;
    private Map<String, String> headers = Map.of();
    private boolean begun;
    private long left; // of the body, or of its chunk
    private volatile boolean ended;

    ToyExchange(ToyChatModel model, ChatRequest request, boolean streamed) {
        this.model = model;
        this.request = request;
        this.streamed = streamed;
        this.timeouts = request.timeouts().orElse(HttpChatModelContract.TIMEOUTS);
        this.total = Deadline.after(timeouts.total());
        limit(); // a deadline that has passed is refused before anything is sent
        try {
            this.channel = model.connect();
            this.in = new BufferedInputStream(new Limited(channel.socket().getInputStream()));
        } catch (ClosedByInterruptException interrupted) {
            throw new CancelledException("call: interrupted (expected: an answer)");
        } catch (IOException exception) {
            throw broken(exception);
        }
    }

    /** Sends this and waits for the head of the answer. */
    Head send(String headers, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        String head = "POST / HTTP/1.1\r\n" + headers + "Content-Length: " + bytes.length + "\r\n\r\n";
        try {
            write(head.getBytes(ISO_8859_1));
            write(bytes);
            int status = Integer.parseInt(line().split(" ")[1]);
            this.headers = readHeaders();
            left = Long.parseLong(this.headers.getOrDefault("content-length", "0"));
            return new Head(status, this.headers);
        } catch (IOException exception) {
            throw failed(exception);
        }
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private Map<String, String> readHeaders() throws IOException {
        Map<String, String> read = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            read.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return read;
    }

    /** The next bytes; null: the body has ended in good order. */
    byte @Nullable [] read() {
        try {
            boolean chunked = headers.containsKey("transfer-encoding");
            if (left == 0 && chunked && !ended) {
                left = Long.parseLong(line(), 16);
                if (left == 0) {
                    line();
                }
            }
            if (left == 0) {
                end();
                return null;
            }
            byte[] bytes = new byte[(int) Math.min(left, 8 * 1024)];
            int count = in.read(bytes);
            if (count < 0) {
                throw new EOFException("body: cut short (expected: " + left + " bytes more)");
            }
            left -= count;
            if (left == 0 && chunked) {
                line();
            }
            return Arrays.copyOf(bytes, count);
        } catch (IOException exception) {
            throw failed(exception);
        }
    }

    /** All bytes that are left. */
    byte[] readAll() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] bytes = read(); bytes != null; bytes = read()) {
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private void end() {
        if (!ended) {
            ended = true;
            model.keep(channel);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("line: cut short (expected: its end)");
            }
            line.write(next);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    /** Closes the socket, unless the answer has been read to its end. Wakes who reads. */
    @Override
    public void close() {
        if (!ended) {
            try {
                hangUp(channel);
            } catch (IOException exception) {
                throw broken(exception);
            }
        }
    }

    void hangUp(SocketChannel open) throws IOException {
        open.close();
    }

    private LlmException failed(IOException exception) {
        close();
        if (exception instanceof ClosedByInterruptException) {
            return new CancelledException("call: interrupted (expected: an answer)");
        }
        return exception instanceof SocketTimeoutException ? timedOut() : broken(exception);
    }

    LlmException timedOut() {
        return new TimedOutException("wait: over its limit (expected: an answer in time)");
    }

    private static LlmException broken(IOException cause) {
        return new TransportException("connection: broken (expected: an answer)", ErrorDetails.NONE, cause);
    }

    private Duration limit() {
        Duration limit = total.remaining();
        if (streamed) {
            limit = total.cap(begun ? timeouts.betweenTokens() : timeouts.firstToken());
        }
        Deadline deadline = request.context().deadline().orElse(total);
        if (deadline.expired()) {
            throw timedOut();
        }
        return deadline.cap(limit);
    }

    /** Every read waits as long as it may, counted when it begins. */
    private final class Limited extends InputStream {
        private final InputStream socket;

        Limited(InputStream socket) {
            this.socket = socket;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            channel.socket().setSoTimeout((int) Math.max(1, limit().toMillis()));
            int count = socket.read(bytes, offset, length);
            begun = true;
            return count;
        }
    }
}
