package dev.plinth.tracing.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.plinth.api.error.InvalidFileException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Price.Rates;
import dev.plinth.api.usage.PriceBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PriceListTest {

    private static final String FULL = """
            {
              "asOf": "2026-11-01",
              "source": "our contract",
              "currency": "EUR",
              "prices": [
                {"provider": "p", "model": "big-1", "also": ["big", "big-latest"],
                 "source": "their page", "asOf": "2026-10-01",
                 "input": 3, "cachedInput": 0.30, "cacheWrite": 3.75, "longCacheWrite": 6, "output": 15,
                 "above": [{"inputTokens": 200000, "input": 6, "cachedInput": 0.6, "output": 22.5}],
                 "tiers": [{"tier": "flex", "input": 1.5, "output": 7.5,
                            "above": [{"inputTokens": 200000, "input": 3, "output": 11.25}]},
                           {"tier": "priority", "input": 6, "output": 30}],
                 "batch": {"input": 1, "output": 5}},
                {"provider": "p", "model": "big-1-mini", "dated": false, "input": 1, "output": 2},
                {"provider": "q", "model": "big-1", "input": 9, "output": 9}
              ]
            }
            """;

    private static Schema schema;

    @TempDir
    Path directory;

    @BeforeAll
    static void readSchema() throws IOException {
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("../../docs/formats/prices.schema.json")), InputFormat.JSON);
    }

    private PriceList read(String json) {
        try {
            return PriceList.read(Files.writeString(directory.resolve("prices.json"), json));
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static Rates rates(String input, String cached, String written, String kept, String output) {
        return new Rates(decimal(input), decimal(cached), decimal(written), decimal(kept), decimal(output));
    }

    private static BigDecimal decimal(String number) {
        return number == null ? null : new BigDecimal(number);
    }

    private static Price.Builder builder(Rates rates) {
        return Price.builder(rates, Currency.getInstance("EUR"), LocalDate.of(2026, 10, 1));
    }

    @Test
    void readsEverything() {
        PriceList list = read(FULL);
        assertThat(list.asOf()).isEqualTo(LocalDate.of(2026, 11, 1));
        assertThat(list.source()).isEqualTo("our contract");
        assertThat(list).hasToString("PriceList[3 prices, 2026-11-01, our contract]");
        Price big = builder(rates("3", "0.30", "3.75", "6", "15"))
                .above(200_000, rates("6", "0.6", null, null, "22.5"))
                .tier(
                        "flex",
                        builder(rates("1.5", null, null, null, "7.5"))
                                .above(200_000, rates("3", null, null, null, "11.25"))
                                .build())
                .tier("priority", builder(rates("6", null, null, null, "30")).build())
                .batch(builder(rates("1", null, null, null, "5")).build())
                .build();
        assertThat(list.prices()).hasSize(3);
        assertThat(list.prices().get(0)).isEqualTo(new PriceList.Listed("p", "big-1", big, "their page"));
        assertThat(list.prices().get(1).source()).isEqualTo("our contract");
        assertThat(list.prices().get(1).price().asOf()).isEqualTo(list.asOf());
    }

    @Test
    void findsAModelByItsNamesAndByNoOther() {
        PriceList list = read(FULL);
        for (String name : List.of("big-1", "big", "big-latest", "big-1-2026-10-01", "big-1-20261001")) {
            assertThat(list.find("p", name)).as(name).contains(list.prices().get(0));
            assertThat(list.lists("p", name)).isTrue();
        }
        for (String name :
                List.of("big-1-0709", "big-1-latest", "big-2026-10-01", "big-1-mini-2026-10-01", "BIG-1", "")) {
            assertThat(list.price("p", name)).as(name).isEmpty();
        }
        assertThat(list.find("p", "big-1-mini")).contains(list.prices().get(1));
        assertThat(list.find("q", "big-1")).contains(list.prices().get(2));
        assertThat(list.find("q", "big-1-2026-10-01")).contains(list.prices().get(2));
        assertThat(list.find("q", "big")).isEmpty();
        assertThat(list.find("r", "big-1")).isEmpty();
    }

    @Test
    void anOwnListStandsBeforeTheBundledOne() {
        PriceBook prices = read(FULL.replace("\"q\", \"model\": \"big-1\"", "\"openai\", \"model\": \"gpt-4o\""))
                .orElse(PriceList.bundled());
        assertThat(prices.price("openai", "gpt-4o").orElseThrow().currency()).hasToString("EUR");
        assertThat(prices.price("openai", "gpt-4o-2024-08-06").orElseThrow().currency())
                .as("a dated name of the own model")
                .hasToString("EUR");
        assertThat(prices.price("openai", "gpt-4o-mini").orElseThrow().currency())
                .hasToString("USD");
    }

    @Test
    void namesEveryMistakeWithItsPlace() {
        String broken = """
                {"asOf": "2026-02-30", "source": " ", "currency": "usd", "note": 1, "prices": [
                  {"provider": "a b", "model": 4, "also": ["x", "x", ""], "dated": "yes", "input": "1", "output": 1e3},
                  {"provider": "p", "model": "m", "input": 1, "output": 1, "asOf": 2026,
                   "above": [{"inputTokens": 1.5, "input": 1, "output": 1}, {"inputTokens": 9, "input": 1, "output": 1},
                             {"inputTokens": 9, "input": 1, "output": 1}],
                   "tiers": [{"tier": "Flex", "input": 1, "output": 1}, {"tier": "slow", "input": 1, "output": 1},
                             {"tier": "slow", "input": 1}],
                   "batch": 0.5},
                  {"provider": "p", "model": "n", "also": ["m"], "input": -1, "colour": null},
                  []
                ]}
                """;
        assertThat(problems(broken))
                .containsExactlyInAnyOrder(
                        "prices.json: note: unknown key (expected: one of asOf, source, currency, prices)",
                        "prices.json: asOf: 2026-02-30 (expected: a date, such as 2026-11-01)",
                        "prices.json: source:   (expected: where the prices come from)",
                        "prices.json: currency: usd (expected: an ISO 4217 code, such as USD)",
                        "prices.json: prices[0].provider: a b (expected: a text without blanks)",
                        "prices.json: prices[0].model: 4 (expected: a text without blanks)",
                        "prices.json: prices[0].also[1]: x (expected: a text without blanks, each once)",
                        "prices.json: prices[0].also[2]: nothing (expected: a text without blanks, each once)",
                        "prices.json: prices[0].dated: yes (expected: true or false)",
                        "prices.json: prices[0].input: 1 (expected: a number >= 0)",
                        "prices.json: prices[0].output: 1e3 (expected: a number >= 0)",
                        "prices.json: prices[1].asOf: 2026 (expected: a date, such as 2026-11-01)",
                        "prices.json: prices[1].above[0].inputTokens: 1.5 (expected: a whole number > 0)",
                        "prices.json: prices[1].above[2].inputTokens: 9 (expected: each limit once)",
                        "prices.json: prices[1].tiers[0].tier: Flex (expected: a tier in lower case, without blanks)",
                        "prices.json: prices[1].tiers[2].output: missing (expected: a number >= 0)",
                        "prices.json: prices[1].tiers[2].tier: slow (expected: each tier once)",
                        "prices.json: prices[1].batch: 0.5 (expected: an object of above, input, cachedInput, cacheWrite, longCacheWrite, output)",
                        "prices.json: prices[2].colour: unknown key (expected: one of provider, model, also, dated, source, asOf, above, tiers, batch, input, cachedInput, cacheWrite, longCacheWrite, output)",
                        "prices.json: prices[2].input: -1 (expected: a number >= 0)",
                        "prices.json: prices[2].output: missing (expected: a number >= 0)",
                        "prices.json: prices[3]: a list (expected: an object of provider, model, also, dated, source, asOf, above, tiers, batch, input, cachedInput, cacheWrite, longCacheWrite, output)");
        assertThat(problems(FULL.replace("\"big-1-mini\"", "\"big-latest\"")))
                .containsExactly(
                        "prices.json: prices[1].model: big-latest (expected: a name no other price of this provider has)");
    }

    @Test
    void refusesWhatIsNoList() {
        assertThat(problems("[]"))
                .containsExactly("prices.json: file: a list (expected: an object of asOf, source, currency, prices)");
        assertThat(problems("{}")).hasSize(4);
        for (String broken : List.of("", "{", "{} {}", "{\"asOf\": 1, \"asOf\": 2}", "[1, ]", "nope")) {
            assertThat(problems(broken))
                    .as(broken)
                    .singleElement()
                    .asString()
                    .startsWith("prices.json:1: JSON: ")
                    .endsWith(" (expected: one JSON document, each key once)");
        }
    }

    private List<String> problems(String json) {
        try {
            read(json);
        } catch (InvalidFileException refused) {
            assertThat(refused.code()).isEqualTo("invalid_file");
            assertThat(refused.getMessage()).contains(refused.problems());
            return refused.problems();
        }
        return List.of();
    }

    @Test
    void saysWhenTheFileCannotBeRead() throws Exception {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> PriceList.read(directory.resolve("none.json")))
                .withMessageContaining("none.json (expected: a readable UTF-8 file)");
        Path latin = Files.write(directory.resolve("latin.json"), new byte[] {'"', (byte) 0xe9, '"'});
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> PriceList.read(latin));
    }

    @Test
    void schemaAndReaderTakeTheFullListAndTheBundledOne() throws IOException {
        assertThat(schema.validate(FULL, InputFormat.JSON)).isEmpty();
        String bundled = Files.readString(Path.of("src/main/resources/dev/plinth/tracing/cost/prices.json"));
        assertThat(schema.validate(bundled, InputFormat.JSON)).isEmpty();
        assertThat(read(bundled).prices()).isEqualTo(PriceList.bundled().prices());
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void schemaAndReaderSayTheSame(String from, String to) {
        assertThat(FULL).contains(from);
        String changed = FULL.replaceFirst(Pattern.quote(from), to);
        assertThat(schema.validate(changed, InputFormat.JSON).isEmpty())
                .as("schema takes " + to)
                .isEqualTo(problems(changed).isEmpty());
    }

    static Stream<String[]> mutations() {
        return Stream.of(
                new String[] {"\"asOf\": \"2026-11-01\",", ""},
                new String[] {"2026-11-01", "1.11.2026"},
                new String[] {"\"source\": \"our contract\",", ""},
                new String[] {"our contract", " "},
                new String[] {"\"EUR\"", "\"eur\""},
                new String[] {"\"EUR\"", "null"},
                new String[] {"\"prices\": [", "\"other\": ["},
                new String[] {"\"provider\": \"p\"", "\"provider\": \"\""},
                new String[] {"\"provider\": \"p\"", "\"provider\": \"p p\""},
                new String[] {"\"provider\": \"p\", ", ""},
                new String[] {"\"model\": \"big-1\"", "\"model\": 1"},
                new String[] {"[\"big\", \"big-latest\"]", "[]"},
                new String[] {"[\"big\", \"big-latest\"]", "\"big\""},
                new String[] {"[\"big\", \"big-latest\"]", "[\"big\", \"big\"]"},
                new String[] {"[\"big\", \"big-latest\"]", "[1]"},
                new String[] {"\"dated\": false", "\"dated\": true"},
                new String[] {"\"dated\": false", "\"dated\": 1"},
                new String[] {"their page", ""},
                new String[] {"2026-10-01", "October"},
                new String[] {"\"input\": 3, ", ""},
                new String[] {"\"input\": 3, ", "\"input\": -3, "},
                new String[] {"\"input\": 3, ", "\"input\": \"3\", "},
                new String[] {"\"cachedInput\": 0.30, ", ""},
                new String[] {"\"cachedInput\": 0.30, ", "\"cachedInput\": null, "},
                new String[] {"\"longCacheWrite\": 6, ", "\"longCacheWrite\": true, "},
                new String[] {"\"output\": 15,", ""},
                new String[] {"\"inputTokens\": 200000", "\"inputTokens\": 0"},
                new String[] {"\"inputTokens\": 200000", "\"inputTokens\": 1.5"},
                new String[] {"\"inputTokens\": 200000", "\"inputTokens\": 2.0"},
                new String[] {"\"inputTokens\": 200000", "\"inputTokens\": 2147483648"},
                new String[] {"\"inputTokens\": 200000, ", ""},
                new String[] {"\"output\": 22.5", "\"tier\": \"x\", \"output\": 1"},
                new String[] {", \"output\": 22.5", ""},
                new String[] {"\"flex\"", "\"Flex\""},
                new String[] {"\"flex\"", "\"\""},
                new String[] {"\"tier\": \"flex\", ", ""},
                new String[] {"\"input\": 1.5, ", ""},
                new String[] {"{\"input\": 1, \"output\": 5}", "{\"input\": 1}"},
                new String[] {"{\"input\": 1, \"output\": 5}", "{\"input\": 1, \"output\": 5, \"tiers\": []}"},
                new String[] {"{\"input\": 1, \"output\": 5}", "0.5"});
    }
}
