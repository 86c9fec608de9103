package dev.plinth.tracing.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalTracesTest {
    private static final SpanContext ELSEWHERE = SpanContext.createFromRemoteParent(
            "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", TraceFlags.getSampled(), TraceState.getDefault());
    private static final SpanContext LOST = SpanContext.create(
            "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", TraceFlags.getSampled(), TraceState.getDefault());

    private LocalTraces traces = LocalTraces.create();
    private TracingSdk sdk = TracingSdk.builder("test").traces(traces).build();

    @AfterEach
    void close() {
        sdk.close();
    }

    private void bounded(LocalTraces.Builder bounds) {
        sdk.close();
        traces = bounds.build();
        sdk = TracingSdk.builder("test").traces(traces).build();
    }

    private Tracer plinth() {
        return sdk.openTelemetry().getTracer("dev.plinth.tracing");
    }

    private Span root(String name) {
        return plinth().spanBuilder(name).setNoParent().startSpan();
    }

    private Span child(String name, Span parent) {
        return plinth().spanBuilder(name).setParent(Context.root().with(parent)).startSpan();
    }

    private Span interaction(String id) {
        return plinth().spanBuilder("ask " + id)
                .setNoParent()
                .setAttribute(PlinthAttributes.INTERACTION_ID, id)
                .startSpan();
    }

    private Span chat(Span parent, String interaction) {
        return plinth().spanBuilder("chat m")
                .setParent(Context.root().with(parent))
                .setAttribute(GenAi.OPERATION_NAME, "chat")
                .setAttribute(PlinthAttributes.INTERACTION_ID, interaction)
                .startSpan();
    }

    private LogRecordBuilder score(Context context) {
        return sdk.openTelemetry()
                .getLogsBridge()
                .get("test")
                .logRecordBuilder()
                .setEventName("gen_ai.evaluation.result")
                .setContext(context)
                .setAttribute(GenAi.EVALUATION_NAME, "thumb")
                .setAttribute(GenAi.SCORE_LABEL, "thumbs-down");
    }

    private double figure(String name) {
        return traces.figures().get("tracing.local." + name);
    }

    private static List<String> names(List<TraceNode> nodes) {
        return nodes.stream().map(TraceNode::name).toList();
    }

    @Test
    void theNewestComeFirstAndNoMoreThanAskedFor() {
        for (String id : List.of("a", "b", "c")) {
            interaction(id).end();
        }
        assertThat(traces.recent(2))
                .extracting(TraceTree::interactionId)
                .map(Object::toString)
                .containsExactly("Optional[c]", "Optional[b]");
        assertThatThrownBy(() -> traces.recent(0)).hasMessage("most: 0 (expected: > 0)");
    }

    @Test
    void aTraceWithoutAnInteractionIsShownAsAWhole() {
        Span root = root("GET /");
        child("query", root).end();
        root.end();
        TraceTree tree = traces.recent(1).get(0);
        assertThat(names(tree.nodes())).containsExactly("GET /", "query");
        assertThat(tree.interactionId()).isEmpty();
        assertThat(traces.trace(root.getSpanContext().getTraceId())
                        .orElseThrow()
                        .json())
                .isEqualTo(tree.json());
    }

    @Test
    void anInteractionIsATreeOfItsOwnWithinATrace() {
        Span request = root("GET /");
        Span first = child("not yet", request);
        first.end();
        Span ask = plinth().spanBuilder("ask")
                .setParent(Context.root().with(request))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "i")
                .startSpan();
        chat(ask, "i").end();
        ask.end();
        request.end();
        assertThat(names(traces.recent(5).get(0).nodes())).containsExactly("ask", "chat m");
        assertThat(names(traces.interaction("i").orElseThrow().nodes())).containsExactly("ask", "chat m");
        assertThat(names(traces.trace(request.getSpanContext().getTraceId())
                        .orElseThrow()
                        .nodes()))
                .containsExactly("GET /", "not yet", "ask", "chat m");
        assertThat(traces.interaction("other")).isEmpty();
        assertThat(traces.trace("other")).isEmpty();
    }

    @Test
    void interactionsOfOneTraceAreTreesEachAndNestedOnesAreNot() {
        Span job = root("job");
        for (String id : List.of("a", "b")) {
            Span outer = plinth().spanBuilder("ask " + id)
                    .setParent(Context.root().with(job))
                    .setAttribute(PlinthAttributes.INTERACTION_ID, id)
                    .startSpan();
            plinth().spanBuilder("nested " + id)
                    .setParent(Context.root().with(outer))
                    .setAttribute(PlinthAttributes.INTERACTION_ID, id + id)
                    .startSpan()
                    .end();
            outer.end();
        }
        assertThat(traces.recent(10))
                .map(tree -> names(tree.nodes()))
                .containsExactly(List.of("ask b", "nested b"), List.of("ask a", "nested a"));
        assertThat(names(traces.interaction("aa").orElseThrow().nodes())).containsExactly("nested a");
    }

    @Test
    void whatRunsIsThereAndMarked() {
        Span ask = interaction("i");
        Span chat = chat(ask, "i");
        chat.setAttribute("sofar", "half");
        TraceTree running = traces.interaction("i").orElseThrow();
        assertThat(running.isRunning()).isTrue();
        assertThat(running.unended()).isEqualTo(2);
        assertThat(running.nodes().get(1).attributes().asMap()).containsValue("half");
        assertThat(running.lines().get(1)).endsWith("running");
        chat.end();
        ask.end();
        assertThat(traces.interaction("i").orElseThrow().isRunning()).isFalse();
        assertThat(running.isRunning()).as("a tree does not change").isTrue();
    }

    @Test
    void whatIsNeverEndedIsCountedAndMarked() {
        Span ask = interaction("i");
        chat(ask, "i");
        assertThat(figure("spans.unended")).as("while the root runs").isZero();
        ask.end();
        assertThat(figure("spans.unended")).isEqualTo(1);
        TraceTree tree = traces.interaction("i").orElseThrow();
        assertThat(tree.unended()).isEqualTo(1);
        assertThat(tree.isRunning()).isFalse();
        assertThat(tree.lines().get(1)).endsWith("not ended");
    }

    @Test
    void anOrphanIsCountedAndShownWithTheInteractionItSaysItIsOf() {
        Span ask = plinth().spanBuilder("ask")
                .setParent(Context.root().with(Span.wrap(ELSEWHERE)))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "i")
                .startSpan();
        Span orphan = chat(Span.wrap(LOST), "i");
        Span stranger = child("stranger", Span.wrap(LOST));
        Span unknown = chat(Span.wrap(LOST), "unknown");
        List.of(orphan, stranger, unknown, ask).forEach(Span::end);

        TraceTree tree = traces.interaction("i").orElseThrow();
        assertThat(names(tree.roots())).containsExactly("ask", "chat m");
        assertThat(tree.orphans()).isEqualTo(1);
        assertThat(tree.roots().get(0).isOrphan()).as("its parent is elsewhere").isFalse();
        assertThat(tree.roots().get(0).parentSpanId()).contains(ELSEWHERE.getSpanId());
        assertThat(tree.lines().get(1)).endsWith("orphan");
        assertThat(figure("spans.orphaned")).isEqualTo(3);
        assertThat(names(traces.recent(1).get(0).roots()))
                .as("none is hidden")
                .containsExactly("ask", "chat m", "stranger", "chat m");
        assertThat(traces.interaction("unknown").orElseThrow().orphans()).isEqualTo(1);
        assertThat(traces.trace(LOST.getTraceId()).orElseThrow().orphans()).isEqualTo(3);
    }

    @Test
    void theOldestTraceGoesAsAWholeAndDoesNotComeBack() {
        bounded(LocalTraces.builder().maxTraces(2));
        Span oldest = interaction("oldest");
        Span within = chat(oldest, "oldest");
        interaction("b").end();
        interaction("c").end();
        assertThat(traces.interaction("oldest")).isEmpty();
        within.end();
        chat(oldest, "oldest").end();
        oldest.end();
        assertThat(traces.recent(10))
                .map(tree -> tree.interactionId().orElseThrow())
                .containsExactly("c", "b");
        assertThat(figure("traces")).isEqualTo(2);
        assertThat(figure("traces.evicted")).isEqualTo(1);
        assertThat(figure("spans.started")).isEqualTo(5);
        assertThat(figure("spans.dropped")).isEqualTo(3);
        assertThat(figure("spans")).isEqualTo(2);
    }

    @Test
    void anEvictedTraceThatRunsDoesNotComeBackHoweverManyFollow() {
        bounded(LocalTraces.builder().maxTraces(2));
        Span oldest = interaction("oldest");
        for (int i = 0; i < 1_100; i++) {
            interaction("i" + i).end();
        }
        chat(oldest, "oldest").end();
        assertThat(traces.interaction("oldest")).isEmpty();
        assertThat(figure("spans.orphaned")).isZero();
        assertThat(figure("spans.started")).isEqualTo(figure("spans") + figure("spans.dropped"));
    }

    @Test
    void whatHasNothingToDoWithModelsGoesFirstAndIsNoInteraction() {
        bounded(LocalTraces.builder().maxTraces(3));
        Tracer http = sdk.openTelemetry().getTracer("http");
        Span request = http.spanBuilder("POST /ask").setNoParent().startSpan();
        Span ask = plinth().spanBuilder("ask")
                .setParent(Context.root().with(request))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "asked")
                .startSpan();
        ask.end();
        request.end();
        http.spanBuilder("GET /health").setNoParent().startSpan().end();
        Span other = http.spanBuilder("chat of another library").setNoParent().startSpan();
        other.setAttribute("gen_ai.system", "x");
        other.end();
        for (int i = 0; i < 100; i++) {
            http.spanBuilder("GET /health").setNoParent().startSpan().end();
        }
        assertThat(traces.recent(10))
                .map(tree -> names(tree.nodes()))
                .containsExactly(List.of("chat of another library"), List.of("ask"));
        assertThat(figure("traces")).isEqualTo(3);
        interaction("a").end();
        interaction("b").end();
        assertThat(traces.interaction("asked"))
                .as("the oldest of those of models")
                .isEmpty();
    }

    @Test
    void interactionsComeInTheOrderOfTheirStartsWhereverTheyAre() {
        Span job = root("job");
        interaction("before").end();
        plinth().spanBuilder("ask")
                .setParent(Context.root().with(job))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "in the job")
                .startSpan()
                .end();
        assertThat(traces.recent(1).get(0).interactionId()).contains("in the job");
        interaction("after").end();
        assertThat(traces.recent(3))
                .map(tree -> tree.interactionId().orElseThrow())
                .containsExactly("after", "in the job", "before");
    }

    private Span interactionSince(Instant start, String id) {
        return plinth().spanBuilder("ask " + id)
                .setNoParent()
                .setStartTimestamp(start)
                .setAttribute(PlinthAttributes.INTERACTION_ID, id)
                .startSpan();
    }

    @Test
    void aCallWithinASpanOfTheApplicationIsNoNewInteraction() {
        Span first = interaction("A first");
        Span work = sdk.openTelemetry()
                .getTracer("app")
                .spanBuilder("own work")
                .setParent(Context.root().with(first))
                .startSpan();
        interaction("B later").end();
        chat(work, "A first").end();
        Span nested = plinth().spanBuilder("nested")
                .setParent(Context.root().with(work))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "nested")
                .startSpan();
        nested.end();
        work.end();
        first.end();
        assertThat(traces.recent(1).get(0).interactionId()).contains("B later");
        assertThat(traces.recent(10))
                .map(tree -> tree.interactionId().orElseThrow())
                .containsExactly("B later", "A first");
    }

    @Test
    void theOrderIsThatOfTheStartsAndNotOfTheFirstCalls() {
        Instant start = Instant.now();
        Span later = interactionSince(start.plusMillis(1), "y");
        Span first = interactionSince(start, "x");
        List.of(later, first).forEach(Span::end);
        assertThat(traces.recent(1).get(0).interactionId()).contains("y");
        interactionSince(start.plusMillis(1), "z").end();
        assertThat(traces.recent(1).get(0).interactionId())
                .as("of two at one time, the one made last")
                .contains("z");
    }

    @Test
    void callsOutsideOfTheInteractionsOfATraceAreTreesToo() {
        Tracer http = sdk.openTelemetry().getTracer("http");
        Span request = http.spanBuilder("GET /").setNoParent().startSpan();
        Span direct = plinth().spanBuilder("chat direct")
                .setParent(Context.root().with(request))
                .setAttribute(GenAi.OPERATION_NAME, "chat")
                .startSpan();
        child("chat within", direct).setAttribute(GenAi.OPERATION_NAME, "chat").end();
        direct.end();
        Span ask = plinth().spanBuilder("ask")
                .setParent(Context.root().with(request))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "i")
                .startSpan();
        chat(ask, "i").end();
        ask.end();
        Span other = interaction("other");
        other.end();
        Span foreign = http.spanBuilder("chat foreign")
                .setParent(Context.root().with(request))
                .startSpan();
        foreign.setAttribute(GenAi.OPERATION_NAME, "chat").end();
        http.spanBuilder("SELECT")
                .setParent(Context.root().with(request))
                .startSpan()
                .end();
        request.end();
        assertThat(traces.recent(10))
                .map(tree -> names(tree.nodes()))
                .containsExactly(
                        List.of("chat foreign"),
                        List.of("ask other"),
                        List.of("ask", "chat m"),
                        List.of("chat direct", "chat within"));
        assertThat(names(traces.recent(1).get(0).nodes())).containsExactly("chat foreign");
    }

    @Test
    void whatIsWithinASpanOfAnotherSdkIsNoOrphan() {
        Span ask = plinth().spanBuilder("ask")
                .setParent(Context.root().with(Span.wrap(LOST)))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "i")
                .startSpan();
        chat(ask, "i").end();
        ask.end();
        chat(Span.wrap(LOST), "i").end();
        assertThat(figure("spans.orphaned")).isZero();
        assertThat(figure("spans.unended")).isZero();
        assertThat(names(traces.interaction("i").orElseThrow().nodes())).containsExactly("ask", "chat m");
    }

    @Test
    void theSpanThatIsCurrentIsJudgedIfItHasTheAnswerThatIsNamed() {
        Span first = answer("a", false);
        Span repeated = answer("b", true);
        Span again = answer("c", false);
        for (Span judged : List.of(first, repeated, again)) {
            score(Context.root().with(judged))
                    .setAttribute(GenAi.RESPONSE_ID, "r")
                    .emit();
        }
        for (String id : List.of("a", "b", "c")) {
            assertThat(traces.interaction(id).orElseThrow().nodes().get(1).scores())
                    .hasSize(1);
        }
    }

    @Test
    void anAnswerOutOfACacheIsNotTakenForTheOneItRepeats() {
        answer("a", false);
        answer("b", true);
        score(Context.root()).setAttribute(GenAi.RESPONSE_ID, "r").emit();
        assertThat(traces.interaction("a").orElseThrow().nodes().get(1).scores())
                .hasSize(1);
    }

    private Span answer(String interaction, boolean cached) {
        Span ask = interaction(interaction);
        Span chat = chat(ask, interaction);
        chat.setAttribute(GenAi.RESPONSE_ID, "r").setAttribute(PlinthAttributes.CACHED, cached);
        chat.end();
        ask.end();
        return chat;
    }

    @Test
    void theFirstSpansOfATraceAreKeptAndTheOthersCounted() {
        bounded(LocalTraces.builder().maxSpansPerTrace(2));
        Span ask = interaction("i");
        Span first = chat(ask, "i");
        Span second = chat(ask, "i");
        child("within what is not kept", second).end();
        List.of(second, first, ask).forEach(Span::end);
        TraceTree tree = traces.interaction("i").orElseThrow();
        assertThat(tree.nodes()).hasSize(2);
        assertThat(tree.droppedSpans()).isEqualTo(2);
        assertThat(tree.orphans()).isZero();
        assertThat(tree.lines()).last().isEqualTo("... 2 more spans were not kept");
        assertThat(figure("spans.dropped")).isEqualTo(2);
    }

    @Test
    void bytesAreBoundedToo() {
        bounded(LocalTraces.builder().maxBytes(20_000));
        for (int i = 0; i < 50; i++) {
            Span ask = interaction("i" + i);
            ask.setAttribute("text", "x".repeat(2_000));
            ask.end();
            assertThat(figure("bytes")).isBetween(1.0, 20_000.0);
        }
        assertThat(figure("traces")).isBetween(5.0, 10.0);
        Span huge = interaction("huge");
        huge.setAttribute("text", "x".repeat(30_000));
        huge.end();
        assertThat(figure("traces")).isZero();
        assertThat(figure("bytes")).isZero();
        assertThat(figure("spans.dropped")).isEqualTo(51);
    }

    @Test
    void aJudgementIsJoinedToTheSpanInWhoseContextItIsTold() {
        Span ask = interaction("i");
        Span chat = chat(ask, "i");
        chat.end();
        ask.end();
        score(Context.root().with(chat))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "i")
                .setAttribute(GenAi.SCORE_VALUE, 0.25)
                .setAttribute(GenAi.EXPLANATION, "too long")
                .setAttribute(PlinthAttributes.SCORE_OUTCOME, "fail")
                .setAttribute(PlinthAttributes.SCORE_ANNOTATOR, "human")
                .emit();
        TraceTree tree = traces.interaction("i").orElseThrow();
        assertThat(tree.roots().get(0).scores()).isEmpty();
        assertThat(tree.nodes().get(1).scores())
                .containsExactly(
                        new TraceScore("thumb", Outcome.FAIL, 0.25, "thumbs-down", "too long", Annotator.Kind.HUMAN));
        assertThat(tree.lines().get(1)).endsWith("thumb=thumbs-down");
    }

    @Test
    void aJudgementThatNamesTheAnswerIsJoinedToItFromAnywhere() {
        Span ask = interaction("i");
        for (String id : List.of("r1", "r2")) {
            Span chat = chat(ask, "i");
            chat.setAttribute(GenAi.RESPONSE_ID, id);
            chat.end();
        }
        ask.end();
        Span feedback = root("POST /feedback");
        score(Context.root().with(feedback))
                .setAttribute(GenAi.RESPONSE_ID, "r2")
                .emit();
        feedback.end();
        List<TraceNode> nodes = traces.interaction("i").orElseThrow().nodes();
        assertThat(nodes.get(1).scores()).isEmpty();
        assertThat(nodes.get(2).scores()).hasSize(1);
        assertThat(traces.recent(1).get(0).nodes().get(0).scores()).isEmpty();
    }

    @Test
    void anAnswerIsJudgedBeforeItsSpanHasEnded() {
        Span ask = interaction("i");
        chat(ask, "i").end();
        Span chat = chat(ask, "i");
        score(Context.root().with(chat)).setAttribute(GenAi.RESPONSE_ID, "r").emit();
        chat.setAttribute(GenAi.RESPONSE_ID, "r");
        chat.end();
        ask.end();
        assertThat(traces.interaction("i").orElseThrow().nodes().get(2).scores())
                .hasSize(1);
        assertThat(figure("scores.unmatched")).isZero();
    }

    @Test
    void aJudgementThatNamesTheInteractionIsJoinedToItFromAnywhere() {
        Span ask = interaction("i");
        chat(ask, "i").end();
        ask.end();
        Span feedback = root("POST /feedback");
        score(Context.root().with(feedback))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "i")
                .emit();
        score(Context.root()).setAttribute(PlinthAttributes.INTERACTION_ID, "i").emit();
        feedback.end();
        assertThat(traces.interaction("i").orElseThrow().roots().get(0).scores())
                .hasSize(2);
        assertThat(figure("scores.unmatched")).isZero();
    }

    @Test
    void aJudgementOfWhatIsNotKnownIsCountedAndJoinedToNothing() {
        Span feedback = root("POST /feedback");
        score(Context.root().with(feedback))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "gone")
                .emit();
        score(Context.root()).setAttribute(GenAi.RESPONSE_ID, "gone").emit();
        feedback.end();
        assertThat(figure("scores.unmatched")).isEqualTo(2);
        assertThat(traces.recent(1).get(0).nodes().get(0).scores()).isEmpty();
    }

    @Test
    void aStrangersJudgementWithoutIdsBelongsToTheSpanThatIsCurrent() {
        Span chat = root("chat");
        chat.end();
        score(Context.root().with(chat)).emit();
        assertThat(traces.recent(1).get(0).nodes().get(0).scores())
                .containsExactly(new TraceScore("thumb", null, null, "thumbs-down", null, null));
    }

    @Test
    void otherLogRecordsArePassedOver() {
        score(Context.root()).setEventName("something.else").emit();
        assertThat(figure("scores.unmatched")).isZero();
    }

    @Test
    void timesAreTheSpansOwn() {
        Instant start = Instant.parse("2026-11-01T10:00:00.000000123Z");
        Span span = plinth().spanBuilder("s").setStartTimestamp(start).startSpan();
        span.end(start.plusNanos(2_500_000));
        TraceNode node = traces.recent(1).get(0).nodes().get(0);
        assertThat(node.startedAt()).isEqualTo(start);
        assertThat(node.duration()).isEqualTo(Duration.ofNanos(2_500_000));
    }

    @Test
    void figuresHaveOneNameEach() {
        assertThat(traces.figures())
                .contains(entry("tracing.local.traces", 0.0), entry("tracing.local.scores.unmatched", 0.0))
                .hasSize(9);
    }
}
