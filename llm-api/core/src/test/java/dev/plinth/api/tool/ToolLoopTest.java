package dev.plinth.api.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.fake.FakeModel;
import dev.plinth.api.fake.FakeTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ToolLoopTest {
    private static final ChatRequest HELLO = ChatRequest.of("Hello");

    static Tool tool(String name, Function<ToolCall, ToolResult> work) {
        return new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec(name, "", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                return work.apply(call);
            }
        };
    }

    static ChatResponse asking(ToolCall... calls) {
        return ChatResponse.builder()
                .message(Message.assistant(List.of(calls)))
                .finishReason(FinishReason.TOOL_CALLS)
                .usage(Usage.of(10, 5))
                .build();
    }

    static ToolCall call(int id, String tool, String arguments) {
        return new ToolCall("id-" + id, tool, arguments);
    }

    private static Tool echo() {
        return tool("echo", call -> call.result("echo " + call.arguments()));
    }

    private static List<ToolResult> results(ToolRun run) {
        List<ToolResult> results = new ArrayList<>();
        for (Message message : run.messages()) {
            message.parts().stream()
                    .filter(ToolResult.class::isInstance)
                    .map(ToolResult.class::cast)
                    .forEach(results::add);
        }
        return results;
    }

    @Test
    void asksRunsAndTells() {
        FakeModel model = FakeModel.of(
                asking(call(1, "echo", "{\"a\":1}"), call(2, "echo", "{\"a\":2}")), ChatResponse.of("Done"));
        ToolRun run = ToolLoop.builder(model).tools(echo()).build().run(HELLO);
        assertThat(run.end()).isEqualTo(ToolRun.End.ANSWERED);
        assertThat(run.rounds()).isEqualTo(2);
        assertThat(run.response().text()).isEqualTo("Done");
        assertThat(run.messages().stream().map(Message::role))
                .containsExactly(Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT);
        assertThat(results(run))
                .containsExactly(
                        new ToolResult("id-1", "echo", "echo {\"a\":1}", false),
                        new ToolResult("id-2", "echo", "echo {\"a\":2}", false));
        assertThat(model.requests.get(0).tools()).containsExactly(echo().spec());
        assertThat(model.requests.get(1).messages()).isEqualTo(run.messages().subList(0, 3));
    }

    @Test
    void toolsAreAddedOnceSortedByName() {
        FakeModel model = FakeModel.of("Hi");
        ToolLoop loop = ToolLoop.builder(model)
                .tools(tool("b", call -> call.result("")), tool("a", call -> call.result("")), echo())
                .build();
        loop.chat(HELLO.toBuilder().tool(echo().spec()).build());
        assertThat(model.requests.get(0).tools().stream().map(ToolSpec::name)).containsExactly("echo", "a", "b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolLoop.builder(model).tools(echo(), echo()))
                .withMessage("tools: echo (expected: each name once)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolLoop.builder(model).build())
                .withMessage("tools: empty (expected: at least one element)");
    }

    @Test
    void roundsAreLimited() {
        int[] number = {0};
        FakeModel model = new FakeModel(request -> asking(call(1, "echo", "{\"n\":" + number[0]++ + "}")));
        ToolRun run = ToolLoop.builder(model).tools(echo()).build().run(HELLO);
        assertThat(run.end()).isEqualTo(ToolRun.End.ROUNDS);
        assertThat(run.rounds()).isEqualTo(10);
        assertThat(run.response().toolCalls()).hasSize(1);
        assertThat(results(run)).hasSize(9);
        assertThat(run.messages().get(run.messages().size() - 1).role()).isEqualTo(Role.ASSISTANT);
    }

    @Test
    void repeatsAreLimited() {
        FakeModel model = FakeModel.of(asking(call(1, "echo", "{}")));
        ToolRun run = ToolLoop.builder(model).tools(echo()).build().run(HELLO);
        assertThat(run.end()).isEqualTo(ToolRun.End.REPEATS);
        assertThat(run.rounds()).isEqualTo(4);
        assertThat(results(run)).hasSize(3);
        ToolRun sameAnswer = ToolLoop.builder(FakeModel.of(asking(call(1, "echo", "{}"), call(2, "echo", "{}"))))
                .tools(echo())
                .maxRepeats(1)
                .build()
                .run(HELLO);
        assertThat(sameAnswer.end()).isEqualTo(ToolRun.End.REPEATS);
        assertThat(sameAnswer.rounds()).isEqualTo(1);
    }

    @Test
    void tokensAreLimited() {
        int[] number = {0};
        FakeModel model = new FakeModel(request -> asking(call(1, "echo", "{\"n\":" + number[0]++ + "}")));
        ToolRun run =
                ToolLoop.builder(model).tools(echo()).maxTokens(40).build().run(HELLO);
        assertThat(run.end()).isEqualTo(ToolRun.End.TOKENS);
        assertThat(run.rounds()).isEqualTo(3);
        assertThat(run.response().usage()).isEqualTo(Usage.of(30, 15));
    }

    @Test
    void tokensAreLimitedAsFarAsTheyAreReported() {
        int[] number = {0};
        FakeModel model = new FakeModel(request -> {
            ChatResponse response = asking(call(1, "echo", "{\"n\":" + number[0]++ + "}"));
            return number[0] == 1 ? response.toBuilder().usage(Usage.UNKNOWN).build() : response;
        });
        ToolRun run =
                ToolLoop.builder(model).tools(echo()).maxTokens(40).build().run(HELLO);
        assertThat(run.end()).isEqualTo(ToolRun.End.TOKENS);
        assertThat(run.rounds()).isEqualTo(4);
        assertThat(run.response().usage().total()).as("a part is not the whole").isEmpty();
    }

    @Test
    void deadlineCoversTheWholeLoop() {
        FakeTime time = new FakeTime();
        CallContext context = CallContext.builder()
                .deadline(Deadline.after(Duration.ofSeconds(5), time))
                .build();
        Tool slow = tool("slow", call -> {
            time.advance(Duration.ofSeconds(3));
            return call.result("");
        });
        int[] number = {0};
        FakeModel model = new FakeModel(request -> asking(call(1, "slow", "{\"n\":" + number[0]++ + "}")).toBuilder()
                .message(Message.assistant(
                        List.of(new Part.Text("Round " + number[0]), call(1, "slow", "{\"n\":" + number[0] + "}"))))
                .build());
        ToolLoop loop = ToolLoop.builder(model).tools(slow).build();
        ChatRequest request = HELLO.toBuilder().context(context).build();
        assertThatExceptionOfType(TimedOutException.class)
                .isThrownBy(() -> loop.chat(request))
                .withMessage("deadline: passed after 2 rounds (expected: an answer before it)"
                        + " [provider=fake, model=fake-1]")
                .satisfies(error -> {
                    assertThat(error.partialText()).isEqualTo("Round 2");
                    assertThat(error.partialUsage()).isEqualTo(Usage.of(20, 10));
                });
        assertThat(model.requests).hasSize(2);
    }

    @Test
    void toolThatIsNotThereIsAResultForTheModel() {
        FakeModel model = FakeModel.of(asking(call(1, "ecko", "{}")), ChatResponse.of("Sorry"));
        ToolRun run = ToolLoop.builder(model)
                .tools(echo(), tool("clock", call -> call.result("")))
                .build()
                .run(HELLO);
        assertThat(run.response().text()).isEqualTo("Sorry");
        assertThat(results(run))
                .containsExactly(new ToolResult("id-1", "ecko", "tool: ecko (expected: one of clock, echo)", true));
    }

    @Test
    void toolThatThrowsIsAResultForTheModel() {
        FakeModel model = FakeModel.of(
                asking(call(1, "bad", "{}"), call(2, "worse", "{}"), call(3, "echo", "{}")), ChatResponse.of("Sorry"));
        Tool bad = tool("bad", call -> {
            throw new IllegalArgumentException("city: null (expected: a city)");
        });
        Tool worse = tool("worse", call -> {
            throw new NullPointerException();
        });
        ToolRun run = ToolLoop.builder(model).tools(bad, worse, echo()).build().run(HELLO);
        assertThat(results(run))
                .containsExactly(
                        new ToolResult("id-1", "bad", "city: null (expected: a city)", true),
                        new ToolResult("id-2", "worse", "NullPointerException", true),
                        new ToolResult("id-3", "echo", "echo {}", false));
    }

    @Test
    void cancellationAndErrorsOfToolsEndTheLoop() {
        FakeModel model = FakeModel.of(asking(call(1, "t", "{}")));
        Tool cancelled = tool("t", call -> {
            throw new CancelledException("thread: interrupted");
        });
        assertThatThrownBy(
                        () -> ToolLoop.builder(model).tools(cancelled).build().chat(HELLO))
                .isInstanceOf(CancelledException.class);
        Tool broken = tool("t", call -> {
            throw new AssertionError("test");
        });
        assertThatThrownBy(() -> ToolLoop.builder(model).tools(broken).build().chat(HELLO))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void forcedChoiceHoldsForTheFirstRoundOnly() {
        for (ToolChoice forced : List.of(ToolChoice.REQUIRED, ToolChoice.tool("echo"))) {
            FakeModel model = FakeModel.of(asking(call(1, "echo", "{}")), ChatResponse.of("Done"));
            ChatModel loop = ToolLoop.builder(model).tools(echo()).build();
            loop.chat(HELLO.toBuilder().tool(echo().spec()).toolChoice(forced).build());
            assertThat(model.requests.stream().map(ChatRequest::toolChoice)).containsExactly(forced, ToolChoice.AUTO);
        }
        FakeModel model = FakeModel.of(asking(call(1, "echo", "{}")), ChatResponse.of("Done"));
        ToolLoop.builder(model)
                .tools(echo())
                .build()
                .chat(HELLO.toBuilder().toolChoice(ToolChoice.NONE).build());
        assertThat(model.requests.stream().map(ChatRequest::toolChoice))
                .containsExactly(ToolChoice.NONE, ToolChoice.NONE);
    }

    @Test
    @SuppressWarnings("NullAway") // a tool of a caller without null checks
    void aToolThatReturnsNothingIsAResult() {
        FakeModel model = FakeModel.of(asking(call(1, "mute", "{}")), ChatResponse.of("Done"));
        ChatResponse response = ToolLoop.builder(model)
                .tools(tool("mute", call -> null))
                .build()
                .chat(HELLO);
        assertThat(response.text()).isEqualTo("Done");
        ToolResult result =
                (ToolResult) model.requests.get(1).messages().get(2).parts().get(0);
        assertThat(result.isError()).isTrue();
    }

    @Test
    void usageAndCostAreThoseOfAllRounds() {
        Cost cent = new Cost(new BigDecimal("0.01"), Currency.getInstance("EUR"), LocalDate.of(2026, 1, 1));
        ChatResponse first =
                asking(call(1, "echo", "{}")).toBuilder().cost(cent).build();
        ChatResponse last = ChatResponse.of("Done").toBuilder()
                .usage(Usage.of(1, 2))
                .cost(cent)
                .build();
        ChatResponse both = ToolLoop.builder(FakeModel.of(first, last))
                .tools(echo())
                .build()
                .chat(HELLO);
        assertThat(both.usage()).isEqualTo(Usage.of(11, 7));
        assertThat(both.cost().orElseThrow().amount()).isEqualByComparingTo("0.02");
        ChatResponse unpriced = last.toBuilder().cost(null).usage(Usage.UNKNOWN).build();
        ChatResponse partly = ToolLoop.builder(FakeModel.of(first, unpriced))
                .tools(echo())
                .build()
                .chat(HELLO);
        assertThat(partly.cost()).as("a part is not passed off as the whole").isEmpty();
        assertThat(partly.usage().input()).isEmpty();
        assertThat(partly.usage().source()).isEqualTo(Usage.Source.UNKNOWN);
        ChatResponse replayed = last.toBuilder().cost(null).cached(true).build();
        ChatResponse half = ToolLoop.builder(FakeModel.of(first, replayed))
                .tools(echo())
                .build()
                .chat(HELLO);
        assertThat(half.cost()).as("a cached answer is free").contains(cent);
        Cost dollar = new Cost(BigDecimal.ONE, Currency.getInstance("USD"), LocalDate.of(2026, 1, 1));
        ChatResponse mixed = ToolLoop.builder(
                        FakeModel.of(first, last.toBuilder().cost(dollar).build()))
                .tools(echo())
                .build()
                .chat(HELLO);
        assertThat(mixed.cost()).as("two currencies make no sum").isEmpty();
    }

    @Test
    void attemptsAreThoseOfAllRounds() {
        ChatResponse first = asking(call(1, "echo", "{}")).toBuilder()
                .attempts(List.of(attempt("a", Usage.of(10, 5))))
                .build();
        ChatResponse last = ChatResponse.of("Done").toBuilder()
                .usage(Usage.of(1, 2))
                .attempts(List.of(attempt("b", Usage.of(1, 2))))
                .build();
        assertThat(looped(first, last).attempts()).extracting(Attempt::model).containsExactly("a", "b");
        ChatResponse unlisted = first.toBuilder().attempts(List.of()).build();
        assertThat(looped(unlisted, last).attempts())
                .as("a part is not passed off as the whole")
                .isEmpty();
        ChatResponse replayed =
                unlisted.toBuilder().cached(true).usage(Usage.NONE).build();
        assertThat(looped(replayed, last).attempts()).extracting(Attempt::model).containsExactly("b");

        ChatModel failing = new FakeModel(request -> {
            if (request.messages().size() == 1) {
                return first;
            }
            throw new OverloadedException("busy")
                    .setPartial("", Usage.of(3, 0))
                    .setAttempts(List.of(attempt("c", Usage.of(3, 0))));
        });
        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(
                        () -> ToolLoop.builder(failing).tools(echo()).build().chat(HELLO))
                .satisfies(failure -> {
                    assertThat(failure.attempts()).extracting(Attempt::model).containsExactly("a", "c");
                    assertThat(failure.partialUsage()).isEqualTo(Usage.of(13, 5));
                });
    }

    @Test
    void theWholeIsCachedIfEveryRoundWas() {
        ChatResponse first =
                asking(call(1, "echo", "{}")).toBuilder().cached(true).build();
        ChatResponse last = ChatResponse.of("Done");
        ChatResponse cached = last.toBuilder().cached(true).build();
        assertThat(looped(first, cached).cached()).isTrue();
        assertThat(looped(first, last).cached()).isFalse();
        assertThat(looped(first.toBuilder().cached(false).build(), cached).cached())
                .isFalse();
    }

    private static ChatResponse looped(ChatResponse first, ChatResponse last) {
        return ToolLoop.builder(FakeModel.of(first, last)).tools(echo()).build().chat(HELLO);
    }

    private static Attempt attempt(String model, Usage usage) {
        return new Attempt(null, "fake", model, "its turn", Instant.EPOCH, Duration.ZERO, null, usage, null);
    }

    @Test
    void toolsRunSideBySideAndKeepTheirOrder() {
        CountDownLatch bothRun = new CountDownLatch(2);
        CallContext context = CallContext.builder().session("s").build();
        Tool meeting = tool("meet", call -> {
            bothRun.countDown();
            try {
                assertThat(bothRun.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException exception) {
                throw new IllegalStateException(exception);
            }
            return call.result(CallContext.current().session().orElse("none") + call.arguments());
        });
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            FakeModel model = FakeModel.of(
                    asking(call(1, "meet", "{\"n\":1}"), call(2, "meet", "{\"n\":2}")), ChatResponse.of("Done"));
            ToolRun run = ToolLoop.builder(model)
                    .tools(meeting)
                    .executor(executor)
                    .build()
                    .run(HELLO.toBuilder().context(context).build());
            assertThat(results(run).stream().map(ToolResult::text)).containsExactly("s{\"n\":1}", "s{\"n\":2}");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void interruptEndsTheWaitForTools() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Tool endless = tool("endless", call -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException exception) {
                stopped.countDown();
            }
            return call.result("");
        });
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            ToolLoop loop = ToolLoop.builder(FakeModel.of(asking(call(1, "endless", "{}"))))
                    .tools(endless)
                    .executor(executor)
                    .build();
            List<Object> end = new ArrayList<>();
            Thread caller = new Thread(() -> {
                try {
                    loop.chat(HELLO);
                } catch (CancelledException exception) {
                    end.add(Thread.currentThread().isInterrupted());
                }
            });
            caller.start();
            running.await();
            caller.interrupt();
            caller.join();
            assertThat(end).containsExactly(true);
            assertThat(stopped.await(30, TimeUnit.SECONDS))
                    .as("the tool is stopped, too")
                    .isTrue();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void deadlineEndsTheWaitForTools() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Tool endless = tool("endless", call -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException exception) {
                stopped.countDown();
            }
            return call.result("");
        });
        // Time passes when the tool runs, and only then.
        TimeSource time = new TimeSource() {
            private final FakeTime clock = new FakeTime();

            @Override
            public Instant now() {
                return clock.now();
            }

            @Override
            public long nanos() {
                return clock.nanos();
            }

            @Override
            public void sleep(Duration duration) {
                clock.sleep(duration);
            }

            @Override
            public boolean await(CountDownLatch latch, Duration limit) throws InterruptedException {
                running.await();
                clock.advance(limit);
                return latch.getCount() == 0;
            }
        };
        CallContext context = CallContext.EMPTY.until(Deadline.after(Duration.ofSeconds(5), time));
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            ToolLoop loop = ToolLoop.builder(FakeModel.of(asking(call(1, "endless", "{}"))))
                    .tools(endless)
                    .executor(executor)
                    .build();
            assertThatExceptionOfType(TimedOutException.class)
                    .isThrownBy(
                            () -> loop.chat(HELLO.toBuilder().context(context).build()))
                    .withMessageStartingWith("deadline: passed after 1 rounds")
                    .satisfies(error -> assertThat(error.partialUsage()).isEqualTo(Usage.of(10, 5)));
            assertThat(stopped.await(30, TimeUnit.SECONDS))
                    .as("the tool is stopped")
                    .isTrue();
        } finally {
            executor.shutdownNow();
        }
    }
}
