package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.layer.TimeBudget;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Attempt;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The snippets of the page on calls that do not fail. */
class ResilienceSnippetsTest {

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
}
