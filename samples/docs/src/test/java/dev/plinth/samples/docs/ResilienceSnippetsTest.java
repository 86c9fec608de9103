package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.QuotaExhaustedException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.layer.TimeBudget;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.Fault;
import dev.plinth.api.testkit.FaultPlan;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Attempt;
import dev.plinth.governance.KillSwitch;
import dev.plinth.governance.Stoppable;
import dev.plinth.providers.embedding.EmbeddingBatches;
import dev.plinth.providers.limit.Limit;
import dev.plinth.providers.limit.RateLimits;
import dev.plinth.providers.openai.OpenAi;
import dev.plinth.providers.redis.RedisRateStore;
import dev.plinth.providers.retry.Retries;
import dev.plinth.providers.route.AnswerCheck;
import dev.plinth.providers.route.Deployment;
import dev.plinth.providers.route.Hedging;
import dev.plinth.providers.route.RouteOrder;
import dev.plinth.providers.route.Router;
import dev.plinth.providers.route.Shadow;
import dev.plinth.providers.route.ShadowAnswer;
import dev.plinth.providers.route.Tier;
import dev.plinth.providers.route.When;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of the pages on calls that do not fail, and on what makes them fail. */
class ResilienceSnippetsTest {

    @TempDir
    Path folder;

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        executor.shutdown();
    }

    private static ChatModel model(String name, Reply reply) {
        return ScriptedChatModel.builder()
                .info(ModelInfo.local("vendor", name, Capability.IMAGE_INPUT))
                .otherwise(request -> reply)
                .build();
    }

    private static ChatModel says(String name) {
        return model(name, Reply.text("from " + name));
    }

    @Test
    void resilience() {
        ChatModel azure = model("gpt", Reply.error(() -> new OverloadedException("server: busy")));
        ChatModel openAi = says("gpt");
        // snippet: resilience
        Router router = Router.builder()
                .deployment(Deployment.of("azure-eu", azure))
                .deployment(Deployment.of("openai", openAi))
                .build();
        Platform platform = Platform.builder()
                .chat("support", router)
                .layer(TimeBudget.of(Duration.ofSeconds(30)))
                .layer(Retries.create())
                .build();
        ChatResponse response = platform.chat("support").chat(ChatRequest.of("Where is my parcel?"));
        List<Attempt> attempts = response.attempts(); // azure-eu: overloaded; openai: fallback from azure-eu
        // end
        assertThat(response.text()).isEqualTo("from gpt");
        assertThat(attempts).extracting(Attempt::deployment).containsExactly("azure-eu", "openai");
        assertThat(attempts.get(1).why()).isEqualTo("fallback from azure-eu: overloaded");
    }

    @Test
    void deadline() {
        ChatModel model = says("a");
        // snippet: deadline
        CallContext context = CallContext.current().until(Deadline.after(Duration.ofSeconds(20)));
        try (Interaction interaction = Interaction.start("ask", context)) {
            String answer = interaction
                    .context()
                    .call(() ->
                            model.chat(ChatRequest.of("Where is my parcel?")).text());
        }
        // end
        assertThat(context.deadline()).isPresent();
    }

    @Test
    void retries() {
        ChatModel openAi = says("a");
        // snippet: retries
        ChatModel patient = Layers.of(Retries.builder()
                        .maxAttempts(5)
                        .maxWait(Duration.ofSeconds(20))
                        .build())
                .around(openAi);
        // end
        assertThat(patient.chat(ChatRequest.of("Why?")).attempts()).isEmpty();
    }

    @Test
    void deployments() {
        ChatModel azure = says("gpt");
        ChatModel claude = says("claude");
        ChatModel local = says("small");
        // snippet: deployments
        Router router = Router.builder()
                .deployment(Deployment.builder("azure-eu", azure)
                        .region("eu")
                        .tier(Tier.GOLD)
                        .contextTokens(128_000)
                        .build())
                .deployment(Deployment.builder("claude-long", claude)
                        .contextTokens(1_000_000)
                        .when(When.atMostCharacters(20_000).negate())
                        .build())
                .deployment(Deployment.builder("local", local)
                        .standIn()
                        .check(AnswerCheck.notEmpty())
                        .build())
                .order(RouteOrder.weighted())
                .build();
        // end
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from gpt");
        assertThat(router.chat(ChatRequest.of("Why? ".repeat(10_000))).degraded())
                .isFalse();
    }

    @Test
    void hedging() {
        ChatModel azure = says("gpt");
        ChatModel openAi = says("gpt");
        // snippet: hedging
        Router router = Router.builder()
                .deployment(Deployment.of("azure-eu", azure))
                .deployment(Deployment.of("openai", openAi))
                .hedging(Hedging.on(executor))
                .build();
        // end
        assertThat(router.chat(ChatRequest.of("Why?")).attempts()).hasSize(1);
    }

    @Test
    void release() {
        ChatModel current = says("v1");
        ChatModel next = says("v2");
        ChatModel candidate = says("v3");
        List<ShadowAnswer> compared = new ArrayList<>();
        // snippet: release
        Router router = Router.builder()
                .deployment(Deployment.of("v1", current))
                .canary(Deployment.of("v2", next), 5)
                .shadow(new Shadow(Deployment.of("v3", candidate), 10, executor, compared::add))
                .build();
        // end
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isIn("from v1", "from v2");
    }

    @Test
    void limits() {
        ChatModel model = ScriptedChatModel.of("Yes.");
        // snippet: limits
        RateLimits limits = RateLimits.builder()
                .each(Limit.builder()
                        .requestsPerMinute(600)
                        .tokensPerMinute(200_000)
                        .concurrent(32)
                        .build())
                .of(
                        "openai/gpt-5-mini",
                        Limit.builder().requestsPerMinute(5_000).build())
                .maxWait(Duration.ofSeconds(20))
                .build();
        Platform platform =
                Platform.builder().chat("support", model).layer(limits).build();
        // end
        assertThat(platform.chat("support").chat(ChatRequest.of("There?")).text())
                .isEqualTo("Yes.");
    }

    @Test
    void limitsShared() {
        URI server = URI.create("redis://127.0.0.1:1"); // nobody there
        Limit limit = Limit.builder().requestsPerMinute(600).build();
        // snippet: limits-shared
        RateStore store = RedisRateStore.at(server); // closed by the application
        RateLimits shared = RateLimits.builder().each(limit).store(store).build();
        // end
        ChatModel model = shared.around((ChatModel) ScriptedChatModel.of("Yes."));
        assertThatThrownBy(() -> model.chat(ChatRequest.of("There?"))).isInstanceOf(StoreException.class);
        store.close();
    }

    @Test
    void manyTexts() {
        FakeEmbeddingModel fake = FakeEmbeddingModel.create();
        FaultPlan fourth =
                FaultPlan.when(call -> call == 4, Fault.error(() -> new QuotaExhaustedException("quota: spent")));
        EmbeddingModel embedding = new ForwardingEmbeddingModel(fourth.around(fake)) {
            @Override
            public EmbeddingLimits limits() {
                return EmbeddingLimits.NONE.withTexts(10);
            }
        };
        List<String> texts =
                IntStream.range(0, 95).mapToObj(i -> "text number " + i).toList();
        // snippet: many-texts
        EmbeddingModel model = Layers.of(EmbeddingBatches.parallel(4, executor), Retries.create())
                .around(embedding);
        EmbeddingResponse response;
        try {
            response = model.embed(EmbeddingRequest.documents(texts));
        } catch (IncompleteEmbeddingException stopped) {
            response = stopped.resume(model); // now or later: asks for what is missing
        }
        // end
        assertThat(fourth.struck()).isEqualTo(1);
        List<float[]> expected = fake.embedDocuments(texts);
        assertThat(response.vectors()).hasSize(95);
        for (int i = 0; i < 95; i++) {
            assertThat(response.vectors().get(i)).isEqualTo(expected.get(i));
        }
    }

    @Test
    void faults() {
        // snippet: faults
        FaultPlan twice = FaultPlan.first(2, Fault.rateLimited(Duration.ofMillis(5)));
        ChatModel model = Layers.of(Retries.create(), twice).around(ScriptedChatModel.of("Paris."));
        ChatResponse answer = model.chat(ChatRequest.of("What is the capital of France?"));
        // end
        assertThat(answer.text()).isEqualTo("Paris.");
        assertThat(answer.attempts()).hasSize(3);
        assertThat(twice.struck()).isEqualTo(2);
    }

    @Test
    void faultyServer() {
        String completion = "{\"choices\":[{\"message\":{\"content\":\"Yes.\"},\"finish_reason\":\"stop\"}]}";
        try (StubServer server = StubServer.start();
                OpenAi openAi = OpenAi.builder()
                        .baseUrl(server.url("/v1").toString())
                        .apiKey("sk-of-nobody")
                        .build()) {
            // snippet: faulty-server
            FaultPlan plan = FaultPlan.builder(0.3, 1) // three calls of ten, by the seed 1
                    .fault(Fault.overloaded(), 2)
                    .fault(Fault.truncated())
                    .fault(Fault.garbage())
                    .build();
            server.otherwise(request -> plan.strike(StubAnswer.json(completion)));
            // end
            int failures = 0;
            for (int call = 1; call <= 30; call++) {
                try {
                    assertThat(openAi.chatModel("m").chat(ChatRequest.of("?")).text())
                            .isEqualTo("Yes.");
                } catch (LlmException failure) {
                    assertThat(failure.isRetryable()).isTrue();
                    failures++;
                }
            }
            assertThat(failures).isPositive().isEqualTo((int) plan.struck());
        }
    }

    @Test
    void killSwitch() throws IOException {
        Path file = Files.writeString(folder.resolve("kill-switch.yaml"), "stops: []\n");
        ChatModel model = ScriptedChatModel.of("Hello.");
        // snippet: killSwitch
        KillSwitch killSwitch = KillSwitch.watching(file);
        Platform platform =
                Platform.builder().chat("support", model).layer(killSwitch).build();
        killSwitch.stop(Stoppable.prompt("triage"), "answers with addresses", "security");
        // end
        CallContext triage =
                CallContext.builder().prompt(new PromptRef("triage", "3")).build();
        assertThatThrownBy(() -> triage.run(() -> platform.chat("support").chat(ChatRequest.of("Hello"))))
                .isInstanceOf(DeniedException.class);
        // snippet: killSwitchStatus
        KillSwitch.Status status = killSwitch.status();
        boolean blind = status.problem() != null;
        // end
        assertThat(blind).isFalse();
    }
}
