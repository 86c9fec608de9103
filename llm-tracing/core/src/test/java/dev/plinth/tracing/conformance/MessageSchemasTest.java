package dev.plinth.tracing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases that upstream tests its schemas with, in our own data, and what the two versions take differently. */
class MessageSchemasTest {

    private static final MessageSchemas OLD = MessageSchemas.of("1.41");
    private static final MessageSchemas NEW = MessageSchemas.of("genai-0.1");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        input-messages       | []
        input-messages       | [{"role": "user", "parts": [{"type": "text", "content": "hi"}]}]
        input-messages       | [{"role": "critic", "name": "Ann", "parts": []}]
        input-messages       | [{"role": "assistant", "parts": [{"type": "tool_call", "id": "c-1", "name": "weather", "arguments": {"at": "Bonn"}}]}, {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c-1", "response": "rain"}]}]
        input-messages       | [{"role": "user", "parts": [{"type": "uri", "modality": "image", "uri": "s3://a/b.png"}, {"type": "blob", "modality": "smell", "content": "AA=="}, {"type": "file", "modality": "audio", "file_id": "f-1"}]}]
        input-messages       | [{"role": "user", "parts": [{"type": "citation", "page": 4}]}]
        input-messages       | [{"role": "user", "parts": [{"type": "generic", "generic_type": "citation", "page": 4}]}]
        output-messages      | [{"role": "assistant", "parts": [{"type": "text", "content": "hi"}], "finish_reason": "stop"}]
        output-messages      | [{"role": "assistant", "parts": [{"type": "reasoning", "content": "well"}, {"type": "sealed", "data": "x"}], "finish_reason": "eos"}]
        system-instructions  | [{"type": "text", "content": "Be brief."}, {"type": "policy", "id": 7}]
        retrieval-documents  | [{"id": "d-1", "score": 0.5}, {"id": "d-2", "score": 1, "title": "More"}]
        tool-definitions     | [{"type": "function", "name": "weather", "description": "tells it", "parameters": {"type": "object"}}, {"type": "web_search", "name": "search"}]
        """)
    void bothTake(String schema, String json) {
        assertThat(OLD.check(schema, json)).isEmpty();
        assertThat(NEW.check(schema, json)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        input-messages       | [{"role": "user", "parts": []}, {"parts": []}]                         | `at '/1'`
        input-messages       | [{"role": "user"}]                                                     | `at '/0'`
        input-messages       | [{"role": 5, "parts": []}]                                             | `at '/0/role'`
        input-messages       | [{"role": "user", "parts": ["hi"]}]                                    | `at '/0/parts/0'`
        input-messages       | [{"role": "user", "parts": [{"content": "hi"}]}]                       | `at '/0/parts/0'`
        input-messages       | {"role": "user", "parts": []}                                          | `at ''`
        input-messages       | [{"role": "user", "parts": [{"type": "text"}]}]                        | `at '/0/parts/0'`
        input-messages       | [{"role": "user", "parts": [{"type": "blob", "mime_type": "a/b"}]}]    | `at '/0/parts/0'`
        input-messages       | [{"role": "user", "parts": [{"type": "text", "content": 3}]}]          | `at '/0/parts/0/content'`
        input-messages       | [{"role": "tool", "parts": [{"type": "tool_call_response", "result": "rain"}]}] | `at '/0/parts/0'`
        output-messages      | [{"role": "assistant", "parts": [], "finish_reason": 0}]               | `at '/0/finish_reason'`
        output-messages      | [{"role": "assistant", "parts": {}, "finish_reason": "stop"}]          | `at '/0/parts'`
        system-instructions  | ["Be brief."]                                                          | `at '/0'`
        retrieval-documents  | [{"id": 42, "score": 0.9}]                                             | `at '/0/id'`
        retrieval-documents  | [{"id": "d-1", "score": "0.9"}]                                        | `at '/0/score'`
        tool-definitions     | [{"type": "function", "description": "no name"}]                       | `at '/0'`
        tool-definitions     | [{"name": "no type"}]                                                  | `at '/0'`
        """)
    void bothRefuseInOnePlace(String schema, String json, String place) {
        for (MessageSchemas schemas : List.of(OLD, NEW)) {
            assertThat(schemas.check(schema, json)).singleElement().asString().startsWith(place + ": ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        output-messages      | [{"role": "assistant", "parts": []}]                                   | `at '/0'`
        output-messages      | [{"role": "assistant", "parts": [], "finish_reason": null}]            | `at '/0/finish_reason'`
        retrieval-documents  | [{"id": "d-1"}]                                                        | `at '/0'`
        retrieval-documents  | [{"id": "d-1", "score": null}]                                         | `at '/0/score'`
        """)
    void onlyTheNewTakes(String schema, String json, String placeInOld) {
        assertThat(NEW.check(schema, json)).isEmpty();
        assertThat(OLD.check(schema, json)).singleElement().asString().startsWith(placeInOld + ": ");
    }

    @Test
    void onlyTheNewKnowsCompaction() {
        String json = "[{\"role\": \"assistant\", \"parts\": [{\"type\": \"compaction\", \"content\": 3}]}]";
        assertThat(OLD.check("input-messages", json)).isEmpty();
        assertThat(NEW.check("input-messages", json))
                .singleElement()
                .asString()
                .startsWith("at '/0/parts/0/content': ");
    }

    @Test
    void onlyTheNewWantsObjectsAroundTools() {
        for (String schema : List.of("tool-call-arguments", "tool-call-result")) {
            assertThat(NEW.check(schema, "{\"at\": \"Bonn\"}")).isEmpty();
            assertThat(NEW.check(schema, "\"{}\"")).singleElement().asString().startsWith("at '': ");
        }
    }

    @Test
    void theParametersOfAToolAreAJsonSchema() {
        String json = "[{\"type\": \"function\", \"name\": \"f\", \"parameters\": {\"type\": \"thing\"}}]";
        assertThat(NEW.check("tool-definitions", json))
                .anySatisfy(problem -> assertThat(problem).startsWith("at '/0/parameters/type': "));
    }

    @Test
    void whatIsNoJsonIsOneProblem() {
        assertThat(NEW.check("input-messages", "[{")).singleElement().asString().startsWith("no JSON: ");
    }
}
