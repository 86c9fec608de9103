package dev.plinth.evals;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema allows what the reader reads and refuses what it refuses, as far as a schema can say it. */
class SchemaTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'a','input':''}",
                "{'id':'a','input':'x','expected':''}",
                "{'id':'a','input':'x','tags':['t'],'metadata':{'k':'v'},'evaluators':[]}",
                "{'id':'a','input':'x','expected':'y','evaluators':[{'type':'exact-match'},{'type':'contains'}]}",
                "{'id':'a','input':'x','evaluators':[{'type':'contains','text':'y','normalize':['nfc'],'not':false}]}",
                "{'id':'a','input':'x','evaluators':[{'type':'regex','pattern':'^y','not':true}]}",
            })
    void whatIsRead(String line) {
        assertThat(Schemas.EVAL_CASE.errors(json(line))).isEmpty();
        assertThat(isRead(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{'input':''}",
                "{'id':'a'}",
                "{'id':' ','input':''}",
                "{'id':1,'input':''}",
                "{'id':'a','input':'','more':1}",
                "{'id':'a','input':'','tags':['']}",
                "{'id':'a','input':'','metadata':{'k':1}}",
                "{'id':'a','input':'','evaluators':[{'type':'judge'}]}",
                "{'id':'a','input':'','evaluators':[{'type':'regex'}]}",
                "{'id':'a','input':'','evaluators':[{'type':'contains','text':' '}]}",
                "{'id':'a','input':'','evaluators':[{'type':'contains','text':'x','normalize':['lower']}]}",
                "{'id':'a','input':'','evaluators':[{'type':'contains','text':'x','not':'yes'}]}",
                "{'id':'a','input':'','evaluators':[{'type':'contains','text':'x','pattern':'x'}]}",
            })
    void whatIsRefused(String line) {
        assertThat(Schemas.EVAL_CASE.errors(json(line))).isNotEmpty();
        assertThat(isRead(line)).isFalse();
    }

    private static boolean isRead(String line) {
        try {
            EvalSuite.read("s", new ByteArrayInputStream(json(line).getBytes(StandardCharsets.UTF_8)));
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    private static String json(String line) {
        return line.replace('\'', '"');
    }
}
