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

    private static JsonParser at(String value) throws IOException {
        JsonParser json = Json.FACTORY.createParser(value);
        json.nextToken();
        return json;
    }

    @Test
    void numbersAreReadHoweverTheyAreWritten() throws IOException {
        for (String five : List.of("5", "5.0", "5e0", "0.5E1")) {
            assertThat(Json.number(at(five), -1)).as(five).isEqualTo(5);
            assertThat(Json.decimal(at(five), -1)).as(five).isEqualTo(5);
        }
        for (String none :
                List.of("5.5", "\"5\"", "null", "[5]", "{\"a\":5}", "1e300", "99999999999999999999", "true")) {
            assertThat(Json.number(at(none), -1)).as(none).isEqualTo(-1);
        }
        assertThat(Json.number(at("9223372036854775807"), -1)).isEqualTo(Long.MAX_VALUE);
        assertThat(Json.decimal(at("-0.25"), 1)).isEqualTo(-0.25);
        assertThat(Json.decimal(at("\"x\""), 1)).isEqualTo(1);
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

    @Test
    void aTextMayBeAPicture() throws IOException {
        int length = 21_000_000;
        try (JsonParser json = Json.FACTORY.createParser("\"" + "x".repeat(length) + "\"")) {
            json.nextToken();
            assertThat(json.getTextLength()).isEqualTo(length);
        }
    }
}
