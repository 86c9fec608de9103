package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpBodyTest {
    // Live as long as the tests.
    private static final StubServer SERVER = StubServer.start();
    private static final HttpTransport TRANSPORT = HttpTransport.create();

    private static String sent(HttpBody body) throws InterruptedException {
        SERVER.enqueue(StubAnswer.text(200, ""));
        TRANSPORT.send(HttpCall.post(SERVER.url("/"), body).build()).close();
        return SERVER.takeRequest().text();
    }

    private static void write(String text, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("a", text);
        json.writeFieldName("b");
        json.writeRawValue("\"" + text + "\"");
        json.writeEndObject();
    }

    /** Half of a surrogate pair becomes U+FFFD. */
    private static String repaired(String text) {
        StringBuilder repaired = new StringBuilder();
        text.codePoints()
                .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
                .forEach(repaired::appendCodePoint);
        return repaired.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\ud83d", "a\ud83d", "\ud83db", "\ude00", "a\ude00b", "\ude00\ud83d", "😀\ud83d", "\ud83d😀"})
    void halfACharacterBecomesTheSignOfOneThatIsMissing(String text) throws Exception {
        assertThat(sent(HttpBody.json(Calls.JSON, json -> write(text, json))))
                .isEqualTo("{\"a\":\"" + repaired(text) + "\",\"b\":\"" + repaired(text) + "\"}");
    }

    /** A text by itself may also be sent with half a character as an escape. */
    @Property(tries = 300)
    void anyTextHasABody(@ForAll @CharRange(from = '\ud700', to = '\ue010') String text, @ForAll boolean longer)
            throws Exception {
        String whole = longer ? text + "x".repeat(9_000) + text : text;
        String sent = sent(HttpBody.json(Calls.JSON, json -> json.writeString(whole)));
        try (JsonParser json = Calls.JSON.createParser(sent)) {
            assertThat(repaired(json.nextTextValue())).isEqualTo(repaired(whole));
        }
    }

    @Property(tries = 300)
    void anyJsonHasABody(@ForAll @CharRange(from = '\ud700', to = '\udbff') String text, @ForAll boolean longer)
            throws Exception {
        String whole = '"' + (longer ? text + "x".repeat(9_000) + text : text) + '"';
        String sent = sent(HttpBody.json(Calls.JSON, json -> json.writeRawValue(whole)));
        assertThat(sent).isEqualTo(repaired(whole));
    }

    @Test
    void otherFaultsOfAWriterStayFaults() {
        assertThatThrownBy(() -> HttpBody.json(Calls.JSON, json -> json.writeEndArray()))
                .isInstanceOf(UncheckedIOException.class);
    }
}
