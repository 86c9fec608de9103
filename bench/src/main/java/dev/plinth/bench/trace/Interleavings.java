package dev.plinth.bench.trace;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.tool.Tool;
import dev.plinth.tracing.Tracing;
import dev.plinth.tracing.cost.CostLedger;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Interactions that do random things on random threads at the same time: plain and streamed calls, calls that fail, are
 * tried again, fall back, are answered from the cache, streams that are read, cancelled and closed elsewhere, retrievals,
 * and tools that do all that within, beside spans of the application's own.
 *
 * @param count how many interactions
 * @param seed of what they do; on which thread something ends first is left to the machine
 * @param together how many run at the same time
 */
public record Interleavings(int count, long seed, int together) {

    private static final int QUESTIONS = 50;

    public Interleavings {
        Check.positive(count, "interleavings");
        Check.positive(together, "together");
    }

    /** Runs them all and looks at what was recorded. */
    public TraceReport run() throws InterruptedException, ExecutionException {
        return run(sdk -> Tracing.of(sdk).layer());
    }

    TraceReport run(Function<OpenTelemetry, Layer> tracing) throws InterruptedException, ExecutionException {
        Truth truth = new Truth();
        CostLedger ledger = CostLedger.create();
        try (Recorder recorder = new Recorder();
                Places places = new Places()) {
            Platform platform = TracedPlatform.of(tracing.apply(recorder.sdk()), ledger, truth);
            Run run = new Run(platform, places, recorder.tracer());
            List<Interaction> interactions = new ArrayList<>();
            Random random = new Random(seed);
            for (int done = 0; done < count; done += together) {
                List<Future<?>> batch = new ArrayList<>();
                for (int i = done; i < Math.min(done + together, count); i++) {
                    CallContext context = CallContext.builder()
                            .principal(new Principal("bench", "bench", "user-" + i))
                            .build();
                    Interaction interaction = Interaction.start("ask", context);
                    interactions.add(interaction);
                    Random own = new Random(random.nextLong());
                    batch.add(places.start(Step.Place.POOL, () -> run.interaction(interaction, own)));
                }
                for (Future<?> each : batch) {
                    each.get();
                }
            }
            return new TraceCheck(interactions, recorder, truth, ledger.report()).report();
        }
    }

    /** One run's parts, to do steps with. */
    private record Run(Platform platform, Places places, Tracer application) {

        void interaction(Interaction interaction, Random random) {
            try (interaction) {
                interaction.context().run(() -> all(Step.plan(random), random.nextBoolean(), random));
            }
        }

        private void all(List<Step> steps, boolean parallel, Random random) {
            List<Future<?>> started = new ArrayList<>();
            for (Step step : steps) {
                Random own = new Random(random.nextLong());
                Future<?> future = places.start(step.place(), () -> one(step, own));
                if (parallel) {
                    started.add(future);
                } else {
                    await(future);
                }
            }
            started.forEach(Run::await);
        }

        private void one(Step step, Random random) {
            ChatRequest request = ChatRequest.of("Question " + random.nextInt(QUESTIONS) + " of " + random.nextLong());
            switch (step.kind()) {
                case CHAT -> platform.chat("good").chat(request);
                case CHAT_THAT_FAILS -> failing(() -> platform.chat("bad").chat(request));
                case CHAT_ASKED_BEFORE -> {
                    platform.chat("good").chat(ChatRequest.of("The same"));
                    platform.chat("good").chat(ChatRequest.of("The same"));
                }
                case CHAT_WITH_RETRY -> failing(() -> platform.chat("moody").chat(request));
                case CHAT_WITH_FALLBACK -> failing(() -> platform.chat("routed").chat(request));
                case STREAM -> platform.chat("good").stream(request).response();
                case STREAM_WITH_FALLBACK ->
                    platform.chat("routed").stream(request).response();
                case STREAM_READ_ELSEWHERE -> {
                    ChatStream stream = platform.chat("good").stream(request);
                    await(places.start(Step.Place.POOL, stream::response));
                }
                case STREAM_THAT_BREAKS ->
                    failing(() -> platform.chat("breaking").stream(request).response());
                case STREAM_CANCELLED_MIDWAY -> {
                    try (ChatStream stream = platform.chat("good").stream(request)) {
                        read(stream, 1 + random.nextInt(4));
                    }
                }
                case STREAM_CLOSED_ELSEWHERE -> {
                    ChatStream stream = platform.chat("good").stream(request);
                    Future<?> closing = places.start(Step.Place.VIRTUAL_THREAD, () -> {
                        BusyModel.pause();
                        stream.close();
                    });
                    failing(stream::response);
                    await(closing);
                }
                case RETRIEVAL ->
                    failing(() -> platform.layers()
                            .around(TracedPlatform.retriever(platform.embedding("vectors")))
                            .retrieve(RetrievalRequest.of("Question", 3)));
                case RERANK ->
                    failing(() ->
                            platform.reranker("order").rerank(RerankRequest.of("Question", List.of("a", "b"), 1)));
                case TOOL ->
                    platform.layers()
                            .around(tool(step, random))
                            .call(new ToolCall("1", "work", "{}"), CallContext.current());
            }
        }

        /** A tool whose steps stand within a span of the application. */
        private Tool tool(Step step, Random random) {
            ToolSpec spec = new ToolSpec("work", "works", "{}");
            return new Tool() {
                @Override
                public ToolSpec spec() {
                    return spec;
                }

                @Override
                public ToolResult call(ToolCall call, CallContext context) {
                    Span span = application.spanBuilder("work").startSpan();
                    try (Scope scope = span.makeCurrent()) {
                        all(step.children(), step.parallel(), random);
                    } finally {
                        span.end();
                    }
                    return call.result("done");
                }
            };
        }

        private static void read(ChatStream stream, int events) {
            Iterator<StreamEvent> iterator = stream.iterator();
            for (int i = 0; i < events && iterator.hasNext(); i++) {
                iterator.next();
            }
        }

        private static void failing(Runnable work) {
            try {
                work.run();
            } catch (LlmException expected) {
                // what it is there for
            }
        }

        private static void await(Future<?> future) {
            try {
                future.get();
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interruption);
            } catch (ExecutionException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
