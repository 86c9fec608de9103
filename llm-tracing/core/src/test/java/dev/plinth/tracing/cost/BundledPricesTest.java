package dev.plinth.tracing.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Price.Rates;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What holds for every price of the list that is shipped. */
class BundledPricesTest {

    private static final PriceList LIST = PriceList.bundled();
    static final List<PriceList.Listed> PRICES = LIST.prices();

    @Test
    void saysWhereItIsFromAndWhen() {
        assertThat(LIST.asOf()).isAfter(LocalDate.of(2026, 1, 1));
        assertThat(LIST.source()).isNotBlank();
        assertThat(PRICES).hasSizeBetween(80, 250);
        assertThat(PRICES)
                .extracting(each -> each.provider() + " " + each.model())
                .doesNotHaveDuplicates();
        assertThat(new TreeSet<>(PRICES.stream().map(PriceList.Listed::provider).toList()))
                .containsExactly(
                        "anthropic",
                        "aws.bedrock",
                        "cohere",
                        "gcp.gemini",
                        "groq",
                        "mistral_ai",
                        "openai",
                        "voyage",
                        "x_ai");
    }

    @ParameterizedTest
    @FieldSource("PRICES")
    void everyPriceMakesSense(PriceList.Listed listed) {
        assertThat(LIST.find(listed.provider(), listed.model())).contains(listed);
        assertThat(URI.create(listed.source()).getScheme()).isEqualTo("https");
        Price price = listed.price();
        assertThat(price.currency()).hasToString("USD");
        assertThat(price.asOf()).isEqualTo(LIST.asOf());
        for (Price variant : variants(price)) {
            sensible(variant.rates());
            assertThat(variant.above()).allSatisfy((limit, longer) -> {
                assertThat(limit).isBetween(50_000L, 2_000_000L);
                sensible(longer);
                assertThat(longer.input())
                        .as("long calls are dearer")
                        .isGreaterThan(variant.rates().input());
                assertThat(known(longer)).isEqualTo(known(variant.rates()));
            });
        }
        price.batch()
                .ifPresent(batch -> assertThat(batch.rates().input())
                        .isLessThan(price.rates().input()));
        assertThat(price.tiers().keySet()).isSubsetOf("flex", "priority", "fast");
        assertThat(price.of(Usage.of(1_000, 1_000))).isPresent();
    }

    private static List<Price> variants(Price price) {
        List<Price> all = new ArrayList<>(price.tiers().values());
        price.batch().ifPresent(all::add);
        all.add(price);
        return all;
    }

    private static void sensible(Rates rates) {
        assertThat(rates.input()).isPositive().isLessThan(BigDecimal.valueOf(1_000));
        assertThat(rates.output()).isNotNegative().isLessThan(BigDecimal.valueOf(1_000));
        if (rates.output().signum() > 0) {
            assertThat(rates.output()).isGreaterThanOrEqualTo(rates.input());
        }
        atMost(rates.cachedInput(), rates.input());
        atMost(rates.input(), rates.cacheWrite());
        atMost(rates.cacheWrite(), rates.longCacheWrite());
    }

    private static void atMost(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        if (one != null && other != null) {
            assertThat(one).isLessThanOrEqualTo(other);
        }
    }

    private static List<Boolean> known(Rates rates) {
        return List.of(rates.cachedInput() != null, rates.cacheWrite() != null, rates.longCacheWrite() != null);
    }

    @Test
    void namesAreThoseOfOneModel() {
        Set<String> names = new HashSet<>();
        for (PriceList.Listed listed : PRICES) {
            assertThat(names.add(listed.provider() + " " + listed.model())).isTrue();
        }
        assertThat(PRICES.stream()
                        .filter(listed -> listed.provider().equals("openai"))
                        .collect(Collectors.toMap(PriceList.Listed::model, PriceList.Listed::price)))
                .containsKeys("gpt-4.1", "gpt-4.1-mini");
        assertThat(LIST.find("openai", "gpt-4.1-2025-04-14").orElseThrow().model())
                .isEqualTo("gpt-4.1");
        assertThat(LIST.find("openai", "gpt-4.1-mini-2025-04-14").orElseThrow().model())
                .isEqualTo("gpt-4.1-mini");
        assertThat(LIST.find("openai", "gpt-4o-2024-05-13").orElseThrow().model())
                .as("an old day had another price")
                .isEqualTo("gpt-4o-2024-05-13");
        assertThat(LIST.find("anthropic", "claude-haiku-4-5-20251001")
                        .orElseThrow()
                        .model())
                .isEqualTo("claude-haiku-4-5");
        assertThat(LIST.find("openai", "gpt-4.1-turbo")).isEmpty();
    }

    /** The models that the guides name, and those that have no price by tokens, or one that changes with the hour. */
    @ParameterizedTest
    @CsvSource({
        "openai, gpt-5-mini, true",
        "openai, text-embedding-3-small, true",
        "anthropic, claude-haiku-4-5, true",
        "gcp.gemini, gemini-3.8-flash, true",
        "gcp.gemini, gemini-embedding-001, true",
        "gcp.gemini, gemini-embedding-2, true",
        "cohere, command-a-03-2025, true",
        "cohere, embed-v4.0, true",
        "voyage, voyage-3.5, true",
        "voyage, rerank-2.5, true",
        "cohere, rerank-v3.5, false",
        "jina, jina-reranker-v3, false",
        "jina, jina-embeddings-v3, false",
        "deepseek, deepseek-flash, false",
        "aws.bedrock, eu.amazon.nova-lite-v1:0, false",
        "aws.bedrock, amazon.titan-embed-text-v2:0, false",
        "gcp.vertex_ai, gemini-3.8-flash, false",
        "azure.ai.openai, gpt-5-mini, false",
        "ollama, llama3.2, false"
    })
    void documentedModelsAreListedOrSaidNotToBe(String provider, String model, boolean listed) {
        assertThat(LIST.find(provider, model).isPresent()).isEqualTo(listed);
    }

    @Test
    void aRegionThatCostsMoreIsAnotherPrice() {
        String haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
        Price everywhere = LIST.price("aws.bedrock", "global." + haiku).orElseThrow();
        Price europe = LIST.price("aws.bedrock", "eu." + haiku).orElseThrow();
        assertThat(everywhere.rates().input()).isEqualByComparingTo("1");
        assertThat(europe.rates().input()).isEqualByComparingTo("1.1");
        assertThat(LIST.price("aws.bedrock", "us-gov." + haiku)).isEmpty();
    }

    @Test
    void someCallsByHand() {
        // 10,000 x 3 + 90,000 x 0.30 + 2,000 x 15, per million
        assertThat(cost("anthropic", "claude-sonnet-4-6", cached(100_000, 90_000, 2_000)))
                .isEqualByComparingTo("0.087");
        // above 272,000: 300,000 x 5 + 1,000 x 22.5, per million
        assertThat(cost("openai", "gpt-5.4", Usage.of(300_000, 1_000))).isEqualByComparingTo("1.5225");
        assertThat(cost("openai", "gpt-5.4", Usage.of(272_000, 0))).isEqualByComparingTo("0.68");
        Usage kept = Usage.builder()
                .input(1_000_000)
                .cacheWrite(1_000_000)
                .longCacheWrite(1_000_000)
                .output(0)
                .build();
        assertThat(cost("anthropic", "claude-opus-4-8", kept)).isEqualByComparingTo("10");
        Price mini = LIST.price("openai", "gpt-5-mini").orElseThrow();
        assertThat(mini.batch()
                        .orElseThrow()
                        .of(Usage.of(1_000_000, 1_000_000))
                        .orElseThrow()
                        .amount())
                .isEqualByComparingTo("1.125");
        assertThat(mini.at("priority").orElseThrow().rates().input()).isEqualByComparingTo("0.45");
        assertThat(mini.at("scale")).isEmpty();
    }

    private static Usage cached(long input, long cached, long output) {
        return Usage.of(input, output).toBuilder().cachedInput(cached).build();
    }

    private static BigDecimal cost(String provider, String model, Usage usage) {
        return LIST.price(provider, model)
                .flatMap(price -> price.of(usage))
                .map(Cost::amount)
                .orElseThrow();
    }
}
