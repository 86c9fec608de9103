package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.tool.Tool;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class NestingTest {

    private final Recording recording = new Recording();

    @Test
    void spansOfOtherLibrariesNestUnderTheCall() {
        ChatModel model = traced("m", request -> {
            foreign("HTTP POST", () -> {});
            return ChatResponse.of("ok");
        });
        model.chat(ChatRequest.of("hi"));
        assertThat(recording.parents()).containsOnly(entry("chat m", "-"), entry("HTTP POST", "chat m"));
    }

    @Test
    void theReadingOfAStreamIsPartOfTheCallToo() {
        ChatModel model = recording
                .layer()
                .around(new FakeChat("m", request -> ChatResponse.of("")).streaming(request -> {
                    foreign("open", () -> {});
                    return FakeChat.events(new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return true;
                        }

                        @Override
                        public StreamEvent next() {
                            foreign("read", () -> {});
                            return new StreamEvent.Finished(ChatResponse.of(""));
                        }
                    });
                }));
        CompletableFuture.runAsync(model.stream(ChatRequest.of("hi"))::response).join();
        assertThat(recording.parents())
                .containsOnly(entry("chat m", "-"), entry("open", "chat m"), entry("read", "chat m"));
    }

    @Test
    void aSpanOfTheApplicationWithinACallStaysInBetween() {
        ChatModel inner = traced("inner", request -> ChatResponse.of("ok"));
        ChatModel outer = traced("outer", request -> {
            foreign("own work", () -> inner.chat(ChatRequest.of("hi")));
            return ChatResponse.of("ok");
        });
        foreign("GET /ask", () -> {
            try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
                interaction.context().run(() -> outer.chat(ChatRequest.of("hi")));
            }
        });
        assertThat(recording.parents())
                .containsOnly(
                        entry("GET /ask", "-"),
                        entry("ask", "GET /ask"),
                        entry("chat outer", "ask"),
                        entry("own work", "chat outer"),
                        entry("chat inner", "own work"));
    }

    @Test
    void baggageGoesWithTheCallToOtherThreads() {
        AtomicReference<String> seen = new AtomicReference<>();
        ChatModel inner = traced("inner", request -> {
            seen.set(Baggage.current().getEntryValue("tenant"));
            return ChatResponse.of("ok");
        });
        ChatModel outer = traced("outer", request -> {
            CallContext context = CallContext.current();
            return CompletableFuture.supplyAsync(() -> context.call(() -> inner.chat(ChatRequest.of("hi"))))
                    .join();
        });
        try (Scope scope = Baggage.builder().put("tenant", "blue").build().makeCurrent()) {
            outer.chat(ChatRequest.of("hi"));
        }
        assertThat(seen).hasValue("blue");
        recording.assertOneWholeTree();
    }

    @Test
    void anInteractionWithinACallIsItsChild() {
        ChatModel inner = traced("inner", request -> ChatResponse.of("ok"));
        ChatModel outer = traced("outer", request -> {
            try (Interaction nested = Interaction.start("nested", CallContext.current())) {
                return CompletableFuture.supplyAsync(
                                () -> nested.context().call(() -> inner.chat(ChatRequest.of("hi"))))
                        .join();
            }
        });
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            interaction.context().run(() -> outer.chat(ChatRequest.of("hi")));
        }
        assertThat(recording.parents())
                .containsOnly(
                        entry("ask", "-"),
                        entry("chat outer", "ask"),
                        entry("nested", "chat outer"),
                        entry("chat inner", "nested"));
    }

    @Test
    void aCallThatOutlivesTheOneAroundItGoesToTheInteraction() {
        AtomicReference<CallContext> kept = new AtomicReference<>();
        ChatModel model = traced("m", request -> {
            kept.set(request.context());
            return ChatResponse.of("ok");
        });
        ChatModel late = traced("late", request -> ChatResponse.of("ok"));
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            interaction.context().run(() -> model.chat(ChatRequest.of("hi")));
            kept.get().run(() -> late.chat(ChatRequest.of("hi")));
        }
        assertThat(recording.parents()).containsEntry("chat late", "ask");
    }

    @Test
    void errorsOfTheMachineEndTheSpanToo() {
        ChatModel model = traced("m", request -> {
            throw new StackOverflowError();
        });
        assertThatThrownBy(() -> model.chat(ChatRequest.of("hi"))).isInstanceOf(StackOverflowError.class);
        assertThat(recording.only().getAttributes().get(GenAi.ERROR_TYPE)).isEqualTo("java.lang.StackOverflowError");
        assertThat(recording.openSpans()).isZero();
    }

    @Test
    void strangeExceptionsAreNamedByTheirClass() {
        ChatModel model = traced("m", request -> {
            throw new IllegalStateException("secret");
        });
        assertThatThrownBy(() -> model.chat(ChatRequest.of("hi"))).isInstanceOf(IllegalStateException.class);
        assertThat(recording.only().getAttributes().get(GenAi.ERROR_TYPE)).isEqualTo("java.lang.IllegalStateException");
        assertThat(recording.only().getStatus().getDescription()).isEmpty();
    }

    @Test
    void anInterruptedCallIsCancelledNotFailed() {
        ChatModel model = traced("m", request -> {
            throw new CancelledException("interrupted");
        });
        assertThatThrownBy(() -> model.chat(ChatRequest.of("hi"))).isInstanceOf(CancelledException.class);
        assertThat(recording.only().getAttributes().get(PlinthAttributes.CANCELLED))
                .isTrue();
        assertThat(recording.only().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void aToolThatReportsAFailureIsAnError() {
        Tool tool = recording.layer().around(new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec("t", "", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                return call.error("no such city");
            }
        });
        tool.call(new ToolCall("1", "invented", "{}"), CallContext.EMPTY);
        assertThat(recording.named("execute_tool t").getAttributes().get(GenAi.ERROR_TYPE))
                .isEqualTo("tool_error");
    }

    @Test
    void worksWithoutAnSdk() {
        ChatModel model = Layers.of(Tracing.of(OpenTelemetry.noop()).layer())
                .around(new FakeChat(
                        "m", request -> ChatResponse.of(request.context().tags().toString())));
        assertThat(model.chat(ChatRequest.of("hi")).text()).isEqualTo("{}");
        assertThat(model.stream(ChatRequest.of("hi")).response().text()).isEqualTo("{}");
    }

    @Test
    void whatIsNotSampledIsNotExported() {
        Recording off = new Recording(Sampler.alwaysOff());
        Platform platform = Platform.builder()
                .chat("m", new FakeChat("m", request -> ChatResponse.of("ok")))
                .layer(off.layer())
                .build();
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            interaction.context().run(() -> platform.chat("m").chat(ChatRequest.of("hi")));
        }
        assertThat(off.ended()).isEmpty();
        assertThat(off.openSpans()).isZero();
    }

    private ChatModel traced(String name, Function<ChatRequest, ChatResponse> answer) {
        return recording.layer().around(new FakeChat(name, answer));
    }

    private void foreign(String name, Runnable work) {
        recording.within(name, work);
    }
}
