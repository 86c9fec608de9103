package dev.plinth.tracing.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CostReportTest {

    private static final Currency USD = Currency.getInstance("USD");

    @Property
    void everyCutSumsToTheTotal(@ForAll("reports") CostReport report, @ForAll Dimension dimension) {
        Totals sum = report.by(dimension).values().stream().reduce(Totals.NONE, Totals::plus);

        assertThat(sum).isEqualTo(report.total());
        for (String value : report.by(dimension).keySet()) {
            assertThat(report.where(dimension, value).total())
                    .isEqualTo(report.by(dimension).get(value));
        }
        assertThat(report.lines().stream().map(CostReport.Line::totals).reduce(Totals.NONE, Totals::plus))
                .isEqualTo(report.total());
    }

    @Property
    void reportsAddUpInAnyOrder(
            @ForAll("reports") CostReport one,
            @ForAll("reports") CostReport other,
            @ForAll("reports") CostReport third) {
        assertThat(one.plus(other).plus(third).lines())
                .isEqualTo(third.plus(one.plus(other)).lines())
                .isEqualTo(third.plus(other).plus(one).lines());
        assertThat(one.plus(CostReport.EMPTY).lines()).isEqualTo(one.lines());
        assertThat(one.plus(other).total()).isEqualTo(one.total().plus(other.total()));
    }

    @Property
    void sharesOfAFeeSumToTheFee(@ForAll("reports") CostReport report, @ForAll int cents) {
        Cost fee = usd(BigDecimal.valueOf(Math.abs((long) cents), 2).toPlainString());

        CostReport shared = report.sharing("openai", "gpt-5", fee);

        CostReport users = shared.where(Dimension.PROVIDER, "openai").where(Dimension.MODEL, "gpt-5");
        assertThat(users.total().cost().in(USD).orElseThrow().amount()).isEqualByComparingTo(fee.amount());
        assertThat(users.total().unpriced()).isZero();
        assertThat(shared.total().usage()).isEqualTo(report.total().usage());
        assertThat(shared.where(Dimension.MODEL, "claude").lines())
                .isEqualTo(report.where(Dimension.MODEL, "claude").lines());
    }

    @Test
    void theDearestComesFirst() {
        CostReport report = report("support", "gpt-5", 100, "1.5")
                .plus(report("sales", "gpt-5", 900, "20"))
                .plus(report("hr", "own", 900, null));

        assertThat(report.by(Dimension.TEAM).keySet()).containsExactly("sales", "support", "hr");
    }

    @Test
    void aFeeIsSharedByTokens() {
        CostReport report = report("support", "gpt-5", 100, "1.5")
                .plus(report("sales", "gpt-5", 300, null))
                .plus(report("sales", "claude", 300, "7"));

        Map<String, Totals> shared =
                report.sharing("openai", "gpt-5", usd("100")).by(Dimension.TEAM);

        assertThat(shared.get("support").cost()).isEqualTo(Amounts.of(usd("25")));
        assertThat(shared.get("sales").cost()).isEqualTo(Amounts.of(usd("82")));
    }

    @Test
    void answersNameTheDayOfTheModelWhoseCapacityIsReserved() {
        CostReport shared = report("support", "gpt-5-2025-08-07", 100, "7").sharing("openai", "gpt-5", usd("100"));

        assertThat(shared.total().cost()).isEqualTo(Amounts.of(usd("100")));
        assertThat(shared.by(Dimension.TEAM)).containsOnlyKeys("support");
    }

    @Test
    void capacityThatNobodyUsedIsStillPaidFor() {
        CostReport shared = report("support", "claude", 100, "1.5").sharing("openai", "gpt-5", usd("100"));

        assertThat(shared.where(Dimension.MODEL, "gpt-5").total().cost()).isEqualTo(Amounts.of(usd("100")));
        assertThat(shared.by(Dimension.TEAM).keySet()).containsExactly("", "support");
    }

    @Test
    void aTableForPeople() {
        CostReport report = report("support", "gpt-5", 1_100, "1.50").plus(report("", "own", 900, null));

        assertThat(report.table(Dimension.TEAM, Dimension.MODEL).lines().toList())
                .isEqualTo(List.of(
                        "team     model  calls  input  output     cost  unpriced  saved",
                        "support  gpt-5      1  1,100       0  USD 1.5         0      -",
                        "-        own        1    900       0        -         1      -",
                        "total               2  2,000       0  USD 1.5         1      -"));
    }

    @Test
    void aTableHasColumns() {
        assertThatThrownBy(CostReport.EMPTY::table)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimensions: none (expected: at least one)");
    }

    @Test
    void currenciesAreNeverMixed() {
        Cost euro = new Cost(new BigDecimal("2"), Currency.getInstance("EUR"), LocalDate.of(2026, 11, 1));
        Amounts both = Amounts.of(usd("1.50")).plus(Amounts.of(euro)).plus(Amounts.of(usd("1")));

        assertThat(both).hasToString("EUR 2 + USD 2.5");
        assertThat(both.in(USD).orElseThrow().amount()).isEqualByComparingTo("2.5");
        assertThat(both.in(Currency.getInstance("CHF"))).isEmpty();
    }

    @Provide
    Arbitrary<CostReport> reports() {
        Arbitrary<Cost> costs = Combinators.combine(
                        Arbitraries.longs().between(0, 1_000_000_000),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.of("USD", "EUR"),
                        Arbitraries.integers().between(1, 28))
                .as((amount, scale, currency, day) -> new Cost(
                        BigDecimal.valueOf(amount, scale),
                        Currency.getInstance(currency),
                        LocalDate.of(2026, 11, day)));
        Arbitrary<CostReport> calls = Combinators.combine(
                        Arbitraries.of("support", "sales", "hr", ""),
                        Arbitraries.of("greet", ""),
                        Arbitraries.of("gpt-5", "claude", "own"),
                        Arbitraries.longs().between(0, 100_000),
                        costs.injectNull(0.3))
                .as(CostReportTest::report);
        return calls.list().ofMaxSize(12).map(all -> all.stream().reduce(CostReport.EMPTY, CostReport::plus));
    }

    /** The report of one call to the provider openai; no cost when that is null. */
    private static CostReport report(String team, String model, long tokens, String cost) {
        return report(team, "", model, tokens, cost == null ? null : usd(cost));
    }

    private static CostReport report(String team, String prompt, String model, long tokens, Cost cost) {
        CallContext.Builder context = CallContext.builder();
        if (!team.isEmpty()) {
            context.principal(new Principal("app", team, null));
        }
        if (!prompt.isEmpty()) {
            context.prompt(new PromptRef(prompt, "1"));
        }
        CostLedger ledger = CostLedger.builder().time(TestTime.manual()).build();
        ledger.addLate(
                context.build(),
                ChatResponse.of("hi").toBuilder()
                        .provider("openai")
                        .model(model)
                        .usage(Usage.of(tokens, 0))
                        .cost(cost)
                        .build());
        return ledger.report();
    }

    private static Cost usd(String amount) {
        return new Cost(new BigDecimal(amount), USD, LocalDate.of(2026, 11, 1));
    }
}
