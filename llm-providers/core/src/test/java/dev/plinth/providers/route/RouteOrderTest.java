package dev.plinth.providers.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Price.Rates;
import dev.plinth.providers.route.DeploymentHealth.State;
import java.lang.Character.UnicodeScript;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouteOrderTest {

    private static ChatModel model(String name) {
        return ScriptedChatModel.builder()
                .info(ModelInfo.local("vendor", name))
                .otherwise(request -> Reply.text("from " + name))
                .build();
    }

    private static Deployment deployment(String name, double weight) {
        return Deployment.builder(name, model(name)).weight(weight).build();
    }

    private static ChatRequest of(String user) {
        return ChatRequest.builder()
                .user("Why?")
                .context(CallContext.builder()
                        .principal(new Principal("app", "team", user))
                        .build())
                .build();
    }

    private static String first(Router router, ChatRequest request) {
        return router.chat(request).attempts().get(0).deployment();
    }

    private static Map<String, Integer> firstsOfUsers(Router router, int users) {
        Map<String, Integer> firsts = new HashMap<>();
        for (int user = 0; user < users; user++) {
            firsts.merge(first(router, of("user-" + user)), 1, Integer::sum);
        }
        return firsts;
    }

    @Test
    void weightsAreSharesOfTheUsers() {
        Router router = Router.builder()
                .order(RouteOrder.weighted())
                .deployment(deployment("a", 6))
                .deployment(deployment("b", 3))
                .deployment(deployment("c", 1))
                .build();
        Map<String, Integer> firsts = firstsOfUsers(router, 10_000);
        assertThat(firsts.get("a")).isCloseTo(6000, within(200));
        assertThat(firsts.get("b")).isCloseTo(3000, within(200));
        assertThat(firsts.get("c")).isCloseTo(1000, within(200));
    }

    @Test
    void aUserStaysWhereHeIs() {
        Router two = Router.builder()
                .order(RouteOrder.weighted())
                .deployment(deployment("a", 1))
                .deployment(deployment("b", 1))
                .build();
        Router three = Router.builder()
                .order(RouteOrder.weighted())
                .deployment(deployment("c", 1))
                .deployment(deployment("b", 1))
                .deployment(deployment("a", 1))
                .build();
        for (int user = 0; user < 500; user++) {
            String before = first(two, of("user-" + user));
            assertThat(first(two, of("user-" + user))).isEqualTo(before);
            assertThat(first(three, of("user-" + user)))
                    .as("moves to the new one only")
                    .isIn(before, "c");
        }
    }

    @Test
    void whoIsNobodyIsDrawn() {
        Router router = Router.builder()
                .order(RouteOrder.weighted())
                .deployment(deployment("a", 1))
                .deployment(deployment("b", 1))
                .build();
        long firsts = Stream.generate(() -> first(router, ChatRequest.of("Why?")))
                .limit(2000)
                .filter("a"::equals)
                .count();
        assertThat(firsts).isBetween(850L, 1150L);
    }

    @Test
    void aCanaryGetsItsShareAndNobodyElse() {
        ScriptedChatModel canary = ScriptedChatModel.builder()
                .info(ModelInfo.local("vendor", "canary"))
                .otherwise(request -> Reply.text("from canary"))
                .build();
        Router router = Router.builder()
                .deployment(deployment("stable", 1))
                .canary(Deployment.of("canary", canary), 5)
                .build();
        Map<String, Integer> firsts = firstsOfUsers(router, 10_000);
        assertThat(firsts.get("canary")).isCloseTo(500, within(80));
        ChatResponse response = Stream.iterate(0, user -> user + 1)
                .map(user -> router.chat(of("user-" + user)))
                .filter(each -> "canary".equals(each.attempts().get(0).deployment()))
                .findFirst()
                .orElseThrow();
        assertThat(response.attempts().get(0).why()).isEqualTo("canary");
    }

    @Test
    void theCheapestForThisRequestComesFirst() {
        Deployment cheapInput =
                Deployment.builder("in", model("in")).price(price(1, 40)).build();
        Deployment cheapOutput =
                Deployment.builder("out", model("out")).price(price(10, 4)).build();
        Router router = Router.builder()
                .order(RouteOrder.leastCost(100))
                .deployment(deployment("unknown", 1))
                .deployment(cheapInput)
                .deployment(cheapOutput)
                .build();
        assertThat(first(router, ChatRequest.of("Why?"))).isEqualTo("out");
        assertThat(first(router, ChatRequest.of("x".repeat(40_000)))).isEqualTo("in");
        assertThat(first(
                        router,
                        ChatRequest.of("Why?").toBuilder().maxOutputTokens(1).build()))
                .isEqualTo("out");
    }

    private static Price price(int input, int output) {
        Rates rates = Rates.of(BigDecimal.valueOf(input), BigDecimal.valueOf(output));
        return Price.builder(rates, Currency.getInstance("USD"), LocalDate.of(2026, 1, 1))
                .build();
    }

    @Test
    void theQuickestComesFirstAndTheUnknownIsTried() {
        TestTime time = TestTime.autoAdvancing();
        Router.Builder builder = Router.builder().time(time).order(RouteOrder.leastLatency());
        for (Map.Entry<String, Integer> each :
                Map.of("slow", 300, "quick", 100, "middle", 200).entrySet()) {
            builder.deployment(Deployment.of(
                    each.getKey(),
                    ScriptedChatModel.builder()
                            .info(ModelInfo.local("vendor", each.getKey()))
                            .time(time)
                            .otherwise(request -> Reply.text("x").after(Duration.ofMillis(each.getValue())))
                            .build()));
        }
        Router router = builder.build();
        List<String> tried = Stream.generate(() -> first(router, ChatRequest.of("Why?")))
                .limit(3)
                .toList();
        assertThat(tried).containsExactlyInAnyOrder("slow", "quick", "middle");
        assertThat(Stream.generate(() -> first(router, ChatRequest.of("Why?"))).limit(5))
                .containsOnly("quick");
    }

    @Test
    void callsThatRunCountForTheLatency() {
        DeploymentHealth idle = health("idle", Duration.ofMillis(150), 0);
        DeploymentHealth busy = health("busy", Duration.ofMillis(100), 1);
        DeploymentHealth unknownAndBusy = health("unknown", null, 1);
        assertThat(Stream.of(unknownAndBusy, busy, idle)
                        .sorted(RouteOrder.leastLatency().forRequest(ChatRequest.of("Why?"))))
                .containsExactly(idle, busy, unknownAndBusy);
    }

    private static DeploymentHealth health(String name, Duration latency, int running) {
        return new DeploymentHealth(deployment(name, 1), State.CLOSED, Duration.ZERO, latency, running);
    }

    @Test
    void conditionsDecideWhoTakesARequest() {
        Router router = Router.builder()
                .deployment(Deployment.builder("short", model("short"))
                        .when(When.atMostCharacters(10))
                        .build())
                .deployment(Deployment.builder("russian", model("russian"))
                        .when(When.writtenIn(UnicodeScript.CYRILLIC))
                        .build())
                .deployment(Deployment.builder("german", model("german"))
                        .when(When.tag("language", "de").or(When.useCase("kundendienst")))
                        .build())
                .deployment(Deployment.builder("search", model("search"))
                        .when(When.team("search"))
                        .build())
                .deployment(deployment("rest", 1))
                .build();
        assertThat(first(router, ChatRequest.of("Why?"))).isEqualTo("short");
        assertThat(first(router, ChatRequest.of("Почему небо голубое?"))).isEqualTo("russian");
        String question = "Why is the sky blue?";
        assertThat(first(router, in(question, CallContext.builder().tag("language", "de"))))
                .isEqualTo("german");
        assertThat(first(router, in(question, CallContext.builder().useCase("kundendienst"))))
                .isEqualTo("german");
        assertThat(first(router, in(question, CallContext.builder().principal(new Principal("a", "search", null)))))
                .isEqualTo("search");
        assertThat(first(router, ChatRequest.of(question))).isEqualTo("rest");
    }

    private static ChatRequest in(String question, CallContext.Builder context) {
        return ChatRequest.builder().user(question).context(context.build()).build();
    }

    @Test
    void ordersFollowEachOther() {
        Deployment dear =
                Deployment.builder("dear", model("dear")).price(price(9, 9)).build();
        Deployment cheap =
                Deployment.builder("cheap", model("cheap")).price(price(1, 1)).build();
        RouteOrder namesOfFourFirst = request -> java.util.Comparator.comparing(
                health -> health.deployment().name().length() == 4 ? 0 : 1);
        Router router = Router.builder()
                .order(namesOfFourFirst.then(RouteOrder.leastCost(10)))
                .deployment(cheap)
                .deployment(dear)
                .build();
        assertThat(first(router, ChatRequest.of("Why?"))).isEqualTo("dear");
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> deployment("a", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> deployment("a", Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> RouteOrder.leastCost(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Router.builder().canary(deployment("a", 1), 100));
    }
}
