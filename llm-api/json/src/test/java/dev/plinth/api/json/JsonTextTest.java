package dev.plinth.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}",
                "  \n{ \"a\" : 1 }\n",
                "\uFEFF{\"a\":1}",
                "```json\n{\"a\":1}\n```",
                "```\n{\"a\":1}\n```",
                "Here you are:\n```JSON\n{\"a\":1}\n```\nEnjoy {your} meal {0}!",
                "Sure! {\"a\":1} That is all.",
                "<think>Is it {\"a\":2}? No.</think>{\"a\":1}",
                "<think></think>\n<think>\n</think>\n\n{\"a\":1}",
                "<thinking>{\"a\":2}</thinking> {\"a\":1}",
                "It could be {\"a\":2}, hm.\n</think>\n{\"a\":1}",
                "<think>x</think>```json\n{\"a\":1}\n```",
            })
    void findsTheOneObject(String answer) {
        assertThat(found(answer)).isEqualTo("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"html\":\"</think>```{\\\"a\\\":1}\"}",
                "```json\n{\"html\":\"</think>```{\\\"a\\\":1}\"}\n```",
            })
    void leavesStringsAlone(String answer) {
        assertThat(found(answer)).isEqualTo("{\"html\":\"</think>```{\\\"a\\\":1}\"}");
    }

    @Test
    void guessesNothing() {
        assertThat(found("")).isEqualTo("$: no JSON object (expected: one)");
        assertThat(found("I cannot {do} that.")).isEqualTo("$: no JSON object (expected: one)");
        assertThat(found("<think>{\"a\":1}")).isEqualTo("$: no JSON object (expected: one)");
        assertThat(found("{\"a\":1}\n{\"a\":2}")).isEqualTo("$: more than one JSON object (expected: one)");
        assertThat(found("Either {\"a\":1} or {\"a\":2}")).isEqualTo("$: more than one JSON object (expected: one)");
        assertThat(found("[{\"a\":1}]")).isEqualTo("$: array (expected: object)");
    }

    @Test
    void doesNotTakeAPartForTheWhole() {
        assertThat(found("{\"child\":{\"a\":1}")).isEqualTo("$: JSON that ends too early (expected: all of it)");
        assertThat(found("{\"child\":{\"a\":1}, oops}")).startsWith("$: broken JSON at line 1, column ");
        assertThat(found("{\"a\":1,}")).startsWith("$: broken JSON");
        assertThat(found("{\"a\":01}")).startsWith("$: broken JSON");
        assertThat(found("{\"a\":1e99999999999}")).startsWith("$: broken JSON");
        assertThat(found("{\"a\":1 /* one */}")).startsWith("$: broken JSON");
    }

    @Property(tries = 500)
    void anyTextIsReadOrRefusedWithoutException(@ForAll String text) {
        Reading reading = Reading.root();

        JsonNode node = JsonText.find(text, reading);

        assertThat(node == null).isNotEqualTo(reading.isClean());
    }

    @Property(tries = 200)
    void findsAnObjectInAnyProse(@ForAll String before, @ForAll String after) {
        String prose = before.replace("{", "").replace("[", "").replace("<", "");
        String rest = after.replace("{", "").replace("<", "");

        assertThat(found(prose + " {\"a\":\"b\"} " + rest)).isEqualTo("{\"a\":\"b\"}");
    }

    /** The object, or the first violation. */
    private static String found(String answer) {
        Reading reading = Reading.root();
        JsonNode node = JsonText.find(answer, reading);
        return node == null ? reading.violations().get(0).toString() : node.toString();
    }
}
