package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonCopyTest {

    private static String copy(String text) throws IOException {
        try (JsonParser json = Json.FACTORY.createParser(text)) {
            json.nextToken();
            return Json.copy(json);
        }
    }

    @Test
    void numbersStayDigitByDigit() throws IOException {
        for (String number : List.of(
                "12345678901234567890.123456789",
                "1.50",
                "1e400",
                "-0.0",
                "9007199254740993",
                "123456789012345678901")) {
            assertThat(copy(number)).isEqualTo(number);
            assertThat(copy("{\"a\":[" + number + "]}")).isEqualTo("{\"a\":[" + number + "]}");
        }
    }

    @Test
    void valuesAreCopiedToTheirEndAndNoFurther() throws IOException {
        String text = "{\"a\":[1,{\"b\":null,\"c\":[]}],\"d\":\"e\\n\",\"f\":true}";
        assertThat(copy(" " + text.replace(",", " , "))).isEqualTo(text);
        try (JsonParser json = Json.FACTORY.createParser("[[1],2]")) {
            json.nextToken();
            json.nextToken();
            assertThat(Json.copy(json)).isEqualTo("[1]");
            assertThat(json.nextToken().isNumeric()).isTrue();
        }
    }

    @Test
    void whatIsCutShortIsAnError() {
        for (String cut : List.of("{\"a\":", "[1", "{")) {
            assertThatThrownBy(() -> copy(cut)).as(cut).isInstanceOf(JsonParseException.class);
        }
    }
}
