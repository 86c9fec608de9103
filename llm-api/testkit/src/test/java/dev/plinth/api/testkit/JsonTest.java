package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Property(tries = 500)
    void comesBackAsItWasWritten(@ForAll("values") Json value) {
        assertThat(JsonReader.read(JsonWriter.compact(value))).isEqualTo(value);
        assertThat(JsonReader.read(JsonWriter.pretty(value))).isEqualTo(value);
        byte[] file = JsonWriter.pretty(value).getBytes(StandardCharsets.UTF_8);
        assertThat(JsonReader.read(new String(file, StandardCharsets.UTF_8))).isEqualTo(value);
    }

    @Property(tries = 500)
    void neverFailsButByRefusing(@ForAll("texts") String text) {
        try {
            Json value = JsonReader.read(text);
            assertThat(JsonReader.read(JsonWriter.compact(value))).isEqualTo(value);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageStartingWith("JSON: wrong in line ");
        }
    }

    @Provide
    Arbitrary<Json> values() {
        return values(3);
    }

    private static Arbitrary<Json> values(int depth) {
        Arbitrary<String> names = Arbitraries.strings()
                .all()
                .ofMaxLength(6)
                .filter(name -> StandardCharsets.UTF_8.newEncoder().canEncode(name));
        Arbitrary<Json> scalars = Arbitraries.oneOf(
                names.map(Json.Str::new),
                Arbitraries.of("true", "false", "null").map(Json.Plain::new),
                Arbitraries.longs().map(number -> new Json.Plain(Long.toString(number))),
                Arbitraries.bigDecimals().map(number -> new Json.Plain(number.toString())));
        if (depth == 0) {
            return scalars;
        }
        Arbitrary<Json> inside = Arbitraries.lazy(() -> values(depth - 1));
        return Arbitraries.oneOf(
                scalars,
                inside.list().ofMaxSize(4).map(Json.Arr::new),
                Arbitraries.maps(names, inside).ofMaxSize(4).map(Json.Obj::new));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("{}[]\",:\\ \n\tu0012eE+-.truefalsn")
                .ofMaxLength(12);
    }

    @Test
    void readsAllThatIsJson() {
        Json json = JsonReader.read(
                " {\"a\" : [ 1, -0.5e+3,true , null, [], {} ],\n\"\\u0041\\n\\/\\\"\":\"\\ud83d\\ude00ö\"} ");
        assertThat(json).hasToString("{\"a\":[1,-0.5e+3,true,null,[],{}],\"A\\n/\\\"\":\"\uD83D\uDE00ö\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "[1 2]",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{\"a\":1,\"a\":2}",
                "01",
                "+1",
                "1.",
                ".5",
                "1e",
                "NaN",
                "tru",
                "\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"a\nb\"",
                "1 2",
                "[1]]",
                "'a'",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "\uFEFF1"
            })
    void refusesWhatIsNot(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonReader.read(text));
    }

    @Test
    void refusesBottomlessNesting() {
        assertThat(JsonReader.tryRead("[".repeat(500) + "]".repeat(500))).isPresent();
        assertThat(JsonReader.tryRead("[".repeat(100_000) + "]".repeat(100_000)))
                .isEmpty();
    }

    @Test
    void saysWhereItIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonReader.read("{\n\"a\":1,\n\"a\":2}"))
                .withMessage("JSON: wrong in line 3 (expected: a name that is not there yet)");
    }

    @Test
    void printsShortThingsAndNumbersOnOneLine() {
        String numbers = "1.5,".repeat(60) + "2";
        Json json = JsonReader.read("{\"short\":{\"a\":1,\"b\":\"x\"},\"vector\":[" + numbers + "],\"long\":[\""
                + "x".repeat(60) + "\",\"" + "y".repeat(60) + "\"]}");
        assertThat(JsonWriter.pretty(json))
                .isEqualTo("{\n  \"short\": {\"a\": 1, \"b\": \"x\"},\n  \"vector\": [" + numbers.replace(",", ", ")
                        + "],\n  \"long\": [\n    \"" + "x".repeat(60) + "\",\n    \"" + "y".repeat(60)
                        + "\"\n  ]\n}\n");
    }
}
