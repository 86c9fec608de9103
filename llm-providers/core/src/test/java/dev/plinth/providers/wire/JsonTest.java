package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTest {

    private static String written(String arguments) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
            Json.writeArguments(arguments, json);
        }
        return text.toString();
    }

    @Test
    void argumentsThatAreAnObjectStayAsTheyAre() throws IOException {
        for (String object : List.of("{}", "{\"a\": [1, 2.50], \"b\":{\"c\":null}}", " {\"é\":\"😀\"}\n")) {
            assertThat(written(object)).isEqualTo(object);
        }
    }

    @Test
    void argumentsThatAreNoneBecomeOne() throws IOException {
        for (String other : List.of("", "[]", "7", "{\"a\":", "{} {}", "{}x", "{'a':1}")) {
            assertThat(Json.isOneObject(other)).as(other).isFalse();
        }
        assertThat(written("{\"a\":")).isEqualTo("{\"INVALID_JSON\":\"{\\\"a\\\":\"}");
    }

    @Property(tries = 300)
    void whateverTheModelWroteAnObjectIsSent(@ForAll String arguments) throws IOException {
        assertThat(Json.isOneObject(written(arguments))).isTrue();
        try (JsonParser json = Json.FACTORY.createParser(written(arguments))) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
        }
    }
}
