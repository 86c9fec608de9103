package dev.plinth.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.batch.BatchRequest;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.error.InvalidFileException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.layer.Pricing;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.FakeChatBatches;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Price.Rates;
import dev.plinth.api.usage.PriceBook;
import dev.plinth.api.usage.Usage;
import dev.plinth.governance.ListedModel.Kind;
import dev.plinth.governance.ListedModel.Status;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {

    private static final String MODEL = """
            owner: team
            models:
              - provider: p
                model: m
                kind: chat
                status: approved
            """;

    private static final LocalDate NOVEMBER = LocalDate.of(2026, 11, 1);

    @TempDir
    Path directory;

    @Test
    void readsEverything() {
        Catalogue catalogue = Catalogues.load(directory, Catalogues.FULL);
        assertThat(catalogue.owner()).isEqualTo("platform-team");
        assertThat(catalogue.models()).hasSize(5);
        ListedModel fast = catalogue.models().get(0);
        assertThat(fast.alias()).contains("fast");
        assertThat(fast.provider()).isEqualTo("openai");
        assertThat(fast.model()).isEqualTo("gpt-5-mini");
        assertThat(fast.kind()).isEqualTo(Kind.CHAT);
        assertThat(fast.status()).isEqualTo(Status.APPROVED);
        assertThat(fast.capabilities()).containsExactlyInAnyOrder(Capability.TOOLS, Capability.JSON_SCHEMA);
        assertThat(fast.contextTokens()).hasValue(400_000);
        assertThat(fast.region()).contains("eu");
        assertThat(fast.price())
                .contains(Price.builder(
                                rates("0.25", "0.025", "0", "0.5", "2.00"), Currency.getInstance("USD"), NOVEMBER)
                        .above(2_000_000, rates("0.5", "0.05", "0", "1", "4.00"))
                        .tier(
                                "flex",
                                Price.builder(
                                                rates("0.125", null, null, null, "1"),
                                                Currency.getInstance("USD"),
                                                NOVEMBER)
                                        .above(2_000_000, rates("0.25", null, null, null, "2"))
                                        .build())
                        .batch(Price.builder(
                                        rates("0.125", null, null, null, "1"), Currency.getInstance("USD"), NOVEMBER)
                                .build())
                        .build());
        assertThat(fast).hasToString("ListedModel[fast, openai/gpt-5-mini, chat, approved]");
        ListedModel plain = catalogue.models().get(3);
        assertThat(plain.alias()).isEmpty();
        assertThat(plain.contextTokens()).isEmpty();
        assertThat(plain.region()).isEmpty();
        assertThat(plain.price()).isEmpty();
        assertThat(plain.capabilities()).isEmpty();
    }

    private static Rates rates(String input, String cached, String written, String kept, String output) {
        return new Rates(decimal(input), decimal(cached), decimal(written), decimal(kept), decimal(output));
    }

    private static BigDecimal decimal(String number) {
        return number == null ? null : new BigDecimal(number);
    }

    @Test
    void findsByAliasAndByModelWithinKindAndProvider() {
        Catalogue catalogue = Catalogues.load(directory, Catalogues.FULL);
        assertThat(catalogue.find(Kind.CHAT, "openai", "fast"))
                .contains(catalogue.models().get(0));
        assertThat(catalogue.find(Kind.CHAT, "openai", "gpt-5-mini"))
                .contains(catalogue.models().get(0));
        assertThat(catalogue.find(Kind.CHAT, "openai", "gpt-4").map(ListedModel::isCallable))
                .contains(false);
        assertThat(catalogue.find(Kind.EMBEDDING, "openai", "fast")).isEmpty();
        assertThat(catalogue.find(Kind.CHAT, "mistral_ai", "fast")).isEmpty();
    }

    @Test
    void itsPricesAreABookForEveryKind() {
        PriceBook prices = Catalogues.load(directory, Catalogues.FULL).prices();
        assertThat(prices.price("openai", "fast")).isEqualTo(prices.price("openai", "gpt-5-mini"));
        assertThat(prices.price("openai", "vectors").orElseThrow().of(Usage.of(1_000_000, 0)))
                .hasValueSatisfying(cost -> assertThat(cost.amount()).isEqualByComparingTo("0.02"));
        assertThat(prices.price("openai", "gpt-4")).isEmpty();
        assertThat(prices.lists("openai", "gpt-4")).isTrue();
        assertThat(prices.lists("openai", "gpt-6")).isFalse();
    }

    @Test
    void aNameOfTwoKindsHasThePriceThatBothHave() {
        String twice = Catalogues.FULL.replace("alias: vectors", "alias: smart");
        assertThat(Catalogues.load(directory, twice).prices().price("openai", "smart"))
                .isEmpty();
        assertThat(Catalogues.load(directory, twice).prices().lists("openai", "smart"))
                .isTrue();
    }

    @Test
    void itsPricesAreThoseOfBatchesToo() {
        FakeChatBatches batches = FakeChatBatches.of(ModelInfo.local("openai", "gpt-5-mini"));
        String id = batches.submit(List.of(new BatchRequest("a", ChatRequest.of("Why?"))))
                .id();
        batches.answer(
                        id,
                        "a",
                        ChatResponse.of("So.").toBuilder()
                                .provider("openai")
                                .model("gpt-5-mini")
                                .usage(Usage.of(1_000_000, 0))
                                .build())
                .end(id);
        Pricing pricing = Pricing.by(Catalogues.load(directory, Catalogues.FULL).prices());
        try (BatchResults results = pricing.around(batches).results(id)) {
            ChatResponse answer = results.iterator().next().response().orElseThrow();
            assertThat(answer.cost().orElseThrow().amount()).isEqualByComparingTo("0.125");
        }
    }

    @Test
    void namesEveryMistakeWithItsLine() {
        String broken = """
                owner: team
                models:
                  - alias: a b
                    provider: openai
                    model: 4
                    kind: image
                    status: aproved
                    colour: red
                    contextTokens: 0
                    region:
                    capabilities: [Tools, seed, seed]
                    price:
                      input: -1
                      output: 1e3
                      currency: ZZZZ
                      asOf: 2026-02-30
                      above: [{inputTokens: 1.5, input: 1, output: 1, cachedInput: x}]
                      tiers:
                        - {tier: Flex, input: 1, output: 1}
                        - {tier: slow, input: 1, output: 1, above: [{inputTokens: 9, input: 1, output: 1}, {inputTokens: 9, input: 1, output: 1}]}
                        - {tier: slow, input: 1}
                      batch: half
                  - provider: p
                """;
        assertThat(problems(broken))
                .containsExactly(
                        "catalogue.yaml:3: models[0].alias: a b (expected: a text without blanks)",
                        "catalogue.yaml:5: models[0].model: 4 (expected: a text without blanks)",
                        "catalogue.yaml:6: models[0].kind: image (expected: one of chat, embedding)",
                        "catalogue.yaml:7: models[0].status: aproved (expected: one of approved, deprecated, retired)",
                        "catalogue.yaml:8: models[0].colour: unknown key (expected: one of alias, provider, model, kind, status, capabilities, contextTokens, region, price)",
                        "catalogue.yaml:9: models[0].contextTokens: 0 (expected: a whole number > 0)",
                        "catalogue.yaml:10: models[0].region: nothing (expected: a text without blanks)",
                        "catalogue.yaml:11: models[0].capabilities[0]: Tools (expected: lower-case words joined by -, each once)",
                        "catalogue.yaml:11: models[0].capabilities[2]: seed (expected: lower-case words joined by -, each once)",
                        "catalogue.yaml:13: models[0].price.input: -1 (expected: a number >= 0)",
                        "catalogue.yaml:14: models[0].price.output: 1e3 (expected: a number >= 0)",
                        "catalogue.yaml:15: models[0].price.currency: ZZZZ (expected: an ISO 4217 code, such as USD)",
                        "catalogue.yaml:16: models[0].price.asOf: 2026-02-30 (expected: a date, such as 2026-11-01)",
                        "catalogue.yaml:17: models[0].price.above[0].inputTokens: 1.5 (expected: a whole number > 0)",
                        "catalogue.yaml:17: models[0].price.above[0].cachedInput: x (expected: a number >= 0)",
                        "catalogue.yaml:19: models[0].price.tiers[0].tier: Flex (expected: a tier in lower case, without blanks)",
                        "catalogue.yaml:20: models[0].price.tiers[1].above[1].inputTokens: 9 (expected: each limit once)",
                        "catalogue.yaml:21: models[0].price.tiers[2].output: missing (expected: a value)",
                        "catalogue.yaml:21: models[0].price.tiers[2].tier: slow (expected: each tier once)",
                        "catalogue.yaml:22: models[0].price.batch: half (expected: keys input, cachedInput, cacheWrite, longCacheWrite, output, above)",
                        "catalogue.yaml:23: models[1].model: missing (expected: a value)",
                        "catalogue.yaml:23: models[1].kind: missing (expected: a value)",
                        "catalogue.yaml:23: models[1].status: missing (expected: a value)");
    }

    @Test
    void refusesNamesWithTwoMeanings() {
        String expected = " (expected: a name no other model of this kind and provider has)";
        assertThat(problems(MODEL + "  - {alias: m, provider: p, model: other, kind: chat, status: approved}\n"))
                .containsExactly("catalogue.yaml:7: models[1].alias: m" + expected);
        assertThat(problems(MODEL + "  - {provider: p, model: m, kind: chat, status: retired}\n"))
                .containsExactly("catalogue.yaml:7: models[1].model: m" + expected);
    }

    @Test
    void takesTheSameNameForAnotherProviderOrKind() {
        String more = """
                  - {provider: q, model: m, kind: chat, status: approved}
                  - {provider: p, model: m, kind: embedding, status: approved}
                """;
        assertThat(Catalogues.load(directory, MODEL + more).models()).hasSize(3);
    }

    @Test
    void refusesRepeatedKeys() {
        assertThat(problems(MODEL + "    kind: embedding\n"))
                .containsExactly("catalogue.yaml:7: models[0].kind: repeated (expected: each key once)");
    }

    @Test
    void refusesWhatIsNoCatalogue() {
        assertThat(problems("- a\n"))
                .containsExactly("catalogue.yaml:1: catalogue: a list (expected: keys owner, models)");
        assertThat(problems("owner: team\nmodels: []\n"))
                .containsExactly("catalogue.yaml:1: models: empty (expected: at least one model)");
        assertThat(problems("owner: team\nmodels: all\n")).contains("catalogue.yaml:2: models: all (expected: a list)");
        assertThat(problems(""))
                .containsExactly("catalogue.yaml: catalogue: an empty file (expected: one YAML document)");
        assertThat(problems("owner: [\n")).hasSize(1).first().asString().startsWith("catalogue.yaml:2: catalogue: ");
        assertThat(problems(MODEL + "---\n" + MODEL))
                .hasSize(1)
                .first()
                .asString()
                .contains("(expected: one YAML document)");
        assertThat(problems("owner: team\nmodels:\n  - &a [*a]\n")).isNotEmpty();
    }

    @Test
    void saysWhenTheFileCannotBeRead() throws Exception {
        assertThatThrownBy(() -> Catalogue.load(directory.resolve("none.yaml")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("none.yaml")
                .hasMessageContaining("(expected: a readable UTF-8 file)");
        Path latin = Files.write(directory.resolve("latin.yaml"), new byte[] {'o', (byte) 0xe9});
        assertThatThrownBy(() -> Catalogue.load(latin)).isInstanceOf(StoreException.class);
    }

    private List<String> problems(String yaml) {
        try {
            Catalogues.load(directory, yaml);
        } catch (InvalidFileException refused) {
            assertThat(refused.code()).isEqualTo("invalid_file");
            assertThat(refused.getMessage()).contains(refused.problems());
            return refused.problems();
        }
        return List.of();
    }
}
