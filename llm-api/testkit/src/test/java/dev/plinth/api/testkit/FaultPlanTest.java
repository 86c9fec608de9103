package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.time.Deadline;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which calls fail, in which way, and where. */
class FaultPlanTest {
    private static final ChatRequest HELLO = ChatRequest.of("Hello");

    private static ChatModel faulty(Fault fault) {
        ScriptedChatModel model = ScriptedChatModel.builder()
                .otherwise(request -> Reply.text("One two three"))
                .build();
        return FaultPlan.when(call -> true, fault).around(model);
    }

    private static List<Optional<Fault>> first(FaultPlan plan, int calls) {
        return LongStream.rangeClosed(1, calls).mapToObj(plan::fault).toList();
    }

    @Test
    void firstCallsFailAndAllAreCounted() {
        FaultPlan twice = FaultPlan.first(2, Fault.overloaded());
        ChatModel model = twice.around(ScriptedChatModel.of("Hi"));
        assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> model.chat(HELLO));
        assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> model.stream(HELLO));
        assertThat(model.stream(HELLO).response().text()).isEqualTo("Hi");
        assertThat(twice.calls()).isEqualTo(3);
        assertThat(twice.struck()).isEqualTo(2);
    }

    @Property(tries = 100)
    void planBySeedIsTheSameInAnyOrderOfAsking(@ForAll long seed, @ForAll @DoubleRange(max = 1) double share) {
        FaultPlan plan = FaultPlan.randomly(share, seed);
        List<String> once = first(plan, 300).stream().map(Object::toString).toList();
        FaultPlan again = FaultPlan.randomly(share, seed);
        for (long call = 300; call >= 1; call--) {
            assertThat(again.fault(call)).hasToString(once.get((int) call - 1));
        }
        assertThat(IntStream.range(0, 300).mapToObj(call -> again.next().toString()))
                .isEqualTo(once);
    }

    @Property(tries = 50)
    void shareAndWeightsHold(@ForAll long seed) {
        FaultPlan plan = FaultPlan.builder(0.3, seed)
                .fault(Fault.reset(), 3)
                .fault(Fault.garbage())
                .build();
        List<Fault.Kind> kinds = first(plan, 10_000).stream()
                .flatMap(Optional::stream)
                .map(Fault::kind)
                .toList();
        // Six standard deviations from what is expected.
        assertThat(kinds.size()).isBetween(2_725, 3_275);
        assertThat(kinds.stream().filter(kind -> kind == Fault.Kind.RESET).count() / (double) kinds.size())
                .isBetween(0.70, 0.80);
        assertThat(Set.copyOf(kinds)).containsExactlyInAnyOrder(Fault.Kind.RESET, Fault.Kind.GARBAGE);
    }

    @Test
    void seedsDifferAndSharesHaveTheirEnds() {
        assertThat(first(FaultPlan.randomly(0.3, 1), 100)).isNotEqualTo(first(FaultPlan.randomly(0.3, 2), 100));
        assertThat(first(FaultPlan.randomly(0, 1), 1_000)).allMatch(Optional::isEmpty);
        assertThat(first(FaultPlan.randomly(1, 1), 1_000)).allMatch(Optional::isPresent);
        assertThatIllegalArgumentException().isThrownBy(() -> FaultPlan.randomly(1.1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultPlan.randomly(1, 1).fault(0));
        Set<Fault.Kind> kinds = EnumSet.noneOf(Fault.Kind.class);
        first(FaultPlan.randomly(1, 1), 1_000)
                .forEach(fault -> kinds.add(fault.orElseThrow().kind()));
        assertThat(kinds).isEqualTo(EnumSet.complementOf(EnumSet.of(Fault.Kind.ERROR)));
    }

    @Test
    void threadsShareOneCount() throws Exception {
        FaultPlan plan = FaultPlan.when(call -> call % 3 == 0, Fault.reset());
        EmbeddingModel model = plan.around(FakeEmbeddingModel.create());
        Set<LlmException> errors = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Thread thread = new Thread(() -> {
                for (int call = 0; call < 50; call++) {
                    try {
                        model.embedQuery("text");
                    } catch (TransportException struck) {
                        errors.add(struck);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(errors).hasSize(100);
        assertThat(plan.calls()).isEqualTo(300);
        assertThat(plan.struck()).isEqualTo(100);
    }

    @Test
    void errorsAreWhatAProviderWouldCause() {
        RateLimitedException limited = catchThrowableOfType(
                RateLimitedException.class,
                () -> faulty(Fault.rateLimited(Duration.ofSeconds(2))).chat(HELLO));
        assertThat(limited.details().httpStatus()).hasValue(429);
        assertThat(limited.details().retryAfter()).hasValue(Duration.ofSeconds(2));
        assertThat(limited.details().provider()).hasValue("scripted");
        RateLimitedException silently =
                catchThrowableOfType(RateLimitedException.class, () -> faulty(Fault.rateLimited()).stream(HELLO));
        assertThat(silently.details().retryAfter()).isEmpty();
        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(() -> faulty(Fault.overloaded()).chat(HELLO));
        assertThatExceptionOfType(TransportException.class).isThrownBy(() -> faulty(Fault.reset()).stream(HELLO));
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> faulty(Fault.truncated()).chat(HELLO));
        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> faulty(Fault.garbage()).stream(HELLO));
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> faulty(Fault.error(() -> new AuthenticationException("key: revoked")))
                        .chat(HELLO));
    }

    @Test
    void truncatedStreamBreaksOffAfterItsFirstText() {
        ChatStream stream = faulty(Fault.truncated()).stream(HELLO);
        StringBuilder said = new StringBuilder();
        TransportException cut = catchThrowableOfType(TransportException.class, () -> stream.onText(said::append));
        assertThat(said).hasToString("One ");
        assertThat(cut.partialText()).isEqualTo("One ");
        ScriptedChatModel tools = ScriptedChatModel.of(Reply.toolCall("weather", "{}"));
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> FaultPlan.first(1, Fault.truncated()).around(tools).stream(HELLO)
                        .response());
        assertThat(tools.openStreams()).isZero();
    }

    @Test
    void emptyAnswerHasNothingInIt() {
        assertThat(faulty(Fault.empty()).chat(HELLO).text()).isEmpty();
        Iterator<StreamEvent> events = faulty(Fault.empty()).stream(HELLO).iterator();
        assertThat(events.next()).isInstanceOf(StreamEvent.Finished.class);
        assertThat(events.hasNext()).isFalse();
    }

    @Test
    void wrongModelSaysSo() {
        assertThat(faulty(Fault.wrongModel()).chat(HELLO).model()).hasValue("another-model");
        ChatStream stream = faulty(Fault.wrongModel()).stream(HELLO);
        assertThat(stream.response().model()).hasValue("another-model");
        assertThat(stream.response().text()).isEqualTo("One two three");
    }

    @Test
    void slowAnswerComesLateOnThePlansClock() {
        TestTime time = TestTime.autoAdvancing();
        FaultPlan plan = FaultPlan.builder(1, 1)
                .fault(Fault.slow(Duration.ofSeconds(5)))
                .time(time)
                .build();
        ChatModel model = plan.around(ScriptedChatModel.of("Hi", "Ho"));
        assertThat(model.chat(HELLO).text()).isEqualTo("Hi");
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(5));
        assertThat(model.stream(HELLO).response().text()).isEqualTo("Ho");
        ChatRequest hasty = HELLO.toBuilder()
                .context(CallContext.EMPTY.until(Deadline.after(Duration.ofSeconds(2), time)))
                .build();
        assertThatExceptionOfType(TimedOutException.class).isThrownBy(() -> model.chat(hasty));
    }

    @Test
    void stalledAnswerIsWaitedForUntilALimit() throws Exception {
        TestTime time = TestTime.autoAdvancing();
        FaultPlan plan =
                FaultPlan.builder(1, 1).fault(Fault.stalled()).time(time).build();
        ChatModel model = plan.around(ScriptedChatModel.builder().build());
        ChatRequest hasty = HELLO.toBuilder()
                .context(CallContext.EMPTY.until(Deadline.after(Duration.ofSeconds(2), time)))
                .build();
        assertThatExceptionOfType(TimedOutException.class).isThrownBy(() -> model.chat(hasty));
        assertThatExceptionOfType(TimedOutException.class)
                .isThrownBy(() -> model.stream(HELLO).response());
        TestTime standing = TestTime.manual();
        ChatStream stream = FaultPlan.builder(1, 1)
                .fault(Fault.stalled())
                .time(standing)
                .build()
                .around(ScriptedChatModel.builder().build())
                .stream(HELLO);
        Thread closer = new Thread(() -> {
            try {
                standing.awaitSleepers(1);
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
            stream.close();
        });
        closer.start();
        assertThatExceptionOfType(CancelledException.class).isThrownBy(stream::response);
        closer.join();
    }

    @Test
    void otherPartsFailInTheWaysTheyCan() {
        FaultPlan empty = FaultPlan.when(call -> true, Fault.empty());
        RerankRequest request = RerankRequest.of("q", List.of("a", "b"), 2);
        assertThat(empty.around(FakeReranker.create()).rerank(request).ranked()).isEmpty();
        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> empty.around(FakeEmbeddingModel.create()).embedQuery("text"));
        FaultPlan wrong = FaultPlan.when(call -> true, Fault.wrongModel());
        assertThat(wrong.around(FakeReranker.create()).rerank(request).model()).isEqualTo("another-model");
        assertThat(wrong.around(FakeReranker.create()).rerank(request).ranked()).hasSize(2);
    }

    @Test
    void outsideATestRunItIsRefusedUntilArmedAndStrikesNoLongerThanThat() {
        TestTime time = TestTime.manual();
        FaultPlan plan = FaultPlan.builder(1, 1)
                .fault(Fault.overloaded())
                .time(time)
                .testRun(false)
                .build();
        EmbeddingModel model = plan.around(FakeEmbeddingModel.create());
        assertThatIllegalStateException()
                .isThrownBy(() -> model.embedQuery("text"))
                .withMessage("faults: outside a test run (expected: in one, or armed for a limited time)");
        assertThat(plan.calls()).isZero();
        plan.arm(Duration.ofMinutes(10));
        assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> model.embedQuery("text"));
        time.advance(Duration.ofMinutes(10));
        assertThat(model.embedQuery("text")).isNotEmpty();
        assertThat(plan.calls()).isEqualTo(1);
        assertThat(plan.next()).as("asked without the layer").isPresent();
    }

    /** A class path as an application has it: this library, and no engine of tests. */
    @ParameterizedTest
    @CsvSource({"false, IllegalStateException", "true, OverloadedException"})
    void testRunIsWhereAnEngineIsOnTheClassPath(boolean withEngine, String error) throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            boolean engine = entry.contains("junit") || entry.contains("jqwik") || entry.contains("surefire");
            if (withEngine || !engine) {
                path.add(new File(entry).toURI().toURL());
            }
        }
        try (URLClassLoader application =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> model = application.loadClass(EmbeddingModel.class.getName());
            Class<?> fault = application.loadClass(Fault.class.getName());
            Object fake = application
                    .loadClass(FakeEmbeddingModel.class.getName())
                    .getMethod("create")
                    .invoke(null);
            Object plan = application
                    .loadClass(FaultPlan.class.getName())
                    .getMethod("first", int.class, fault)
                    .invoke(null, 1, fault.getMethod("overloaded").invoke(null));
            Object faulty = application
                    .loadClass(Layer.class.getName())
                    .getMethod("around", model)
                    .invoke(plan, fake);
            InvocationTargetException thrown = catchThrowableOfType(
                    InvocationTargetException.class,
                    () -> model.getMethod("embedQuery", String.class).invoke(faulty, "text"));
            assertThat(thrown.getCause().getClass().getSimpleName()).isEqualTo(error);
        }
    }
}
