package dev.plinth.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTypeReadTest {

    record Numbers(int number, long large, double twice, BigDecimal exact, BigInteger huge) {}

    record Checked(int share) {
        Checked {
            if (share > 100) {
                throw new IllegalArgumentException("share: above 100 (expected: 0 to 100)");
            }
        }
    }

    record Pair(Checked one, Checked other) {}

    record Odd(Map<String, Integer> counts) {}

    record WithId(UUID id, Instant at) {}

    @Test
    void readsARecord() {
        String json = """
                {"title": "Leek soup", "ingredients": [{"name": "leek", "amount": 250.50}],
                 "heat": "MILD", "time": "PT45M", "vegan": true}
                """;

        assertThat(JsonType.of(Kitchen.Recipe.class).read(json))
                .isEqualTo(new Kitchen.Recipe(
                        "Leek soup",
                        List.of(new Kitchen.Ingredient("leek", new BigDecimal("250.50"))),
                        Kitchen.Heat.MILD,
                        Optional.of(Duration.ofMinutes(45)),
                        true));
    }

    @Test
    void listsEverythingThatIsWrong() {
        String json = """
                {"title": 7, "ingredients": [{"name": "leek", "amount": "250"}, 3, {"name": "salt", "extra": 1}],
                 "heat": "LUKEWARM", "time": "an hour", "note": "x"}
                """;

        assertThat(violations(Kitchen.Recipe.class, json))
                .containsExactly(
                        "$.title: number (expected: string)",
                        "$.ingredients[0].amount: string (expected: number)",
                        "$.ingredients[1]: number (expected: object)",
                        "$.ingredients[2].amount: missing (expected: number)",
                        "$.ingredients[2].extra: unknown property (expected: only name, amount)",
                        "$.heat: another string (expected: one of MILD, MEDIUM, HOT)",
                        "$.time: string of another form (expected: duration)",
                        "$.vegan: missing (expected: boolean)",
                        "$.note: unknown property (expected: only title, ingredients, heat, time, vegan)");
    }

    @Test
    void takesALeftOutPropertyThatMayBeNullAsNull() {
        Kitchen.Recipe recipe =
                JsonType.of(Kitchen.Recipe.class).read("{\"title\":\"x\",\"ingredients\":[],\"vegan\":false}");

        assertThat(recipe.heat()).isNull();
        assertThat(recipe.time()).isEmpty();
    }

    @Test
    void refusesNullWhereAValueBelongs() {
        assertThat(violations(Kitchen.Ingredient.class, "{\"name\":null,\"amount\":null}"))
                .containsExactly("$.name: null (expected: string)", "$.amount: null (expected: number)");
    }

    @Test
    void keepsEveryDigit() {
        String json =
                "{\"number\":-2147483648,\"large\":9007199254740993,\"twice\":0.1,\"exact\":0.10000000000000000555000,"
                        + "\"huge\":123456789012345678901234567890}";

        Numbers numbers = JsonType.of(Numbers.class).read(json);

        assertThat(numbers.large()).isEqualTo(9007199254740993L);
        assertThat(numbers.exact()).isEqualTo(new BigDecimal("0.10000000000000000555000"));
        assertThat(numbers.huge()).isEqualTo(new BigInteger("123456789012345678901234567890"));
        assertThat(JsonType.of(Numbers.class).write(numbers)).isEqualTo(json);
    }

    @Test
    void readsAnIntegerByItsNumberNotItsForm() {
        String json = "{\"number\":3.0,\"large\":1e3,\"twice\":1,\"exact\":1,\"huge\":0e99}";

        assertThat(JsonType.of(Numbers.class).read(json))
                .isEqualTo(new Numbers(3, 1000, 1, BigDecimal.ONE, BigInteger.ZERO));
    }

    @Test
    void refusesNumbersThatDoNotFit() {
        String json = "{\"number\":2147483648,\"large\":1e19,\"twice\":1e999,\"exact\":true,\"huge\":1e999999999}";

        assertThat(violations(Numbers.class, json))
                .containsExactly(
                        "$.number: integer out of range (expected: -2147483648 to 2147483647)",
                        "$.large: integer out of range (expected: -9223372036854775808 to 9223372036854775807)",
                        "$.twice: number out of range (expected: what a binary number can hold)",
                        "$.exact: boolean (expected: number)",
                        "$.huge: integer out of range (expected: at most 1000 digits)");
        assertThat(violations(Checked.class, "{\"share\":1.5}"))
                .containsExactly("$.share: fraction (expected: integer)");
    }

    @Test
    void tellsWhatARecordRefuses() {
        assertThat(violations(Pair.class, "{\"one\":{\"share\":101},\"other\":{\"share\":5}}"))
                .containsExactly("$.one: refused: share: above 100 (expected: 0 to 100)");
    }

    @Test
    void quotesPathsThatAreNoPlainNames() {
        String json = "{\"counts\":{\"it's\":\"x\",\"a b\":null,\"ok\":true,\"" + "n".repeat(90) + "\":\"\"}}";

        assertThat(violations(Odd.class, json))
                .containsExactly(
                        "$.counts['it\\'s']: string (expected: integer)",
                        "$.counts['a b']: null (expected: integer)",
                        "$.counts.ok: boolean (expected: integer)",
                        "$.counts['" + "n".repeat(80) + "…']: string (expected: integer)");
    }

    @Test
    void readsSealedInterfacesByTheirTag() {
        JsonType<Kitchen.Place> type = JsonType.of(Kitchen.Place.class);

        assertThat(type.read("{\"type\":\"Table\",\"number\":4}")).isEqualTo(new Kitchen.Table(4));
        assertThat(type.read("{\"colour\":\"red\",\"type\":\"Blanket\",\"near\":{\"type\":\"Bench\"}}"))
                .isEqualTo(new Kitchen.Blanket("red", new Kitchen.Bench()));
        assertThat(violations(Kitchen.Place.class, "{\"number\":4}"))
                .containsExactly("$.type: missing (expected: one of Table, Bench, Blanket)");
        assertThat(violations(Kitchen.Place.class, "{\"type\":\"Chair\"}"))
                .containsExactly("$.type: another string (expected: one of Table, Bench, Blanket)");
        assertThat(violations(Kitchen.Place.class, "{\"type\":1}"))
                .containsExactly("$.type: number (expected: one of Table, Bench, Blanket)");
        assertThat(violations(Kitchen.Place.class, "{\"type\":\"Bench\",\"number\":1}"))
                .containsExactly("$.number: unknown property (expected: only type)");
    }

    @ParameterizedTest
    @CsvSource({"MEDIUM", "medium", "Medium"})
    void forgivesTheCaseOfEnumsInEveryLocale(String text) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(JsonType.of(Kitchen.Heat.class).read('"' + text + '"')).isEqualTo(Kitchen.Heat.MEDIUM);
        } finally {
            Locale.setDefault(before);
        }
    }

    enum Twins {
        a,
        A
    }

    @Test
    void doesNotGuessBetweenConstantsThatDifferInCaseOnly() {
        assertThat(JsonType.of(Twins.class).read("\"a\"")).isEqualTo(Twins.a);
        assertThat(JsonType.of(Twins.class).read("\"A\"")).isEqualTo(Twins.A);
    }

    @Test
    void readsTimesWithAnyOffset() {
        WithId read = JsonType.of(WithId.class)
                .read("{\"id\":\"6F9619FF-8B86-D011-B42D-00CF4FC964FF\",\"at\":\"2026-01-31T10:00:00+02:00\"}");

        assertThat(read.at()).isEqualTo(Instant.parse("2026-01-31T08:00:00Z"));
        assertThat(violations(WithId.class, "{\"id\":\"1-1-1-1-1\",\"at\":\"2026-01-31\"}"))
                .containsExactly(
                        "$.id: string of another form (expected: uuid)",
                        "$.at: string of another form (expected: date-time)");
    }

    @Test
    void refusesWhatIsNotJson() {
        assertThat(violations(Checked.class, "")).containsExactly("$: no text (expected: JSON)");
        assertThat(violations(Checked.class, "{\"share\":1"))
                .containsExactly("$: JSON that ends too early (expected: all of it)");
        assertThat(violations(Checked.class, "{\"share\":1} {}"))
                .containsExactly("$: text after the JSON (expected: one JSON value and nothing else)");
        assertThat(violations(Checked.class, "{\"share\":1,\"share\":2}").get(0))
                .contains("a property twice");
        assertThat(violations(Checked.class, "{'share':1}").get(0))
                .startsWith("$: broken JSON at line 1, column ")
                .doesNotContain("Feature");
        assertThat(violations(Checked.class, "{\"share\":NaN}").get(0)).startsWith("$: broken JSON");
        assertThat(violations(Numbers.class, "{\"exact\":1e99999999999}").get(0))
                .startsWith("$: broken JSON");
        assertThat(violations(Kitchen.Tree.class, "{\"label\":".repeat(5000)).get(0))
                .startsWith("$: ");
    }

    @Test
    void theExceptionKeepsTheTextOutOfItsMessage() {
        StructuredOutputException failure = failure(Checked.class, "{\"share\":\"secret\"}");

        assertThat(failure).hasMessage("answer: 1 violation at $.share (expected: JSON of Checked)");
        assertThat(failure.code()).isEqualTo("structured_output");
        assertThat(failure.rawText()).isEqualTo("{\"share\":\"secret\"}");
        assertThat(failure.usage()).isEqualTo(Usage.NONE);
        assertThat(failure.isRetryable()).isFalse();
    }

    private static List<String> violations(Class<?> type, String json) {
        return failure(type, json).violations().stream()
                .map(Violation::toString)
                .toList();
    }

    private static StructuredOutputException failure(Class<?> type, String json) {
        JsonType<?> described = JsonType.of(type);
        return catchThrowableOfType(StructuredOutputException.class, () -> described.read(json));
    }
}
