package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.layer.Pricing;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Price.Rates;
import dev.plinth.api.usage.PriceBook;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.openai.OpenAi;
import dev.plinth.providers.route.Deployment;
import dev.plinth.providers.route.Router;
import dev.plinth.providers.route.Shadow;
import dev.plinth.providers.route.ShadowAnswer;
import dev.plinth.tracing.cost.CostLedger;
import dev.plinth.tracing.cost.CostReport;
import dev.plinth.tracing.cost.Dimension;
import dev.plinth.tracing.cost.PriceList;
import dev.plinth.tracing.cost.Totals;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/cost.md, run. */
class CostSnippetsTest {

    private static final Pattern TABLE = Pattern.compile("(?s)```text\\n(prompt .*?)\\n```");
    private static final Pattern JSON = Pattern.compile("(?s)```json\\n(.*?)\\n```");

    @TempDir
    Path directory;

    private static ChatModel model(String provider, String name) {
        ChatResponse answer = ChatResponse.of("Yes.").toBuilder()
                .model(name)
                .usage(Usage.of(1_000_000, 100_000))
                .build();
        return ScriptedChatModel.builder()
                .info(ModelInfo.local(provider, name))
                .reply(Reply.of(answer))
                .build();
    }

    @Test
    void pricing() {
        ChatModel openAi = model("openai", "gpt-5-mini");
        // snippet: cost-pricing
        Platform platform = Platform.builder()
                .chat("support", openAi)
                .layer(Pricing.by(PriceList.bundled()))
                .build();
        Optional<Cost> cost =
                platform.chat("support").chat(ChatRequest.of("There?")).cost();
        // end
        assertThat(cost.orElseThrow().amount()).isEqualByComparingTo("0.45");
    }

    @Test
    void shadow() {
        ChatModel candidate = model("openai", "gpt-5-mini");
        CostLedger ledger = CostLedger.create();
        List<Runnable> waiting = new ArrayList<>();
        Executor executor = waiting::add;
        List<ShadowAnswer> compared = new ArrayList<>();
        // snippet: cost-shadow
        Platform platform = Platform.builder()
                .chat("v3", candidate)
                .layer(ledger.layer())
                .layer(Pricing.by(PriceList.bundled()))
                .build();
        Shadow shadow = new Shadow(Deployment.of("v3", platform.chat("v3")), 10, executor, compared::add);
        // end
        Router router = Router.builder()
                .deployment(Deployment.of("v1", model("openai", "gpt-5")))
                .shadow(new Shadow(shadow.deployment(), 100, executor, compared::add))
                .build();

        router.chat(ChatRequest.of("There?"));
        waiting.forEach(Runnable::run);

        assertThat(compared)
                .singleElement()
                .satisfies(copy ->
                        assertThat(copy.answer().cost().orElseThrow().amount()).isEqualByComparingTo("0.45"));
        assertThat(ledger.report().by(Dimension.MODEL)).containsOnlyKeys("gpt-5-mini");
        assertThat(ledger.report().total().cost()).hasToString("USD 0.45");
    }

    @Test
    void ownListFirst() throws Exception {
        Matcher example = JSON.matcher(Repository.read(Repository.ROOT.resolve("docs/guide/cost.md")));
        assertThat(example.find()).isTrue();
        Path file = Files.writeString(directory.resolve("prices.json"), example.group(1));
        // snippet: cost-own-list
        PriceBook prices = PriceList.read(file).orElse(PriceList.bundled());
        // end
        Price own = prices.price("azure.ai.openai", "gpt-5-mini-2025-08-07").orElseThrow();
        assertThat(own.currency()).hasToString("EUR");
        assertThat(own.at("priority")).isPresent();
        assertThat(own.batch()).isPresent();
        assertThat(own.of(Usage.of(300_000, 0)).orElseThrow().amount()).isEqualByComparingTo("0.12");
        assertThat(prices.price("openai", "gpt-5-mini").orElseThrow().currency())
                .hasToString("USD");
    }

    @Test
    void pricesInCode() {
        // snippet: cost-in-code
        Price price = Price.builder(
                        Rates.of(new BigDecimal("0.20"), new BigDecimal("0.60")),
                        Currency.getInstance("EUR"),
                        LocalDate.of(2026, 11, 1))
                .build();
        PriceBook cluster = (provider, model) -> provider.equals("vllm") ? Optional.of(price) : Optional.empty();
        // end
        ChatModel priced = Pricing.by(cluster).around(model("vllm", "our-model"));
        assertThat(priced.chat(ChatRequest.of("There?")).cost().orElseThrow().amount())
                .isEqualByComparingTo("0.26");
    }

    @Test
    void tiersAndBatches() {
        Usage usage = Usage.of(1_000_000, 100_000);
        // snippet: cost-tier
        Price price = PriceList.bundled().price("openai", "gpt-5-mini").orElseThrow();
        Optional<Cost> usual = price.of(usage);
        Optional<Cost> flexible = price.at("flex").flatMap(flex -> flex.of(usage));
        Optional<Cost> tomorrow = price.batch().flatMap(batch -> batch.of(usage));
        // end
        assertThat(usual.orElseThrow().amount()).isEqualByComparingTo("0.45");
        assertThat(flexible.orElseThrow().amount()).isEqualByComparingTo("0.225");
        assertThat(tomorrow.orElseThrow().amount()).isEqualByComparingTo("0.225");
    }

    @Test
    void batches() {
        try (OpenAi openAi = OpenAi.builder().apiKey("none").build()) {
            // snippet: cost-batches
            ChatBatches batches = Pricing.by(PriceList.bundled()).around(openAi.chatBatches("gpt-5-mini"));
            // end
            assertThat(batches.info().model()).isEqualTo("gpt-5-mini");
        }
    }

    @Test
    void ledger() {
        ChatModel openAi = model("openai", "gpt-5-mini");
        CallContext caller = CallContext.builder()
                .principal(new Principal("portal", "support", null))
                .prompt(new PromptRef("greet", "3"))
                .build();
        // snippet: cost-ledger
        CostLedger ledger = CostLedger.create();
        Platform platform = Platform.builder()
                .chat("support", openAi)
                .layer(ledger.layer())
                .layer(Pricing.by(PriceList.bundled()))
                .build();
        // end
        platform.chat("support")
                .chat(ChatRequest.of("There?").toBuilder().context(caller).build());

        // snippet: cost-report
        CostReport report = ledger.report();
        Map<String, Totals> byTeam = report.by(Dimension.TEAM);
        String prompts = report.where(Dimension.TEAM, "support").table(Dimension.PROMPT, Dimension.PROMPT_VERSION);
        // end
        assertThat(byTeam.get("support").cost()).hasToString("USD 0.45");
        assertThat(prompts.lines().toList())
                .isEqualTo(TABLE.matcher(Repository.read(Repository.ROOT.resolve("docs/guide/cost.md")))
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group(1)
                        .lines()
                        .toList());
    }

    @Test
    void reportsStay() {
        Path file = directory.resolve("costs.jsonl");
        Path archive = directory.resolve("archive");
        CostLedger ledger = CostLedger.create();
        ledger.addLate(CallContext.EMPTY, ChatResponse.of("Yes."));
        // snippet: cost-keep
        if (Files.exists(file)) { // when the application starts
            ledger.add(CostReport.read(file));
        }
        ledger.report().write(file); // every few minutes, and when it stops

        CostReport november = ledger.drain(); // at the end of the month
        november.write(archive.resolve("2026-11.jsonl"));
        ledger.report().write(file); // lest a restart books November again
        // end
        assertThat(november.total().calls()).isEqualTo(1);
        assertThat(CostReport.read(file).lines()).isEmpty();
        assertThat(CostReport.read(archive.resolve("2026-11.jsonl")).lines()).isEqualTo(november.lines());
    }

    @Test
    void reservedCapacityIsShared() {
        CostLedger ledger = CostLedger.create();
        Cost fee = new Cost(new BigDecimal("9000"), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1));
        // snippet: cost-reserved
        CostReport shared = ledger.report().sharing("azure.ai.openai", "gpt-5", fee);
        // end
        assertThat(shared.total().cost()).hasToString("USD 9000");
    }

    @Test
    void batchesAreBookedLate() {
        CostLedger ledger = CostLedger.create();
        CallContext caller = CallContext.builder().useCase("archive").build();
        BatchResult result = BatchResult.answered("1", ChatResponse.of("Yes."));
        // snippet: cost-late
        result.response().ifPresent(answer -> ledger.addLate(caller, answer));
        // end
        assertThat(ledger.report().by(Dimension.USE_CASE)).containsOnlyKeys("archive");
    }
}
