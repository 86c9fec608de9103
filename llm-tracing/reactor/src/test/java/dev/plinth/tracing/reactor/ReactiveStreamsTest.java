package dev.plinth.tracing.reactor;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The contract suite of Reactive Streams, whose tests are TestNG's, one by one. */
@Tag("once")
class ReactiveStreamsTest {

    private static final Scheduler SCHEDULER = Schedulers.newBoundedElastic(8, 1_000, "suite");

    @AfterAll
    static void stop() {
        SCHEDULER.dispose();
    }

    @TestFactory
    Stream<DynamicTest> publisher() {
        return Arrays.stream(Suite.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(method)));
    }

    private static void run(Method method) throws Throwable {
        Suite suite = new Suite();
        suite.setUp();
        try {
            method.invoke(suite);
        } catch (InvocationTargetException failure) {
            Assumptions.assumeFalse(failure.getCause() instanceof SkipException, () -> "suite: " + failure.getCause());
            throw failure.getCause();
        }
    }

    /** A stream of so many events. */
    public static final class Suite extends PublisherVerification<StreamEvent> {

        public Suite() {
            super(new TestEnvironment(60_000, 50, 50));
        }

        @Override
        public Publisher<StreamEvent> createPublisher(long elements) {
            return ReactorChatModel.of(new Counting(elements), SCHEDULER).stream(ChatRequest.of("Hi"));
        }

        @Override
        public Publisher<StreamEvent> createFailedPublisher() {
            return Flux.error(new IllegalStateException("failed"));
        }

        @Override
        public long maxElementsFromPublisher() {
            return 1_000;
        }
    }

    /** Streams so many events, the last one the finish. */
    private static final class Counting extends ReactorChatModelTest.Endless {
        private final long elements;

        Counting(long elements) {
            this.elements = elements;
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return new AbstractChatStream() {
                private long given;

                @Override
                protected StreamEvent advance() {
                    return ++given < elements
                            ? new StreamEvent.TextDelta("a")
                            : new StreamEvent.Finished(ChatResponse.of("a"));
                }

                @Override
                protected void release() {}
            };
        }
    }
}
