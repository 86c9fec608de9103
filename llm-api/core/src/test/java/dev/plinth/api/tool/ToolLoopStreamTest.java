package dev.plinth.api.tool;

import static dev.plinth.api.tool.ToolLoopTest.asking;
import static dev.plinth.api.tool.ToolLoopTest.call;
import static dev.plinth.api.tool.ToolLoopTest.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.fake.FakeModel;
import dev.plinth.api.fake.FakeStream;
import dev.plinth.api.usage.Usage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ToolLoopStreamTest {
    private static final ChatRequest HELLO = ChatRequest.of("Hello");
    private static final Tool ECHO = tool("echo", call -> call.result("echo " + call.arguments()));

    private static ToolLoop loop(FakeStream... streams) {
        Queue<FakeStream> rounds = new ArrayDeque<>(List.of(streams));
        ChatModel model = new ForwardingChatModel(FakeModel.of("unused")) {
            @Override
            public ChatStream stream(ChatRequest request) {
                return rounds.remove();
            }
        };
        return ToolLoop.builder(model).tools(ECHO).build();
    }

    private static FakeStream askingStream(String text) {
        return new FakeStream().text(text).step(() -> new StreamEvent.Finished(asking(call(1, "echo", "{}"))));
    }

    /** What a model does: which calls it makes in which round, until it answers. */
    @Property
    void streamingEqualsPlain(@ForAll @Size(max = 5) List<@Size(max = 3) List<@IntRange(max = 3) Integer>> rounds) {
        ToolLoop plain = loop(rounds);
        ToolLoop streamed = loop(rounds);
        ChatResponse expected = plain.chat(HELLO);
        ChatStream stream = streamed.stream(HELLO);
        List<StreamEvent> events = new ArrayList<>();
        stream.forEach(events::add);
        assertThat(stream.response()).isEqualTo(expected);
        assertThat(events.stream().filter(StreamEvent.Finished.class::isInstance))
                .hasSize(1);
        assertThat(events.get(events.size() - 1)).isEqualTo(new StreamEvent.Finished(expected));
        assertThat(((FakeModel) streamed.model).requests).isEqualTo(((FakeModel) plain.model).requests);
    }

    private static ToolLoop loop(List<List<Integer>> rounds) {
        List<ChatResponse> responses = new ArrayList<>();
        for (List<Integer> calls : rounds) {
            List<ToolCall> made = new ArrayList<>();
            for (Integer number : calls) {
                made.add(call(made.size(), number == 3 ? "unknown" : "echo", "{\"n\":" + number + "}"));
            }
            responses.add(asking(made.toArray(new ToolCall[0])));
        }
        responses.add(ChatResponse.of("Done").toBuilder().usage(Usage.of(1, 1)).build());
        return ToolLoop.builder(FakeModel.of(responses.toArray(new ChatResponse[0])))
                .tools(ECHO)
                .maxRounds(4)
                .maxRepeats(2)
                .maxTokens(50)
                .build();
    }

    @Test
    void roundsAreOneStream() {
        FakeStream first = askingStream("I look. ");
        FakeStream second = new FakeStream().text("Found.").finished("Found.");
        StringBuilder heard = new StringBuilder();
        ChatStream stream = loop(first, second).stream(HELLO);
        assertThat(stream.onText(heard::append).response().text()).isEqualTo("Found.");
        assertThat(heard).hasToString("I look. Found.");
        assertThat(first.releases).hasValue(1);
        assertThat(second.releases).hasValue(1);
    }

    @Test
    void failureOfALaterRoundSaysWhatAllRoundsUsed() {
        FakeStream second = new FakeStream()
                .text("Fou")
                .failing(() -> new TransportException("reset").setPartial("Fou", Usage.of(20, 1)));
        ChatStream stream = loop(askingStream("I look. "), second).stream(HELLO);
        TransportException error = catchThrowableOfType(TransportException.class, stream::response);
        assertThat(error.partialText()).isEqualTo("I look. Fou");
        assertThat(error.partialUsage()).isEqualTo(Usage.of(30, 6));
    }

    @Test
    void closingEndsTheRoundThatRuns() throws Exception {
        FakeStream second = new FakeStream().stalled();
        ChatStream stream = loop(askingStream("a"), second).stream(HELLO);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        new Thread(() -> thrown.complete(catchThrowable(stream::response))).start();
        second.waiting.await();
        stream.close();
        assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        assertThat(second.releases).hasValue(1);
    }

    @Test
    void closingWhileToolsRunAsksTheModelNoMore() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Tool slow = tool("slow", call -> {
            running.countDown();
            try {
                go.await();
            } catch (InterruptedException exception) {
                Thread.currentThread().interrupt();
            }
            return call.result("");
        });
        FakeModel model = FakeModel.of(asking(call(1, "slow", "{}")), ChatResponse.of("Done"));
        ChatStream stream = ToolLoop.builder(model).tools(slow).build().stream(HELLO);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        new Thread(() -> thrown.complete(catchThrowable(stream::response))).start();
        running.await();
        stream.close();
        go.countDown();
        assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        assertThat(model.requests).hasSize(1);
    }

    @Test
    void closedBeforeItIsReadAsksNothing() {
        FakeModel model = FakeModel.of("x");
        ToolLoop.builder(model).tools(ECHO).build().stream(HELLO).close();
        assertThat(model.requests).isEmpty();
    }
}
