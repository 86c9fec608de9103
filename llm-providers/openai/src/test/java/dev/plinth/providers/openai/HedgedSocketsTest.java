package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.providers.route.Deployment;
import dev.plinth.providers.route.Hedging;
import dev.plinth.providers.route.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** A hedged call leaves no socket open: that of the loser is closed while the clients live on. */
class HedgedSocketsTest {

    private static final StubAnswer JSON = StubAnswer.json("{\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{"
            + "\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}");
    private static final StubAnswer STALLED = StubAnswer.streaming("text/event-stream")
            .chunk(": no content yet\n\n")
            .stall();

    /** How the first deployment behaves. */
    enum Slowness {
        SILENT,
        STALLED_BEFORE_CONTENT,
        ANSWERS_LATE
    }

    private static StubAnswer slow(Slowness slowness) {
        return switch (slowness) {
            case SILENT -> StubAnswer.silence();
            case STALLED_BEFORE_CONTENT -> STALLED;
            case ANSWERS_LATE -> JSON.delayed(Duration.ofSeconds(20));
        };
    }

    @Property(tries = 15)
    void theLosersSocketIsClosed(@ForAll @Size(min = 1, max = 8) List<Slowness> calls) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (StubServer first = StubServer.start();
                StubServer second = StubServer.start();
                OpenAi slow = client(first);
                OpenAi quick = client(second)) {
            Router router = Router.builder()
                    .deployment(Deployment.of("slow", slow.chatModel("m")))
                    .deployment(Deployment.of("quick", quick.chatModel("m")))
                    .hedging(Hedging.on(work -> begin(work, threads))
                            .after(Duration.ofMillis(50))
                            .budget(1, 100))
                    .build();
            second.otherwise(request -> request.text().contains("\"stream\":true")
                    ? StubAnswer.sse(
                            "{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}",
                            "{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                            "[DONE]")
                    : JSON);
            List<Future<ChatResponse>> answers = new ArrayList<>();
            for (Slowness slowness : calls) {
                first.enqueue(slow(slowness));
                boolean streamed = slowness == Slowness.STALLED_BEFORE_CONTENT;
                answers.add(threads.submit(() ->
                        streamed ? router.stream(ChatRequest.of("Hi")).response() : router.chat(ChatRequest.of("Hi"))));
            }
            for (Future<ChatResponse> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS).text()).isEqualTo("Hello");
            }
            first.awaitOpenConnections(0);
            assertThat(router.health()).allMatch(health -> health.running() == 0);
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A call that no thread has begun in time is made by its caller and is not hedged: a busy machine must not do that. */
    private static void begin(Runnable work, ExecutorService threads) {
        CountDownLatch begun = new CountDownLatch(1);
        threads.execute(() -> {
            begun.countDown();
            work.run();
        });
        try {
            begun.await();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    private static OpenAi client(StubServer server) {
        return OpenAi.builder()
                .baseUrl(server.url("/v1").toString())
                .apiKey("none")
                .build();
    }
}
