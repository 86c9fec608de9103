package dev.plinth.api.tck;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A sound adapter of a toy protocol, on the JDK alone; a fault overrides a method of it. */
class ToyChatModel implements ChatModel {
    static final String STREAM = "text/event-stream";

    private final URI server;
    private final Queue<SocketChannel> idle = new ConcurrentLinkedQueue<>();

    ToyChatModel(URI server) {
        this.server = server;
    }

    @Override
    public ModelInfo info() {
        return new ModelInfo("toy", "toy-1", Set.of(Capability.TOOLS), server);
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        request.requireSupport(info());
        try (ToyExchange exchange = exchange(request, false)) {
            send(exchange, request, "application/json");
            return plain(exchange.readAll()).response(request.keepRaw());
        }
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        request.requireSupport(info());
        return new ToyStream(request, exchange(request, true));
    }

    ToyExchange exchange(ChatRequest request, boolean streamed) {
        return new ToyExchange(this, request, streamed);
    }

    SocketChannel connect() throws IOException {
        SocketChannel connection = idle.poll();
        return connection != null
                ? connection
                : SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
    }

    /** Whose answer was read to its end, serves another call. */
    void keep(SocketChannel connection) {
        idle.add(connection);
    }

    /** Sends the request and waits for the head of an answer; any other than 200 is an error. */
    private ToyExchange.Head send(ToyExchange exchange, ChatRequest request, String accept) {
        String headers = "Host: " + server.getAuthority() + "\r\nAccept: " + accept + "\r\nAuthorization: Bearer "
                + HttpChatModelContract.KEY + "\r\n";
        for (Map.Entry<String, String> header : traceHeaders(request).entrySet()) {
            headers += header.getKey() + ": " + header.getValue() + "\r\n";
        }
        ToyExchange.Head head = exchange.send(headers, prompt(request));
        if (head.status() != 200) {
            String body = new String(exchange.readAll(), StandardCharsets.UTF_8);
            throw error(head.status(), details(head), body);
        }
        return head;
    }

    /** What tells the server of the trace; a model for servers of others tells nothing. */
    Map<String, String> traceHeaders(ChatRequest request) {
        return Map.of();
    }

    String prompt(ChatRequest request) {
        return request.messages().stream().map(Message::text).collect(Collectors.joining("\n"));
    }

    /** The whole answer in these bytes. */
    ToyAnswer plain(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        requireEnd(text);
        ToyAnswer answer = new ToyAnswer();
        text.lines().forEach(answer::take);
        return answer;
    }

    void requireEnd(String body) {
        if (!body.endsWith("\nend")) {
            throw new MalformedResponseException("answer: cut short (expected: an end)");
        }
    }

    /** Takes the lines of a stream. */
    ToyAnswer streamedAnswer() {
        return new ToyAnswer();
    }

    ErrorDetails details(ToyExchange.Head head) {
        String wait = head.headers().get("retry-after");
        return ErrorDetails.builder()
                .provider("toy")
                .httpStatus(head.status())
                .retryAfter(wait == null ? null : Duration.ofSeconds(Long.parseLong(wait)))
                .build();
    }

    LlmException error(int status, ErrorDetails details, String body) {
        return switch (status) {
            case 401, 403 -> new AuthenticationException("key: refused (expected: a valid one)", details, null);
            case 429 -> new RateLimitedException("requests: too many (expected: fewer)", details, null);
            case 400 -> new InvalidRequestException("request: refused (expected: a valid one)", details, null);
            default -> new OverloadedException("server: failed (expected: an answer)", details, null);
        };
    }

    /** What a stream does at the end of a body that did not say it was the end; null: that is an error. */
    @Nullable
    StreamEvent atEndOfBody(ToyAnswer answer) {
        return null;
    }

    /** What a stream does with an answer that is none: hands over its text, and then fails. */
    @Nullable
    StreamEvent unstreamed(ToyAnswer answer) {
        return answer.text().isEmpty() ? null : new StreamEvent.TextDelta(answer.text());
    }

    /** Lines out of pieces of bytes. */
    static class Lines {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final StringBuilder whole = new StringBuilder();

        void add(byte[] bytes) {
            for (byte next : bytes) {
                line.write(next);
                if (next == '\n') {
                    whole.append(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                }
            }
        }

        @Nullable
        String next() {
            int end = whole.indexOf("\n");
            if (end < 0) {
                return null;
            }
            String next = whole.substring(0, end);
            whole.delete(0, end + 1);
            return next;
        }
    }

    Lines lines() {
        return new Lines();
    }

    private final class ToyStream extends AbstractChatStream {
        private final ChatRequest request;
        private final ToyExchange exchange;
        private final ToyAnswer answer = streamedAnswer();
        private final Lines lines = lines();
        private boolean begun;
        private boolean failed;

        ToyStream(ChatRequest request, ToyExchange exchange) {
            this.request = request;
            this.exchange = exchange;
        }

        @Override
        protected @Nullable StreamEvent advance() {
            if (failed) {
                throw new MalformedResponseException("answer: not streamed (expected: " + STREAM + ")");
            }
            if (!begun) {
                begun = true;
                ToyExchange.Head head = send(exchange, request, STREAM);
                if (!STREAM.equals(head.headers().get("content-type"))) {
                    failed = true;
                    return unstreamed(plain(exchange.readAll()));
                }
            }
            while (!answer.hasEnded()) {
                String line = lines.next();
                if (line == null) {
                    byte[] more = exchange.read();
                    if (more == null) {
                        return atEndOfBody(answer);
                    }
                    lines.add(more);
                } else if (line.startsWith("data: ")) {
                    StreamEvent event = answer.take(line.substring("data: ".length()));
                    if (event != null) {
                        return event;
                    }
                }
            }
            exchange.readAll(); // so that the connection serves another call
            return new StreamEvent.Finished(answer.response(request.keepRaw()));
        }

        @Override
        protected void release() {
            exchange.close();
        }
    }
}
