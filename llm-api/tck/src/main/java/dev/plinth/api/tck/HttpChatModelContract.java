package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.TraceHeaders;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.usage.Usage;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ChatModel} that talks to a server over HTTP has to do, whatever goes wrong on the way. An implementor
 * says how its protocol puts a few answers into bytes; this contract serves them whole, in pieces, cut, stalled and
 * broken, and every promise of {@link ChatModelContract} is held over the same bytes.
 */
public abstract class HttpChatModelContract extends ChatModelContract {

    /** The text of the answers: characters of one to four bytes of UTF-8. */
    protected static final String TEXT = "Blue light scatters: é, € and 😀.";

    /** The key that a model signs its calls with; no error may repeat it. */
    protected static final String KEY = "canary-key-51c4b0d2";

    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(300);

    /** Limits for a model that no test waits for. */
    protected static final Timeouts TIMEOUTS = new Timeouts(LONG, LONG, LONG, LONG);

    private final StubServer server = StubServer.start();

    /** For subclasses. */
    protected HttpChatModelContract() {}

    /** A model at this server, with {@link #KEY} and {@link #TIMEOUTS}. Close what it needs after each test. */
    protected abstract ChatModel model(URI server);

    /**
     * As {@link #model(URI)}, and it sends the headers of {@link CallContext#traceHeaders} with each request; empty: it
     * cannot.
     */
    protected abstract Optional<ChatModel> modelThatSendsTraceContext(URI server);

    /** Whether a request asks for a stream. */
    protected abstract boolean isStreamed(StubRequest request);

    /** The body of a plain answer: {@link #TEXT}, finished in good order, with usage. No white space at its end. */
    protected abstract String plainText();

    /** The body of a plain answer: a call of {@code weather} with {@code {"city":"Oslo"}}, finished in good order. */
    protected abstract String plainToolCall();

    /** The media type of a streamed answer. */
    protected abstract String streamType();

    /** A streamed answer up to and with all of {@link #TEXT}, but without its finish: two pieces of text or more. */
    protected abstract List<byte[]> streamedText();

    /** The rest of that answer: finish and usage, as in {@link #plainText}. */
    protected abstract List<byte[]> streamedFinish();

    /** A streamed answer with the call of {@link #plainToolCall}, finished in good order. */
    protected abstract List<byte[]> streamedToolCall();

    /** The protocol's error for a status, which quotes the message; a 429 asks to wait for 2 seconds. */
    protected abstract StubAnswer error(int status, String message);

    /** The frames of an error in mid-stream that says the server is overloaded; empty: the protocol has none. */
    protected abstract List<byte[]> streamedError();

    /** The frames of a stream out of events as text. */
    protected static List<byte[]> frames(String... events) {
        return Arrays.stream(events)
                .map(event -> event.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @AfterEach
    final void closeServer() {
        server.close();
    }

    @Override
    protected final ChatModel model(Answer answer) {
        return model(plain(answer), streamed(answer));
    }

    private ChatModel model(StubAnswer plain, StubAnswer streamed) {
        server.otherwise(request -> isStreamed(request) ? streamed : plain);
        return model(server.url("/"));
    }

    private StubAnswer plain(Answer answer) {
        return switch (answer) {
            case TEXT -> json(plainText());
            case TOOL_CALL -> json(plainToolCall());
            case RATE_LIMITED -> error(429, "slow down");
            case SILENT -> StubAnswer.silence();
            case TRUNCATED -> json(half(plainText())).truncate();
            case BROKEN -> json(half(plainText())).reset();
            case STALLED -> json(half(plainText())).stall();
        };
    }

    private StubAnswer streamed(Answer answer) {
        return switch (answer) {
            case TEXT -> streamed(wholeText());
            case TOOL_CALL -> streamed(streamedToolCall());
            case TRUNCATED -> streamed(streamedText());
            case BROKEN -> streamed(streamedText()).reset();
            case STALLED -> streamed(List.of(joined(streamedText()))).stall();
            case RATE_LIMITED, SILENT -> plain(answer);
        };
    }

    private static StubAnswer json(String body) {
        return StubAnswer.json(body);
    }

    private static String half(String body) {
        return body.substring(0, body.length() / 2);
    }

    private List<byte[]> wholeText() {
        List<byte[]> frames = new ArrayList<>(streamedText());
        frames.addAll(streamedFinish());
        return frames;
    }

    private StubAnswer streamed(List<byte[]> frames) {
        StubAnswer answer = StubAnswer.streaming(streamType());
        for (byte[] frame : frames) {
            answer = answer.chunk(frame);
        }
        return answer;
    }

    private static byte[] joined(List<byte[]> frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static ChatRequest question() {
        return ChatRequest.of("Why is the sky blue?");
    }

    /** What both ways of asking end with. */
    private static LlmException failure(Function<ChatRequest, ChatResponse> call) {
        LlmException error = catchThrowableOfType(LlmException.class, () -> call.apply(question()));
        assertThat(error).as("error").isNotNull();
        Secrets.assertHidden(KEY, error);
        return error;
    }

    private static List<LlmException> failures(ChatModel model) {
        return List.of(
                failure(model::chat), failure(request -> model.stream(request).response()));
    }

    private static void saysTheSame(ChatResponse actual, ChatResponse expected) {
        assertThat(actual.text()).isEqualTo(expected.text());
        assertThat(actual.message()).isEqualTo(expected.message());
        assertThat(actual.finishReason()).isEqualTo(expected.finishReason());
        assertThat(actual.usage()).isEqualTo(expected.usage());
    }

    @Test
    public final void plainAndStreamedAnswersSayTheSame() {
        ChatModel model = model(Answer.TEXT);
        ChatResponse plain = model.chat(question());
        assertThat(plain.text()).isEqualTo(TEXT);
        assertThat(plain.usage().source()).isEqualTo(Usage.Source.REPORTED);
        assertThat(plain.rawFinishReason()).isPresent();
        saysTheSame(model.stream(question()).response(), plain);
    }

    @Test
    public final void anySplitOfAStreamIsTheSameAnswer() {
        for (List<byte[]> frames : List.of(wholeText(), streamedToolCall())) {
            StubAnswer answer = streamed(List.of(joined(frames)));
            ChatResponse whole = model(answer, answer).stream(question()).response();
            for (int bytes : new int[] {1, 2, 3, 5, 7, 11, 64}) {
                StubAnswer split = answer.inPieces(bytes);
                saysTheSame(model(split, split).stream(question()).response(), whole);
            }
        }
    }

    @Test
    public final void aStreamCutAnywhereIsAnErrorOrWhole() {
        byte[] body = joined(wholeText());
        int text = joined(streamedText()).length;
        ChatResponse whole = model(Answer.TEXT).stream(question()).response();
        for (int length = 0; length < body.length; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            ChatModel model = model(json(plainText()), streamed(List.of(cut)));
            Optional<ChatResponse> answered = cutAnswer(model);
            assertThat(length < text && answered.isPresent())
                    .as("answer of %d bytes out of %d", length, body.length)
                    .isFalse();
            answered.ifPresent(response -> assertThat(response.message()).isEqualTo(whole.message()));
        }
    }

    /** The answer of a stream that was cut; empty: there was an error, with what had come of the text. */
    private static Optional<ChatResponse> cutAnswer(ChatModel model) {
        StringBuilder heard = new StringBuilder();
        ChatStream stream = null;
        try {
            stream = model.stream(question());
            return Optional.of(stream.onText(heard::append).response());
        } catch (LlmException error) {
            assertThat(error).isNotInstanceOf(CancelledException.class);
            assertThat(error.partialText()).isEqualTo(heard.toString());
            assertThat(TEXT).startsWith(error.partialText());
            return Optional.empty();
        } finally {
            if (stream != null) {
                stream.close();
            }
        }
    }

    @Test
    public final void aPlainAnswerCutAnywhereIsAnError() {
        byte[] body = plainText().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < body.length; length++) {
            StubAnswer cut = StubAnswer.of(200, "application/json", Arrays.copyOf(body, length));
            ChatModel model = model(cut, cut);
            assertThat(failure(model::chat)).as("%d bytes", length).isInstanceOf(MalformedResponseException.class);
        }
    }

    @Test
    public final void errorsAreTheSameBothWays() {
        is("invalid_request", false, error(400, "bad field"));
        is("authentication", false, error(401, "bad key " + KEY));
        is("rate_limited", true, error(429, "slow down"));
        is("overloaded", true, error(500, "sorry"));
        is("overloaded", true, error(503, "sorry"));
        is("overloaded", true, error(529, "sorry"));
    }

    /** What proxies and balancers answer in a server's stead. */
    @Test
    public final void errorsOfProxiesAreTold() {
        is("overloaded", true, StubAnswer.of(503, "text/html", bytes("<html><body>503 " + KEY + "</body></html>")));
        is("overloaded", true, StubAnswer.of(502, "text/plain", new byte[0]));
        is("overloaded", true, StubAnswer.text(500, "upstream connect error"));
        is("overloaded", true, StubAnswer.json(504, "{\"message\":\"Endpoint request timed out\"}"));
        is("authentication", false, StubAnswer.json(403, "{\"error\":\"Forbidden\"}"));
        is("rate_limited", true, StubAnswer.of(429, "text/html", bytes("<html>slow</html>")));
    }

    private void is(String code, boolean retryable, StubAnswer answer) {
        for (LlmException error : failures(model(answer, answer))) {
            assertThat(error.code()).as("%s", error).isEqualTo(code);
            assertThat(error.isRetryable()).as("%s", error).isEqualTo(retryable);
            assertThat(error.details().httpStatus()).isPresent();
            assertThat(error.details().provider()).isPresent();
        }
    }

    /** Who tries again is the application's choice: a layer counts the attempts and obeys the deadline. */
    @Test
    public final void aFailedCallIsOneRequest() {
        for (StubAnswer answer : List.of(error(429, "slow down"), error(500, "sorry"), error(503, "sorry"))) {
            int before = server.requests().size();
            failures(model(answer, answer));
            assertThat(server.requests()).hasSize(before + 2);
        }
    }

    @Test
    public final void theWaitThatTheServerAsksForIsKnown() {
        for (LlmException error : failures(model(Answer.RATE_LIMITED))) {
            assertThat(error.details().retryAfter()).contains(Duration.ofSeconds(2));
        }
    }

    @Test
    public final void garbageIsAnError() {
        List<String> garbage = List.of(
                "", "{}", "null", "[]", "\"x\"", "7", "<html>200</html>", "{\"a\":", "\u0000\u0001\u0002", "data:");
        for (String body : garbage) {
            for (String type : List.of("application/json", "text/html", streamType())) {
                StubAnswer answer = StubAnswer.of(200, type, bytes(body));
                for (LlmException error : failures(model(answer, answer))) {
                    assertThat(error.code()).as("%s as %s", body, type).isIn("malformed_response", "overloaded");
                }
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A server that does not stream: an error with the text, or, of a protocol of lines, the answer itself. */
    @Test
    public final void aPlainAnswerToAStreamIsNotLost() {
        ChatModel model = model(json(plainText()), json(plainText()));
        try (ChatStream stream = model.stream(question())) {
            assertThat(stream.response().text()).isEqualTo(TEXT);
        } catch (MalformedResponseException error) {
            assertThat(error.partialText()).isEqualTo(TEXT);
        }
    }

    @Test
    public final void anErrorInMidStreamCarriesWhatHadCome() {
        List<byte[]> frames = new ArrayList<>(streamedText());
        Assumptions.assumeFalse(
                streamedError().isEmpty(), "error in mid-stream: none (expected: the protocol has one)");
        frames.addAll(streamedError());
        ChatModel model = model(json(plainText()), streamed(frames));
        LlmException error = failure(request -> model.stream(request).response());
        assertThat(error.code()).isEqualTo("overloaded");
        assertThat(error.isRetryable()).isTrue();
        assertThat(error.partialText()).isEqualTo(TEXT);
    }

    @Test
    public final void longPromptsArriveWhole() throws Exception {
        ChatModel model = model(Answer.TEXT);
        String prompt = "😀 word ".repeat(8 * 1024) + "the end of it";
        model.chat(ChatRequest.of(prompt));
        model.stream(ChatRequest.of(prompt)).response();
        for (int i = 0; i < 2; i++) {
            StubRequest request = server.takeRequest();
            assertThat(request.body().length).isGreaterThan(8 * 1024 * 10);
            assertThat(request.text()).contains("the end of it");
        }
    }

    /** Ids of traces are nobody else's business, unless the server is one of the own house. */
    @Test
    public final void traceContextIsNotSentUnasked() throws Exception {
        assertTraceparents(model(Answer.TEXT), traced(), Optional.empty());
    }

    @Test
    public final void traceContextIsSentWhereAskedFor() throws Exception {
        model(Answer.TEXT);
        Optional<ChatModel> model = modelThatSendsTraceContext(server.url("/"));
        Assumptions.assumeTrue(model.isPresent(), "trace context: not sent (expected: a model that can)");
        assertTraceparents(model.get(), traced(), Optional.of(TRACEPARENT));
        assertTraceparents(model.get(), CallContext.EMPTY, Optional.empty());
    }

    private static CallContext traced() {
        return CallContext.builder()
                .attachment(TraceHeaders.class, () -> Map.of("traceparent", TRACEPARENT, "tracestate", "vendor=1"))
                .build();
    }

    /** Of both ways of asking, and of asking again. */
    private void assertTraceparents(ChatModel model, CallContext context, Optional<String> expected) throws Exception {
        ChatRequest request = question().toBuilder().context(context).build();
        model.chat(request);
        model.chat(request);
        model.stream(request).response();
        for (int i = 0; i < 3; i++) {
            StubRequest sent = server.takeRequest();
            assertThat(sent.header("traceparent")).isEqualTo(expected);
            assertThat(sent.header("tracestate")).isEqualTo(expected.map(traced -> "vendor=1"));
        }
    }

    @Test
    public final void connectionsAreUsedAgain() {
        ChatModel model = model(Answer.TEXT);
        for (int i = 0; i < 5; i++) {
            model.chat(question());
            model.stream(question()).response();
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    public final void closingAStreamClosesItsSocket() throws Exception {
        ChatModel model = model(Answer.STALLED);
        ChatStream stream = model.stream(question());
        Iterator<StreamEvent> events = stream.iterator();
        assertThat(events.hasNext()).isTrue();
        stream.close();
        server.awaitOpenConnections(0);
    }

    @Test
    public final void everyWaitHasALimit() {
        ChatRequest first =
                question().toBuilder().timeouts(TIMEOUTS.withFirstToken(SHORT)).build();
        ChatModel silent = model(Answer.SILENT);
        assertThat(catchThrowableOfType(
                        TimedOutException.class, () -> silent.stream(first).response()))
                .as("first token")
                .isNotNull();
        ChatRequest next = question().toBuilder()
                .timeouts(TIMEOUTS.withBetweenTokens(SHORT))
                .build();
        ChatModel stalled = model(Answer.STALLED);
        TimedOutException error = catchThrowableOfType(
                TimedOutException.class, () -> stalled.stream(next).response());
        assertThat(error).as("between tokens").isNotNull();
        assertThat(error.partialText()).isEqualTo(TEXT);
        ChatRequest brief =
                question().toBuilder().timeouts(TIMEOUTS.withTotal(SHORT)).build();
        assertThat(catchThrowableOfType(TimedOutException.class, () -> stalled.chat(brief)))
                .as("total")
                .isNotNull();
    }

    @Test
    public final void theAnswerIsKeptAsItCameWhereAskedFor() {
        ChatModel model = model(Answer.TEXT);
        ChatRequest keeping = question().toBuilder().keepRaw(true).build();
        assertThat(model.chat(keeping).raw()).contains(plainText());
        assertThat(model.stream(keeping).response().raw()).isPresent();
        assertThat(model.chat(question()).raw()).isEmpty();
        assertThat(model.stream(question()).response().raw()).isEmpty();
    }
}
