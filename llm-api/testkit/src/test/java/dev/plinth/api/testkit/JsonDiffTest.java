package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.testkit.JsonDiff.Difference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class JsonDiffTest {

    private static List<String> diff(String recorded, String found, String... ignored) {
        List<List<String>> paths = Stream.of(ignored)
                .map(pointer -> List.of(pointer.substring(1).split("/")))
                .toList();
        return JsonDiff.between(JsonReader.read(recorded), JsonReader.read(found), paths).stream()
                .map(difference -> "/" + String.join("/", difference.path()) + " " + difference.recorded() + " "
                        + difference.found())
                .toList();
    }

    @Test
    void meaningCountsNotLayout() {
        assertThat(diff("{\"a\":1,\"b\":[true,\"x\"]}", " { \"b\" : [ true, \"\\u0078\" ], \"a\" : 1.0 } "))
                .isEmpty();
        assertThat(diff("[1,100,0,-0.0]", "[1e0,1.00E2,0.000,0]")).isEmpty();
        assertThat(diff(
                        "[1e999999999,12345678901234567890123456789]",
                        "[10e999999998,12345678901234567890123456789.0]"))
                .isEmpty();
    }

    @Test
    void everyDifferenceIsNamed() {
        assertThat(diff(
                        "{\"same\":1,\"gone\":2,\"list\":[1,2,3],\"kind\":\"1\",\"deep\":{\"x\":null}}",
                        "{\"same\":1,\"list\":[2,1],\"kind\":1,\"deep\":{\"x\":{}},\"new\":[]}"))
                .containsExactly(
                        "/gone 2 null",
                        "/list/0 1 2",
                        "/list/1 2 1",
                        "/list/2 3 null",
                        "/kind \"1\" 1",
                        "/deep/x null {}",
                        "/new null []");
        assertThat(diff("[1e9999999999]", "[1e9999999998]")).hasSize(1); // more than a BigDecimal takes
        assertThat(diff("[true]", "[1]")).hasSize(1);
    }

    @Test
    void ignoredPartsMayDiffer() {
        String recorded = "{\"user\":\"a\",\"messages\":[{\"id\":1,\"text\":\"x\"},{\"id\":2}],\"meta\":{\"id\":9}}";
        String found = "{\"messages\":[{\"id\":3,\"text\":\"x\"},{\"id\":4}],\"meta\":{\"id\":8}}";
        assertThat(diff(recorded, found, "/user", "/messages/*/id", "/meta")).isEmpty();
        assertThat(diff(recorded, found, "/user", "/messages/0/id")).hasSize(2);
        assertThat(diff(recorded, found, "/*")).isEmpty();
    }

    @Test
    void scrubbedIsAnyText() {
        assertThat(diff("[\"[scrubbed]\",\"id [scrubbed], key [scrubbed].\"]", "[\"\",\"id 7, key \\n\\\\E.\"]"))
                .isEmpty();
        assertThat(diff("[\"id [scrubbed].\"]", "[\"id 7\"]")).hasSize(1);
        assertThat(diff("[\"x\"]", "[\"[scrubbed]\"]")).hasSize(1);
    }

    @Provide
    Arbitrary<Json> values() {
        return new JsonTest().values();
    }

    @Property(tries = 300)
    void nothingDiffersFromItselfInAnyOrder(@ForAll("values") Json value, @ForAll long seed) {
        assertThat(JsonDiff.between(value, shuffled(value, new Random(seed)), List.of()))
                .isEmpty();
    }

    @Property(tries = 300)
    void differencesAreThereFromBothSides(@ForAll("values") Json one, @ForAll("values") Json other) {
        List<List<String>> there = JsonDiff.between(one, other, List.of()).stream()
                .map(Difference::path)
                .sorted(byText())
                .toList();
        List<List<String>> back = JsonDiff.between(other, one, List.of()).stream()
                .map(Difference::path)
                .sorted(byText())
                .toList();
        assertThat(there).isEqualTo(back);
    }

    private static java.util.Comparator<List<String>> byText() {
        return java.util.Comparator.comparing(Object::toString);
    }

    private static Json shuffled(Json value, Random random) {
        if (value instanceof Json.Arr array) {
            return new Json.Arr(array.elements().stream()
                    .map(element -> shuffled(element, random))
                    .toList());
        }
        if (value instanceof Json.Obj object) {
            List<String> names = new ArrayList<>(object.members().keySet());
            Collections.shuffle(names, random);
            Map<String, Json> members = new LinkedHashMap<>();
            names.forEach(name -> members.put(name, shuffled(object.members().get(name), random)));
            return new Json.Obj(members);
        }
        return value;
    }
}
