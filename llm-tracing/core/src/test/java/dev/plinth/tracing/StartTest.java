package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Where trees begin. */
class StartTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final Map<String, String> HEADERS = Map.of("traceparent", "00-" + TRACE + "-" + CALLER + "-01");

    private final Recording recording = new Recording();
    private final Tracing tracing = Tracing.of(recording.openTelemetry);
    private final ChatModel model = tracing.layer().around(new FakeChat("m", request -> ChatResponse.of("ok")));

    @Test
    void anInteractionBelongsToTheSpanThatIsCurrentWhereItStarts() {
        AtomicReference<Interaction> started = new AtomicReference<>();
        within("GET /ask", () -> started.set(Interaction.start("ask", CallContext.EMPTY)));
        within("elsewhere", () -> started.get().context().run(this::chat));
        started.get().close();
        assertThat(recording.parents())
                .containsOnly(
                        entry("GET /ask", "-"),
                        entry("elsewhere", "-"),
                        entry("ask", "GET /ask"),
                        entry("chat m", "ask"));
    }

    @Test
    void oneThatStartsWithoutASpanIsARoot() {
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        within("elsewhere", () -> {
            interaction.context().run(() -> {
                assertThat(Span.current().getSpanContext().isValid())
                        .as("the thread keeps what it has")
                        .isTrue();
                chat();
            });
        });
        interaction.close();
        assertThat(recording.parents())
                .containsOnly(entry("elsewhere", "-"), entry("ask", "-"), entry("chat m", "ask"));
    }

    @Test
    void theTraceOfTheCallerIsJoined() {
        ask(tracing.join(CallContext.EMPTY, HEADERS));
        assertJoined("ask");
    }

    @Test
    void theTraceOfTheCallerWinsOverASpanOfAnotherTrace() {
        within("worker", () -> ask(tracing.join(CallContext.EMPTY, HEADERS)));
        within("worker", () -> tracing.join(CallContext.EMPTY, HEADERS).run(this::chat));
        assertJoined("ask");
        assertThat(recording.ended().stream()
                        .filter(span -> span.getName().equals("chat m"))
                        .map(SpanData::getTraceId))
                .containsOnly(TRACE);
    }

    @Test
    void aSpanOfTheSameTraceIsNearer() {
        SpanContext caller =
                SpanContext.createFromRemoteParent(TRACE, CALLER, TraceFlags.getSampled(), TraceState.getDefault());
        try (Scope scope = Span.wrap(caller).makeCurrent()) {
            within("GET /ask", () -> ask(tracing.join(CallContext.EMPTY, HEADERS)));
        }
        assertJoined("GET /ask");
        assertThat(recording.named("ask").getParentSpanId())
                .isEqualTo(recording.named("GET /ask").getSpanId());
    }

    @Test
    void headersThatTellOfNoTraceChangeNothing() {
        CallContext context = CallContext.builder().session("s").build();
        assertThat(tracing.join(context, Map.of("accept", "*/*"))).isSameAs(context);
        assertThat(tracing.join(context, Map.of("traceparent", "none"))).isSameAs(context);
    }

    @Test
    void aPlainCallBelongsToTheCurrentSpan() {
        within("GET /ask", this::chat);
        assertThat(recording.parents()).containsOnly(entry("GET /ask", "-"), entry("chat m", "GET /ask"));
    }

    private void assertJoined(String name) {
        SpanData span = recording.named(name);
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(CALLER);
    }

    private void ask(CallContext context) {
        try (Interaction interaction = Interaction.start("ask", context)) {
            interaction.context().run(this::chat);
        }
    }

    private void chat() {
        model.chat(ChatRequest.of("hi"));
    }

    private void within(String name, Runnable work) {
        recording.within(name, work);
    }
}
