package dev.plinth.tracing.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class CallContextAccessorTest {

    private final CallContext a = CallContext.builder().session("a").build();
    private final CallContext b = CallContext.builder().session("b").build();
    private final ContextSnapshotFactory snapshots =
            ContextSnapshotFactory.builder().clearMissing(true).build();

    @AfterEach
    void off() {
        Hooks.disableAutomaticContextPropagation();
        assertThat(CallContext.current()).isSameAs(CallContext.EMPTY);
    }

    private static String session() {
        return CallContext.current().session().orElse("-");
    }

    @Test
    void snapshotsNestAndRestore() {
        ContextSnapshot ofA = a.call(() -> snapshots.captureAll());
        ContextSnapshot ofB = b.call(() -> snapshots.captureAll());
        ContextSnapshot ofNone = snapshots.captureAll();
        try (ContextSnapshot.Scope outer = ofA.setThreadLocals()) {
            assertThat(session()).isEqualTo("a");
            try (ContextSnapshot.Scope inner = ofB.setThreadLocals()) {
                assertThat(session()).isEqualTo("b");
                try (ContextSnapshot.Scope none = ofNone.setThreadLocals()) {
                    assertThat(session()).isEqualTo("-");
                }
                assertThat(session()).isEqualTo("b");
            }
            assertThat(session()).isEqualTo("a");
        }
        assertThat(session()).isEqualTo("-");
    }

    @Test
    void contextCaptureTakesTheCurrentOne() {
        String seen = a.call(() -> Mono.deferContextual(view -> Mono.just(
                        view.<CallContext>get(CallContext.class).session().orElse("-")))
                .subscribeOn(Schedulers.parallel())
                .contextCapture()
                .block());
        assertThat(seen).isEqualTo("a");
    }

    @Test
    void theSpanThatIsCurrentIsTakenAlong() {
        Traces traces = new Traces();
        ReactorChatModel model =
                ReactorChatModel.of(traces.of(ScriptedChatModel.of("ok")), Schedulers.boundedElastic());
        Span get = traces.openTelemetry.getTracer("app").spanBuilder("GET").startSpan();
        try (io.opentelemetry.context.Scope scope = get.makeCurrent()) {
            Mono.defer(() -> model.chat(ChatRequest.of("Hi")))
                    .subscribeOn(Schedulers.parallel())
                    .contextCapture()
                    .block();
        }
        get.end();
        traces.assertNoOrphans();
        assertThat(traces.parents()).containsOnly(entry("GET", "-"), entry("chat scripted", "GET"));
        assertThat(new CallContextAccessor().getValue()).isNull();
    }

    @Test
    void itIsCurrentInOperatorsOnAllThreads() throws Exception {
        Hooks.enableAutomaticContextPropagation();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        List<String> seen = Flux.range(0, 20)
                .publishOn(Schedulers.parallel())
                .map(i -> session())
                .flatMap(said -> Mono.fromCallable(() -> said + session())
                        .subscribeOn(Schedulers.fromExecutor(pool))
                        .map(more -> more + session()))
                .contextWrite(context -> context.put(CallContext.class, a))
                .collectList()
                .block();
        assertThat(seen).hasSize(20).containsOnly("aaa");
        assertThat(pool.submit(CallContextAccessorTest::session).get()).isEqualTo("-");
        pool.shutdownNow();
    }

    @Test
    void blockingCallsInOperatorsMakeOneTree() {
        Hooks.enableAutomaticContextPropagation();
        Traces traces = new Traces();
        ChatModel model = traces.of(ScriptedChatModel.builder()
                .otherwise(request -> Reply.text("ok"))
                .build());
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            Flux.range(0, 10)
                    .flatMap(i -> Mono.fromCallable(() -> model.chat(ChatRequest.of("Hi")))
                            .subscribeOn(Schedulers.boundedElastic()))
                    .contextWrite(context -> context.put(CallContext.class, interaction.context()))
                    .blockLast();
        }
        traces.assertNoOrphans();
        assertThat(traces.spans().stream().map(span -> span.getTraceId()).distinct())
                .hasSize(1);
        assertThat(traces.spans()).hasSize(11);
    }
}
