package dev.plinth.api.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.fake.FakeModel;
import dev.plinth.api.fake.FakeStream;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.tool.ToolLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Random programs of nested scopes, executors, virtual threads, streams that are read and closed elsewhere, and
 * parallel tools. At every point the current context is the one the program says, and in the end no thread of the pool
 * keeps any.
 */
class InterleavingTest {
    private static final ExecutorService POOL = Executors.newCachedThreadPool();
    private static final List<CallContext> CONTEXTS = List.of(context("a"), context("b"), context("c"));

    private static CallContext context(String session) {
        return CallContext.builder().session(session).build();
    }

    @AfterContainer
    static void stop() {
        POOL.shutdownNow();
    }

    private enum Kind {
        SCOPE,
        RUN,
        CALL,
        CARRIED,
        NOT_CARRIED,
        VIRTUAL,
        STREAM,
        STREAM_CLOSED_ELSEWHERE,
        TOOLS
    }

    /** Does something with a context, and inside of it what follows. */
    private record Step(Kind kind, CallContext context, List<Step> inside) {}

    @Provide
    Arbitrary<List<Step>> programs() {
        Arbitrary<Kind> kind = Arbitraries.of(Kind.class);
        Arbitrary<CallContext> context = Arbitraries.of(CONTEXTS);
        Arbitrary<Step> leaf = Combinators.combine(kind, context).as((k, c) -> new Step(k, c, List.of()));
        return Arbitraries.recursive(
                        () -> leaf,
                        inner -> Combinators.combine(kind, context, inner.list().ofMaxSize(3))
                                .as(Step::new),
                        0,
                        4)
                .list()
                .ofMaxSize(4);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void currentIsWhatTheProgramSays(@ForAll("programs") List<Step> program) throws Exception {
        run(program, CallContext.EMPTY);
        assertThat(CallContext.current()).isSameAs(CallContext.EMPTY);
        nothingIsLeftInThePool();
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void programsSideBySideDoNotMix(@ForAll("programs") List<Step> one, @ForAll("programs") List<Step> other)
            throws Exception {
        List<Future<?>> futures = new ArrayList<>();
        for (List<Step> program : List.of(one, other, one, other)) {
            futures.add(POOL.submit(() -> {
                run(program, CallContext.EMPTY);
                return null;
            }));
        }
        for (Future<?> future : futures) {
            future.get(60, TimeUnit.SECONDS);
        }
        nothingIsLeftInThePool();
    }

    private static void run(List<Step> steps, CallContext expected) throws Exception {
        for (Step step : steps) {
            assertThat(CallContext.current()).isSameAs(expected);
            run(step);
            assertThat(CallContext.current()).as("after %s", step.kind).isSameAs(expected);
        }
    }

    private static void run(Step step) throws Exception {
        CallContext context = step.context;
        Runnable inside = () -> runUnchecked(step.inside, context);
        switch (step.kind) {
            case SCOPE -> {
                try (Scope scope = context.makeCurrent()) {
                    inside.run();
                }
            }
            case RUN -> context.run(inside);
            case CALL ->
                assertThat(context.call(() -> {
                            inside.run();
                            return CallContext.current();
                        }))
                        .isSameAs(context);
            case CARRIED ->
                context.run(() -> get(() -> POOL.submit(CallContext.current().wrap(inside))));
            case NOT_CARRIED ->
                context.run(() -> get(() -> POOL.submit(() -> runUnchecked(step.inside, CallContext.EMPTY))));
            case VIRTUAL -> virtual(context.wrap(inside));
            case STREAM -> stream(step, false);
            case STREAM_CLOSED_ELSEWHERE -> stream(step, true);
            case TOOLS -> tools(step);
        }
    }

    private static void runUnchecked(List<Step> steps, CallContext expected) {
        try {
            run(steps, expected);
        } catch (RuntimeException exception) {
            throw exception;
        } catch (Exception exception) {
            throw new IllegalStateException(exception);
        }
    }

    private static void get(Callable<Future<?>> work) {
        try {
            work.call().get(60, TimeUnit.SECONDS);
        } catch (Exception exception) {
            throw new IllegalStateException(exception);
        }
    }

    /** On a virtual thread where there are any (from 21 on), else on a new platform thread. */
    private static void virtual(Runnable work) throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        Thread thread = start(() -> {
            try {
                work.run();
            } catch (Throwable throwable) {
                thrown.add(throwable);
            }
        });
        thread.join();
        assertThat(thrown).isEmpty();
    }

    private static Thread start(Runnable work) throws Exception {
        try {
            return (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
        } catch (NoSuchMethodException before21) {
            Thread thread = new Thread(work);
            thread.start();
            return thread;
        }
    }

    /** Opened here, read on another thread in another context, closed on a third one. */
    private static void stream(Step step, boolean closedElsewhere) {
        ChatModel model = ChatWatch.around(streaming(step), request -> new ChatWatch() {});
        ChatRequest request =
                ChatRequest.of("Hello").toBuilder().context(step.context).build();
        ChatStream stream = model.stream(request);
        CallContext reader = CONTEXTS.get((CONTEXTS.indexOf(step.context) + 1) % CONTEXTS.size());
        get(() -> POOL.submit(reader.wrap(() -> {
            stream.iterator().next();
            assertThat(CallContext.current()).isSameAs(reader);
        })));
        if (closedElsewhere) {
            get(() -> POOL.submit(stream::close));
        } else {
            assertThat(stream.response().text()).isEqualTo("Hi");
        }
    }

    private static ChatModel streaming(Step step) {
        return new ForwardingChatModel(FakeModel.of("unused")) {
            @Override
            public ChatStream stream(ChatRequest request) {
                assertThat(CallContext.current()).isSameAs(step.context);
                return new FakeStream()
                        .step(() -> {
                            runUnchecked(step.inside, step.context);
                            return new StreamEvent.TextDelta("Hi");
                        })
                        .step(() -> {
                            assertThat(CallContext.current()).isSameAs(step.context);
                            return new StreamEvent.Finished(ChatResponse.of("Hi"));
                        });
            }
        };
    }

    private static void tools(Step step) {
        Tool tool = new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec("work", "", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                assertThat(context).isSameAs(step.context);
                runUnchecked(step.inside, step.context);
                return call.result("done");
            }
        };
        ChatResponse asking = ChatResponse.builder()
                .message(Message.assistant(
                        List.of(new ToolCall("1", "work", "{\"n\":1}"), new ToolCall("2", "work", "{\"n\":2}"))))
                .build();
        ChatRequest request =
                ChatRequest.of("Hello").toBuilder().context(step.context).build();
        ChatResponse answer = ToolLoop.builder(FakeModel.of(asking, ChatResponse.of("Done")))
                .tools(tool)
                .executor(POOL)
                .build()
                .chat(request);
        assertThat(answer.text()).isEqualTo("Done");
    }

    /** All threads of the pool at once, each asked what its context is. */
    private static void nothingIsLeftInThePool() throws Exception {
        int threads = ((ThreadPoolExecutor) POOL).getPoolSize();
        CyclicBarrier everybody = new CyclicBarrier(Math.max(1, threads));
        List<Future<CallContext>> seen = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            seen.add(POOL.submit(() -> {
                everybody.await(60, TimeUnit.SECONDS);
                return CallContext.current();
            }));
        }
        for (Future<CallContext> each : seen) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isSameAs(CallContext.EMPTY);
        }
    }
}
