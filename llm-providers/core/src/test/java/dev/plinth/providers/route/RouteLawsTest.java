package dev.plinth.providers.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.retry.Retries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for every router, every failure and every order. */
class RouteLawsTest {

    /** A model that answers or fails in any way, after any time, the same for the same seed. */
    private static ScriptedChatModel unreliable(String name, Random random, TestTime time) {
        return ScriptedChatModel.builder()
                .info(ModelInfo.local("vendor", name))
                .time(time)
                .otherwise(request -> anyReply(random))
                .build();
    }

    private static Reply anyReply(Random random) {
        Duration delay = Duration.ofMillis(1 + random.nextInt(4000));
        Reply answer = Reply.text("one two three").cut("one ", "two ", "three").usage(Usage.of(5, 3));
        return switch (random.nextInt(9)) {
            case 0 -> Reply.error(() -> new OverloadedException("server: busy")).after(delay);
            case 1 ->
                Reply.error(() -> limited(Duration.ofMillis(random.nextInt(6000))))
                        .after(delay);
            case 2 -> answer.after(delay).breakingAfter(0, () -> new TransportException("connection: reset"));
            case 3 -> answer.every(delay).breakingAfter(2, () -> new TransportException("connection: reset"));
            case 4 -> answer.truncatedAfter(1);
            case 5 -> Reply.stall();
            default -> answer.after(delay);
        };
    }

    private static RateLimitedException limited(Duration wait) {
        return new RateLimitedException(
                "rate: over",
                ErrorDetails.builder()
                        .provider("vendor")
                        .httpStatus(429)
                        .retryAfter(wait)
                        .build(),
                null);
    }

    @Property(tries = 500)
    void nothingBeginsOrEndsAfterTheDeadline(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int deployments,
            @ForAll @IntRange(min = 1, max = 20_000) int millis,
            @ForAll boolean streamed) {
        TestTime time = TestTime.autoAdvancing();
        Random random = new Random(seed);
        Router.Builder router = Router.builder().time(time);
        for (int i = 0; i < deployments; i++) {
            router.deployment(Deployment.of("d" + i, unreliable("m" + i, random, time)));
        }
        ChatModel model = Layers.of(Retries.builder()
                        .time(time)
                        .random(random)
                        .maxAttempts(6)
                        .build())
                .around(router.build());
        for (int call = 0; call < 5; call++) {
            Instant latest = time.now().plusMillis(millis);
            List<Attempt> attempts = attemptsOf(model, Deadline.after(Duration.ofMillis(millis), time), streamed);
            assertThat(time.now()).as("the end of the call").isBeforeOrEqualTo(latest);
            assertThat(attempts).allMatch(attempt -> attempt.startedAt().isBefore(latest));
            assertThat(attempts)
                    .allMatch(attempt ->
                            !attempt.startedAt().plus(attempt.duration()).isAfter(latest));
        }
    }

    private static List<Attempt> attemptsOf(ChatModel model, Deadline deadline, boolean streamed) {
        ChatRequest request = ChatRequest.builder()
                .user("Why?")
                .context(CallContext.builder().deadline(deadline).build())
                .build();
        try {
            ChatResponse response = streamed ? model.stream(request).response() : model.chat(request);
            return response.attempts();
        } catch (LlmException failure) {
            return failure.attempts();
        }
    }

    @Property(tries = 500)
    void aForbiddenTargetIsNeverVisited(
            @ForAll long seed,
            @ForAll @Size(min = 1, max = 6) List<Boolean> forbidden,
            @ForAll boolean streamed,
            @ForAll @IntRange(max = 3) int orderOf) {
        TestTime time = TestTime.autoAdvancing();
        Random random = new Random(seed);
        List<ScriptedChatModel> models = new ArrayList<>();
        Router.Builder router = Router.builder()
                .time(time)
                .order(List.of(
                                RouteOrder.given(),
                                RouteOrder.weighted(),
                                RouteOrder.leastLatency(),
                                RouteOrder.leastCost(100))
                        .get(orderOf));
        for (int i = 0; i < forbidden.size(); i++) {
            ScriptedChatModel model = unreliable("m" + i, random, time);
            models.add(model);
            Deployment.Builder deployment = Deployment.builder("d" + i, model);
            if (i > 0 && random.nextInt(4) == 0) {
                router.canary(deployment.build(), 50);
            } else {
                router.deployment(
                        (i > 0 && random.nextInt(4) == 0 ? deployment.afterContentFilter() : deployment).build());
            }
        }
        Admission policy = (target, asked) -> {
            if (forbidden.get(Integer.parseInt(target.model().substring(1)))) {
                throw new DeniedException("policy", "owner", "model: " + target.model(), ErrorDetails.NONE);
            }
        };
        ChatModel model =
                Layers.of(Retries.builder().time(time).random(random).build()).around(router.build());
        CallContext context = Admission.add(policy, CallContext.EMPTY);
        for (int call = 0; call < 10; call++) {
            ask(model, context.until(Deadline.after(Duration.ofSeconds(30), time)), streamed);
        }
        for (int i = 0; i < forbidden.size(); i++) {
            if (forbidden.get(i)) {
                assertThat(models.get(i).requests()).as("requests to m%d", i).isEmpty();
            }
        }
    }

    private static void ask(ChatModel model, CallContext context, boolean streamed) {
        ChatRequest request =
                ChatRequest.builder().user("Why?").context(context).build();
        try {
            assertThat(streamed ? model.stream(request).response() : model.chat(request))
                    .isNotNull();
        } catch (LlmException expected) {
            assertThat(Set.of("unsupported_capability", "cancelled")).doesNotContain(expected.code());
        }
    }

    /** The sum of what the attempts say is what the models served. */
    @Property(tries = 300)
    void usageIsWhatTheModelsServed(@ForAll long seed, @ForAll boolean streamed) {
        TestTime time = TestTime.autoAdvancing();
        Random random = new Random(seed);
        Router router = Router.builder()
                .time(time)
                .deployment(Deployment.of("a", unreliable("a", random, time)))
                .deployment(Deployment.of("b", unreliable("b", random, time)))
                .build();
        for (int call = 0; call < 5; call++) {
            List<Attempt> attempts = attemptsOf(router, Deadline.after(Duration.ofSeconds(60), time), streamed);
            assertThat(attempts)
                    .filteredOn(Attempt::succeeded)
                    .allMatch(attempt -> attempt.usage().equals(Usage.of(5, 3)));
            assertThat(attempts.stream().filter(Attempt::succeeded).count()).isLessThanOrEqualTo(1);
            assertThat(attempts).extracting(Attempt::deployment).doesNotHaveDuplicates();
        }
        assertThat(router.health()).allMatch(health -> health.running() == 0);
    }
}
