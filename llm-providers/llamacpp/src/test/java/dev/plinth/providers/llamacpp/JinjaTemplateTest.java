package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JinjaTemplateTest {

    /**
     * Templates with what Jinja2 3.1.6 makes of them, sandboxed, with {@code trim_blocks}, {@code lstrip_blocks} and loop
     * controls; null where it fails. The first line holds the variables of all.
     */
    @TestFactory
    List<DynamicTest> rendersAsJinja2Does() throws IOException {
        List<Map<?, ?>> lines = new ArrayList<>();
        try (InputStream in = JinjaTemplateTest.class.getResourceAsStream("/templates/jinja2.jsonl")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> lines.add((Map<?, ?>) JsonReader.read(line)));
        }
        Map<String, Object> variables = JinjaValues.dict(value(lines.get(0).get("variables")));
        return lines.stream()
                .skip(1)
                .map(line -> DynamicTest.dynamicTest(
                        line.get("template").toString(),
                        () -> assertThat(rendered(line.get("template").toString(), variables))
                                .isEqualTo(line.get("expected"))))
                .toList();
    }

    private static Object rendered(String template, Map<String, Object> variables) {
        try {
            return JinjaTemplate.parse(template).render(variables);
        } catch (JinjaException e) {
            return JsonReader.NULL;
        }
    }

    /** JSON's values as a template has them. */
    private static Object value(Object json) {
        if (json instanceof BigDecimal number) {
            return number.scale() > 0 ? (Object) number.doubleValue() : (Object) number.longValueExact();
        }
        if (json instanceof List<?> list) {
            return list.stream().map(JinjaTemplateTest::value).toList();
        }
        if (json instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, element) -> copy.put(key, value(element)));
            return copy;
        }
        return json == JsonReader.NULL ? JinjaValues.NONE : json;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\n{% if x %}                       | line 2: 'end' (expected: one of [",
                "{% for x of y %}{% endfor %}         | line 1: 'of' (expected: in)",
                "{{ x                                 | line 1: tag: not closed (expected: }})",
                "{{ 'x }}                             | line 1: string: not closed (expected: ')",
                "{# x                                 | line 1: comment: not closed (expected: #})",
                "{% raw %}{{                          | line 1: raw: not closed (expected: endraw)",
                "\\n\\n{% include 'x' %}              | line 3: 'include' (expected: if, for, set, macro)",
                "{{ 99999999999999999999 }}           | line 1: number: too large (expected: 64 bits)",
                "{{ a ? b }}                          | line 1: tag: character 63 (expected: an expression)",
                "{% endif %}                          | line 1: 'endif' (expected: if, for, set, macro)"
            })
    void whatCannotBeReadIsRefused(String template, String message) {
        assertThatThrownBy(() -> JinjaTemplate.parse(template.replace("\\n", "\n")))
                .isInstanceOf(JinjaException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{{ x|nosuch }}# line 1: filter nosuch: unknown (expected: one of chat templates)",
                "{{ x is nosuch(1) }}# line 1: test nosuch: unknown (expected: one of chat templates)",
                "{{ x.y.z }}# line 1: x: undefined (expected: a value)",
                "{{ [1] }}# line 1: ArrayList: printed (expected: text or a number; a list by tojson)",
                "{{ range(1000000) }}# line 1: range: too long (expected: at most 100000)",
                "{{ 'x' * 100000000 }}# line 1: text: too long (expected: at most 16777216 characters)",
                "{{ 9223372036854775807 + 1 }}# line 1: calculation: overflow or division by 0 (expected: 64 bits)",
                "{{ raise_exception('no') }}# no"
            })
    void whatCannotBeRenderedIsRefused(String template, String message) {
        JinjaTemplate parsed = JinjaTemplate.parse(template);
        assertThatThrownBy(() -> parsed.render(Map.of()))
                .isInstanceOf(JinjaException.class)
                .hasMessage(message);
    }

    @Test
    void renderingEnds() {
        String loops = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
        String macro = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
        String text =
                "{% set ns = namespace(s='xxxxxxxxxxxxxxxx') %}{% for a in range(99) %}{% set ns.s = ns.s + ns.s %}"
                        + "{% endfor %}{{ ns.s }}";
        String output = "{% for a in range(9999) %}{{ 'x' * 10000 }}{% endfor %}";
        for (String template : List.of(loops, macro, text, output)) {
            JinjaTemplate parsed = JinjaTemplate.parse(template);
            assertThatThrownBy(() -> parsed.render(Map.of())).isInstanceOf(JinjaException.class);
        }
        assertThatThrownBy(() -> JinjaTemplate.parse("{{ " + "(".repeat(100_000)))
                .isInstanceOf(JinjaException.class);
        assertThatThrownBy(() -> JinjaTemplate.parse("{% if a %}".repeat(100_000)))
                .isInstanceOf(JinjaException.class);
        assertThatThrownBy(() -> JinjaTemplate.parse("{{ " + "not ".repeat(100_000)))
                .isInstanceOf(JinjaException.class);
        assertThatThrownBy(() -> JinjaTemplate.parse("{{ " + "- ".repeat(100_000)))
                .isInstanceOf(JinjaException.class);
        assertThatThrownBy(() -> JinjaTemplate.parse("{% if a %}" + "{% elif a %}".repeat(100_000)))
                .isInstanceOf(JinjaException.class);
    }

    @Property(tries = 5000)
    void anyTextIsATemplateOrRefused(@ForAll("almostTemplates") String template) {
        try {
            JinjaTemplate.parse(template).render(Map.of("x", "text", "l", List.of(1L, 2L), "d", Map.of("k", 1L)));
        } catch (JinjaException refused) {
            assertThat(refused.what()).isNotNull();
        }
    }

    @Provide
    Arbitrary<String> almostTemplates() {
        return Arbitraries.of(
                        "{{ ",
                        " }}",
                        "{% ",
                        " %}",
                        "{%- ",
                        " -%}",
                        "{# ",
                        " #}",
                        "if ",
                        "else ",
                        "endif ",
                        "for ",
                        "in ",
                        "endfor ",
                        "set ",
                        "macro ",
                        "endmacro ",
                        "m(",
                        ")",
                        "x",
                        "l",
                        "d",
                        ".k",
                        "['k']",
                        "[0]",
                        "[",
                        "]",
                        "[1:]",
                        "|",
                        "upper",
                        "join",
                        "length",
                        " is ",
                        "not ",
                        "defined",
                        "'s'",
                        "\"t\"",
                        "1",
                        "2.5",
                        " + ",
                        " - ",
                        " * ",
                        " / ",
                        " // ",
                        " % ",
                        " ~ ",
                        " == ",
                        " < ",
                        " and ",
                        " or ",
                        ", ",
                        "=",
                        ": ",
                        "{",
                        "}",
                        "(",
                        "\n",
                        " ",
                        "raw ",
                        "endraw ",
                        "loop.index",
                        "namespace(",
                        "range(",
                        ".strip(",
                        ".split(",
                        "text")
                .list()
                .ofMaxSize(16)
                .map(parts -> String.join("", parts));
    }
}
