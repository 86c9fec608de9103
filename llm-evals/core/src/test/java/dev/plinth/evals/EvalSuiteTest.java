package dev.plinth.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.score.Outcome;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvalSuiteTest {

    @TempDir
    Path directory;

    @Test
    void readsEverythingACaseCanHold() {
        EvalSuite suite = read("""
                \uFEFF{"id": "refund", "input": "Wie lange? ü😀", "expected": "30 days", "tags": ["smoke", "de"],\
                 "metadata": {"source": "ticket 7"}, "evaluators": [\
                {"type": "exact-match", "normalize": ["case", "nfc", "whitespace"]},\
                {"type": "contains", "text": "days"}, {"type": "contains"},\
                {"type": "regex", "pattern": "^\\\\d+"}, {"type": "contains", "text": "hours", "not": true}]}

                {"id": "open", "input": ""}
                """);

        EvalCase refund = suite.cases().get(0);
        assertThat(suite.name()).isEqualTo("cases.jsonl");
        assertThat(refund.id()).isEqualTo("refund");
        assertThat(refund.input()).isEqualTo("Wie lange? ü😀");
        assertThat(refund.expected()).contains("30 days");
        assertThat(refund.tags()).containsExactly("smoke", "de");
        assertThat(refund.metadata()).isEqualTo(Map.of("source", "ticket 7"));
        assertThat(refund.evaluators())
                .extracting(Evaluator::name)
                .containsExactly("exact-match", "contains", "contains", "regex", "not-contains");
        assertThat(refund.evaluators())
                .allSatisfy(evaluator -> assertThat(
                                evaluator.evaluate(refund, "30 days").outcome())
                        .isEqualTo(Outcome.PASS));
        assertThat(suite.cases().get(1).evaluators()).isEmpty();
    }

    @Test
    void anExpectedAnswerAloneIsMatchedExactly() {
        EvalCase evalCase = read("{\"id\": \"a\", \"input\": \"x\", \"expected\": \"Y\"}")
                .cases()
                .get(0);

        assertThat(evalCase.evaluators()).extracting(Evaluator::name).containsExactly("exact-match");
        assertThat(evalCase.evaluators().get(0).evaluate(evalCase, "y").outcome())
                .isEqualTo(Outcome.FAIL);
    }

    @Test
    void picksCasesByTag() {
        EvalSuite suite = read("""
                {"id": "a", "input": "x", "tags": ["smoke"]}
                {"id": "b", "input": "x"}
                """);

        assertThat(suite.tagged("smoke").cases()).extracting(EvalCase::id).containsExactly("a");
        assertThatThrownBy(() -> suite.tagged("smok"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tag: smok (expected: on at least one case of cases.jsonl)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | cases.jsonl:2: not JSON (expected: one object; ",
                "[] | cases.jsonl:2: line: ARRAY (expected: an object)",
                "{} {} | cases.jsonl:2: not JSON (expected: one object; ",
                "{'id':'b','id':'c','input':''} | cases.jsonl:2: not JSON (expected: one object; ",
                "{'input':''} | cases.jsonl:2: id: null (expected: not null)",
                "{'id':' ','input':''} | cases.jsonl:2: id: ' ' (expected: not blank)",
                "{'id':7,'input':''} | cases.jsonl:2: id: NUMBER (expected: a string)",
                "{'id':'b'} | cases.jsonl:2: input: null (expected: not null)",
                "{'id':'b','input':'','expected':null} | cases.jsonl:2: expected: NULL (expected: a string)",
                "{'id':'b','input':'','expcted':''} | cases.jsonl:2: field: expcted (expected: one of [evaluators, ",
                "{'id':'b','input':'','tags':'x'} | cases.jsonl:2: tags: STRING (expected: an array of strings)",
                "{'id':'b','input':'','tags':[1]} | cases.jsonl:2: tags[0]: NUMBER (expected: a string)",
                "{'id':'b','input':'','metadata':{'n':1}} | cases.jsonl:2: n: NUMBER (expected: a string)",
                "{'id':'b','input':'','evaluators':{}} | cases.jsonl:2: evaluators: OBJECT (expected: an array of objects)",
                "{'id':'b','input':'','evaluators':['x']} | cases.jsonl:2: evaluators: STRING (expected: an array of objects)",
                "{'id':'b','input':'','evaluators':[{'type':'judge'}]} | cases.jsonl:2: type: judge (expected: exact-match, contains or regex)",
                "{'id':'b','input':'','evaluators':[{'type':'exact-match'}]} | cases.jsonl:2: expected: missing (expected: present, for exact-match)",
                "{'id':'b','input':'','evaluators':[{'type':'contains'}]} | cases.jsonl:2: expected: missing (expected: present, for contains without text)",
                "{'id':'b','input':'','evaluators':[{'type':'regex','pattern':'('}]} | cases.jsonl:2: pattern: ( (expected: a regular expression; ",
                "{'id':'b','input':'','evaluators':[{'type':'regex','pattern':'a','normalize':[]}]} | cases.jsonl:2: field: normalize (expected: one of [not, pattern, type])",
                "{'id':'b','input':'','expected':'','evaluators':[{'type':'exact-match','normalize':['lower']}]} | cases.jsonl:2: normalize: lower (expected: case, nfc or whitespace)",
                "{'id':'b','input':'','expected':'','evaluators':[{'type':'exact-match','not':'yes'}]} | cases.jsonl:2: not: STRING (expected: a boolean)",
            })
    void mistakesAreRefusedWithFileAndLine(String line, String message) {
        assertThatThrownBy(() -> read("{\"id\": \"a\", \"input\": \"x\"}\n" + line.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void idsAreUnique() {
        assertThatThrownBy(() -> read("{\"id\":\"a\",\"input\":\"x\"}\n{\"id\":\"a\",\"input\":\"y\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("id: a (expected: once in cases.jsonl)");
    }

    @Test
    void emptyMissingAndBrokenFiles() throws Exception {
        assertThatThrownBy(() -> read("\n \n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EvalSuite.read(directory.resolve("missing.jsonl")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("missing.jsonl: unreadable");
        Path latin = Files.write(directory.resolve("latin.jsonl"), new byte[] {'{', (byte) 0xFC, '}'});
        assertThatThrownBy(() -> EvalSuite.read(latin))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("latin.jsonl:1: unreadable (expected: UTF-8)");
    }

    @Test
    void readsAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("suite.jsonl"), "{\"id\":\"a\",\"input\":\"ü\"}");

        assertThat(EvalSuite.read(file))
                .isEqualTo(new EvalSuite(
                        file.toString(), List.of(EvalCase.builder("a", "ü").build())));
    }

    private static EvalSuite read(String lines) {
        return EvalSuite.read("cases.jsonl", new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    }
}
