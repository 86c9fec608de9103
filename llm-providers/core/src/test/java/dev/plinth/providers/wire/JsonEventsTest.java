package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class JsonEventsTest {
    private static final JsonFactory JSON = new JsonFactory();

    private static JsonEvents of(String body) {
        return new JsonEvents(Pieces.whole(body));
    }

    /** Reads the text under {@code t} of every event. */
    private static List<String> texts(InputStream body) throws IOException {
        List<String> texts = new ArrayList<>();
        try (JsonEvents events = new JsonEvents(body)) {
            while (events.next()) {
                texts.add(text(events.json()));
            }
        }
        return texts;
    }

    private static String text(JsonParser json) throws IOException {
        assertThat(json.currentToken()).isEqualTo(JsonToken.START_OBJECT);
        assertThat(json.nextFieldName()).isEqualTo("t");
        String text = json.nextTextValue();
        assertThat(json.nextToken()).isEqualTo(JsonToken.END_OBJECT);
        return text;
    }

    @Test
    void oneParserReadsAllEvents() throws IOException {
        JsonEvents events = of("data: {\"t\":\"a\"}\n\ndata: {\"t\":\"b\"}\n\n");
        JsonParser json = events.json();
        assertThat(events.next()).isTrue();
        assertThat(text(json)).isEqualTo("a");
        assertThat(events.next()).isTrue();
        assertThat(events.json()).isSameAs(json);
        assertThat(text(json)).isEqualTo("b");
        assertThat(events.next()).isFalse();
    }

    @Test
    void doneEndsThem() throws IOException {
        JsonEvents events = of("data: {\"t\":\"a\"}\n\ndata:[DONE]\n\ndata: {\"t\":\"ghost\"}\n\n");
        assertThat(events.next()).isTrue();
        assertThat(text(events.json())).isEqualTo("a");
        assertThat(events.next()).isFalse();
    }

    @Test
    void emptyDataIsPassedOver() throws IOException {
        assertThat(texts(Pieces.whole("data:\n\ndata: {\"t\":\"a\"}\n\ndata\n\n")))
                .containsExactly("a");
    }

    @Test
    void blankDataIsPassedOver() throws IOException {
        assertThat(texts(Pieces.whole("data:  \n\ndata: {\"t\":\"a\"}\n\ndata: \t\ndata: \n\ndata: {\"t\":\"b\"}\n\n")))
                .containsExactly("a", "b");
    }

    @Test
    void severalDataLinesAreOneValue() throws IOException {
        assertThat(texts(Pieces.whole("data: {\ndata: \"t\":\ndata: \"a\"}\n\n")))
                .containsExactly("a");
    }

    @Test
    void whatWasNotReadIsPassedOver() throws IOException {
        JsonEvents events = of("data: {\"x\":{\"y\":[1,2]},\"t\":\"a\"}\n\ndata: {\"t\":\"b\"}\n\n");
        events.next();
        assertThat(events.next()).isTrue();
        assertThat(text(events.json())).isEqualTo("b");
    }

    @Test
    void eventThatIsCutShortDoesNotEatTheNext() throws IOException {
        JsonEvents events = of("data: {\"t\":\n\ndata: {\"t\":\"b\"}\n\n");
        events.next();
        assertThatThrownBy(() -> text(events.json())).isInstanceOf(JsonProcessingException.class);
        JsonEvents unread = of("data: {\"t\":\"a\"\n\ndata: ,\"t\":\"b\"}\n\n");
        unread.next();
        assertThatThrownBy(unread::next).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void moreThanOneValueInAnEventIsRefused() throws IOException {
        for (String rest : List.of("{\"t\":\"b\"}", " x", "}", " ".repeat(20_000) + "x")) {
            JsonEvents events = of("data: {\"t\":\"a\"}" + rest + "\n\ndata: {\"t\":\"c\"}\n\n");
            events.next();
            text(events.json());
            assertThatThrownBy(events::next).as(rest.strip()).isInstanceOf(JsonParseException.class);
        }
    }

    @Test
    void whiteSpaceBehindAValueIsFine() throws IOException {
        assertThat(texts(Pieces.whole("data: {\"t\":\"a\"} \t \n\ndata: {\"t\":\"b\"}" + " ".repeat(20_000) + "\n\n")))
                .containsExactly("a", "b");
    }

    @Test
    void brokenJsonIsAnError() throws IOException {
        JsonEvents events = of("data: oops\n\n");
        assertThatThrownBy(events::next).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void eventLongerThanEveryBuffer() throws IOException {
        String text = "é👋".repeat(20_000);
        assertThat(texts(Pieces.whole("data: {\"t\":\"" + text + "\"}\n\ndata: {\"t\":\"b\"}\n\n")))
                .containsExactly(text, "b");
    }

    @Property(tries = 200)
    void anySplitReadsTheSame(@ForAll @Size(max = 6) List<@StringLength(max = 20) String> texts, @ForAll int[] splits)
            throws IOException {
        StringBuilder body = new StringBuilder();
        for (String text : texts) {
            body.append("data: {\"t\":\"").append(escaped(text)).append("\"}\n\n");
        }
        int[] ends = Arrays.stream(splits)
                .map(split -> Math.floorMod(split, body.length() + 1))
                .sorted()
                .toArray();
        assertThat(texts(Pieces.of(body.toString(), ends))).isEqualTo(texts);
    }

    private static String escaped(String text) {
        StringBuilder json = new StringBuilder();
        text.chars().forEach(unit -> json.append(String.format("\\u%04x", unit)));
        return json.toString();
    }
}
