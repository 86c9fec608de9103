package dev.plinth.providers.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.usage.Attempt;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom a router asks. */
class RouterTest extends RouterFixture {

    @ParameterizedTest
    @MethodSource("bothWays")
    void theFirstThatIsGivenAnswersAndIsNamed(Function<ChatRequest, Function<ChatModel, ChatResponse>> ask) {
        Router router = router().deployment(Deployment.of("a", model("a", says("from a"))))
                .deployment(Deployment.of("b", model("b", says("from b"))))
                .build();
        ChatResponse response = ask.apply(ChatRequest.of("Why?")).apply(router);
        assertThat(response.text()).isEqualTo("from a");
        assertThat(response.degraded()).isFalse();
        assertThat(response.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.deployment()).isEqualTo("a");
            assertThat(attempt.provider()).isEqualTo("vendor-a");
            assertThat(attempt.model()).isEqualTo("model-a");
            assertThat(attempt.why()).isEqualTo("first choice");
            assertThat(attempt.succeeded()).isTrue();
        });
    }

    @Test
    void policyIsAskedBeforeEveryTarget() {
        ScriptedChatModel a = model("a", busy());
        ScriptedChatModel b = model("b", says("from b"));
        ScriptedChatModel c = model("c", says("from c"));
        Router router = router().deployment(Deployment.of("a", a))
                .deployment(Deployment.of("b", b))
                .deployment(Deployment.of("c", c))
                .build();
        CallContext context = Admission.add(RouterTest::notB, CallContext.EMPTY);
        ChatResponse response = router.chat(asking(context.toBuilder()));
        assertThat(response.text()).isEqualTo("from c");
        assertThat(response.attempts().get(0).why()).isEqualTo("first choice; not b (denied by no-b)");
        assertThat(b.requests()).isEmpty();
        CallContext nowhere = Admission.add(
                (target, asked) -> {
                    throw new DeniedException("nothing", "owner", "model: any", ErrorDetails.NONE);
                },
                CallContext.EMPTY);
        assertThatThrownBy(() -> router.chat(asking(nowhere.toBuilder()))).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> router.stream(asking(nowhere.toBuilder()))).isInstanceOf(DeniedException.class);
        assertThat(b.requests()).isEmpty();
    }

    @Test
    void policyIsAskedAgainRightBeforeACallIsSent() {
        boolean[] stopped = new boolean[1];
        ScriptedChatModel b = model("b", says("from b"));
        Router router = router().deployment(Deployment.of("a", model("a", fails(() -> {
                    stopped[0] = true; // somebody throws a switch while the first one works
                    return new OverloadedException("server: busy");
                }))))
                .deployment(Deployment.of("b", b))
                .deployment(Deployment.of("c", model("c", says("from c"))))
                .build();
        CallContext context = Admission.add(
                (target, asked) -> {
                    if (stopped[0]) {
                        notB(target, asked);
                    }
                },
                CallContext.EMPTY);
        assertThat(router.chat(asking(context.toBuilder())).text()).isEqualTo("from c");
        assertThat(b.requests()).isEmpty();
        assertThat(router.health()).allMatch(health -> health.running() == 0);
    }

    private static void notB(ModelInfo target, CallContext asked) {
        if (target.model().equals("model-b")) {
            throw new DeniedException("no-b", "owner", "model: model-b", ErrorDetails.NONE);
        }
    }

    @Test
    void whatADeploymentCannotDoIsNotAskedOfIt() {
        ScriptedChatModel blind = ScriptedChatModel.builder()
                .info(ModelInfo.local("v", "blind"))
                .otherwise(request -> says("blind"))
                .build();
        Router router = router().deployment(Deployment.of("blind", blind))
                .deployment(Deployment.of("seeing", model("seeing", says("a cat"))))
                .build();
        ChatRequest picture = ChatRequest.builder()
                .messages(List.of(
                        Message.user(new dev.plinth.api.chat.Part.Image(Media.of(new byte[] {1}, "image/png")))))
                .build();
        assertThat(router.info().can(Capability.IMAGE_INPUT)).isTrue();
        assertThat(router.chat(picture).text()).isEqualTo("a cat");
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("blind");
        Router none = router().deployment(Deployment.of("blind", blind)).build();
        assertThatThrownBy(() -> none.chat(picture)).isInstanceOf(UnsupportedCapabilityException.class);
    }

    @Test
    void aRequestThatNamesAModelGoesToItsDeploymentsOnly() {
        ScriptedChatModel a = model("a", says("from a"));
        ScriptedChatModel b = model("b", says("from b"));
        Router router = router().deployment(Deployment.of("a", a))
                .deployment(Deployment.of("b", b))
                .build();
        ChatRequest byModel =
                ChatRequest.of("Why?").toBuilder().model("model-b").build();
        ChatRequest byName = ChatRequest.of("Why?").toBuilder().model("b").build();
        assertThat(router.chat(byModel).text()).isEqualTo("from b");
        assertThat(router.chat(byName).text()).isEqualTo("from b");
        assertThat(b.requests())
                .allMatch(request -> request.model().orElseThrow().equals("model-b"));
        assertThatThrownBy(() -> router.chat(
                        ChatRequest.of("Why?").toBuilder().model("c").build()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageStartingWith("deployment: none for this request (expected: one that takes it;"
                        + " not a (another model), b (another model))");
    }

    @Test
    void aRegionBindsACall() {
        ScriptedChatModel us = model("us", says("from us"));
        Router router = router().deployment(
                        Deployment.builder("us", us).region("us").build())
                .deployment(Deployment.builder("eu", model("eu", busy()))
                        .region("eu")
                        .build())
                .deployment(Deployment.of("unknown", us))
                .build();
        CallContext.Builder european = CallContext.builder().tag("region", "eu");
        assertThatThrownBy(() -> router.chat(asking(european))).isInstanceOf(OverloadedException.class);
        assertThat(us.requests()).isEmpty();
        assertThatThrownBy(() -> router.chat(asking(CallContext.builder().tag("region", "ch"))))
                .isInstanceOf(ModelNotFoundException.class);
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from us");
    }

    @Test
    void tiersGoDownAndNeverUp() {
        Router router = router().deployment(Deployment.builder("bronze", model("bronze", says("bronze")))
                        .tier(Tier.BRONZE)
                        .build())
                .deployment(Deployment.builder("silver", model("silver", busy()))
                        .tier(Tier.SILVER)
                        .build())
                .deployment(Deployment.builder("gold", model("gold", says("gold")))
                        .tier(Tier.GOLD)
                        .build())
                .build();
        assertThat(router.chat(asking(CallContext.builder().tag("tier", "gold")))
                        .text())
                .isEqualTo("gold");
        ChatResponse silver = router.chat(asking(CallContext.builder().tag("tier", "silver")));
        assertThat(silver.text()).isEqualTo("bronze");
        assertThat(silver.degraded()).isTrue();
        assertThat(silver.attempts()).extracting(Attempt::deployment).containsExactly("silver", "bronze");
        ChatResponse bronze = router.chat(asking(CallContext.builder().tag("tier", "bronze")));
        assertThat(bronze.degraded()).isFalse();
        assertThat(router.chat(ChatRequest.of("Why?")).text())
                .as("the first, whatever its tier")
                .isEqualTo("bronze");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> router.chat(asking(CallContext.builder().tag("tier", "iron"))))
                .withMessage("tags.tier: iron (expected: bronze, silver or gold)");
    }

    @Test
    void aStandInComesLastAndIsDeclared() {
        Router router = router().deployment(Deployment.builder("fixed", model("fixed", says("We are out of order.")))
                        .standIn()
                        .build())
                .deployment(Deployment.of("a", model("a", busy())))
                .build();
        ChatResponse response = router.chat(ChatRequest.of("Why?"));
        assertThat(response.text()).isEqualTo("We are out of order.");
        assertThat(response.degraded()).isTrue();
        assertThat(response.attempts()).extracting(Attempt::deployment).containsExactly("a", "fixed");
    }

    @Test
    void namesAreUniqueAndSomebodyIsAskedByEverybody() {
        ScriptedChatModel a = model("a", says("from a"));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Router.builder().deployment(Deployment.of("a", a)).deployment(Deployment.of("a", a)));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Router.builder().canary(Deployment.of("a", a), 5).build());
        assertThatIllegalArgumentException().isThrownBy(() -> Router.builder().build());
    }
}
