package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void copyIsTheSameToTheLastDigit() throws IOException {
        String value = "{\"a\":[12345678901234567890,1.10,0.12345678901234567890123,null],\"é\":{\"b\":\"\\n\"}}";
        try (JsonParser json = Json.FACTORY.createParser(value.replace(",", " , "))) {
            json.nextToken();
            assertThat(Json.copy(json)).isEqualTo(value);
            assertThat(json.nextToken()).isNull();
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
