package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.plinth.api.testkit.RecordedResponse.End;
import dev.plinth.api.testkit.RecordedResponse.Piece;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file: what is written comes back, fits the published schema, and is for people to read. */
class RecordedFormatTest {

    private static final String SERVER = "https://api.example.org/v1";
    private static final Schema SCHEMA = schema();

    private static Schema schema() {
        try {
            // Maven runs a module's tests in its folder.
            String text = Files.readString(Path.of("../../docs/formats/http-recording.schema.json"));
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(text, InputFormat.JSON);
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static boolean fitsSchema(String file) {
        return SCHEMA.validate(file, InputFormat.JSON).isEmpty();
    }

    @Property(tries = 500)
    void bytesComeBackExactly(@ForAll("bodies") byte[] body) {
        Map<String, Json> members = new LinkedHashMap<>();
        RecordedBody.write(body, true, members);
        assertThat(RecordedBody.read(new Json.Obj(members))).isEqualTo(body);
        assertThat(members).hasSize(body.length == 0 ? 0 : 1);
    }

    @Property(tries = 300)
    void exchangesComeBackAndFitTheSchema(@ForAll("exchanges") List<Exchange> exchanges) {
        String file = Exchange.print(SERVER, exchanges);
        assertThat(fitsSchema(file)).as(file).isTrue();
        List<Exchange> back = Exchange.parse("file", file);
        assertThat(back).usingRecursiveComparison().isEqualTo(exchanges);
    }

    @Provide
    Arbitrary<byte[]> bodies() {
        Arbitrary<byte[]> texts = Arbitraries.strings()
                .all()
                .excludeChars('\0')
                .ofMaxLength(30)
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> lines = Arbitraries.strings()
                .withChars("ab\n\r{}\"")
                .ofMaxLength(12)
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> jsons =
                new JsonTest().values().map(json -> json.toString().getBytes(StandardCharsets.UTF_8));
        return Arbitraries.oneOf(Arbitraries.bytes().array(byte[].class).ofMaxSize(30), texts, lines, jsons);
    }

    @Provide
    Arbitrary<List<Exchange>> exchanges() {
        Arbitrary<Json.Obj> requests = bodies().map(body -> {
            Map<String, Json> members = new LinkedHashMap<>();
            members.put("method", Json.of("POST"));
            members.put("path", Json.of("/v1/chat"));
            members.put("query", JsonReader.read("{\"a\":\"1\",\"b\":[\"1\",\"2\"]}"));
            RecordedBody.write(body, false, members);
            return new Json.Obj(members);
        });
        Arbitrary<Piece> pieces = Combinators.combine(Arbitraries.integers().between(0, 90_000), bodies())
                .as(Piece::new);
        Arbitrary<RecordedResponse> answers = Combinators.combine(
                        Arbitraries.integers().between(200, 599),
                        Arbitraries.integers().between(0, 90_000),
                        Arbitraries.maps(
                                        Arbitraries.of("content-type", "retry-after"),
                                        Arbitraries.strings().ascii())
                                .ofMaxSize(2),
                        Arbitraries.of(true, false),
                        pieces.list().ofMaxSize(4),
                        Arbitraries.of(End.COMPLETE, End.BROKEN, End.CANCELLED))
                .as((status, after, headers, chunked, body, end) -> new RecordedResponse(
                        status, after, headers, chunked, body, end, end == End.BROKEN ? "why" : ""));
        Arbitrary<RecordedResponse> none = Arbitraries.of(End.UNREACHABLE, End.BROKEN, End.CANCELLED)
                .map(end -> new RecordedResponse(0, 0, Map.of(), false, List.of(), end, ""));
        return Combinators.combine(requests, Arbitraries.oneOf(answers, none))
                .as(Exchange::new)
                .list()
                .ofMaxSize(3);
    }

    private static final String FILE = """
            {
              "server": "https://api.example.org/v1",
              "exchanges": [
                {
                  "request": {
                    "method": "POST",
                    "path": "/v1/chat",
                    "query": {"alt": "sse"},
                    "json": {"model": "m", "messages": []}
                  },
                  "response": {
                    "status": 200,
                    "afterMillis": 250,
                    "headers": {"content-type": "text/event-stream"},
                    "chunked": true,
                    "pieces": [
                      {"afterMillis": 0, "text": "data: one\\n\\n"},
                      {"afterMillis": 40, "text": ["data: two\\n\\n", "data: three\\n\\n"]},
                      {"afterMillis": 1, "base64": "/wA="},
                      {"afterMillis": 0, "json": {"a": [1.0]}}
                    ],
                    "end": "broken",
                    "reason": "java.io.EOFException"
                  }
                }
              ]
            }
            """;

    @Test
    void isPrintedForPeople() {
        assertThat(fitsSchema(FILE)).isTrue();
        List<Exchange> exchanges = Exchange.parse("file", FILE);
        assertThat(Exchange.print(SERVER, exchanges)).isEqualTo(FILE);
        assertThat(exchanges.get(0).response().pieces().get(1).bytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("data: two\n\ndata: three\n\n");
        assertThat(exchanges.get(0).response().pieces().get(3).bytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"a\":[1.0]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"method\": \"POST\"|\"method\": 1",
                "\"method\": \"POST\",|",
                "\"path\": \"/v1/chat\",|",
                "\"query\": {\"alt\": \"sse\"}|\"query\": \"alt=sse\"",
                "\"query\": {\"alt\": \"sse\"}|\"query\": {\"alt\": 1}",
                "\"status\": 200|\"status\": 99",
                "\"status\": 200|\"status\": \"200\"",
                "\"status\": 200|\"status\": 200.5",
                "\"afterMillis\": 40|\"afterMillis\": -1",
                "\"content-type\": \"text/event-stream\"|\"content-type\": 1",
                "\"chunked\": true|\"chunked\": \"yes\"",
                "\"text\": \"data: one\\n\\n\"|\"text\": 1",
                "[\"data: two\\n\\n\",|[2,",
                "\"base64\": \"/wA=\"|\"base64\": \"!\"",
                "\"json\": {\"a\": [1.0]}|\"json\": {\"a\": [1.0]}, \"text\": \"two\"",
                "\"end\": \"broken\"|\"end\": \"reset\"",
                "\"end\": \"broken\",|",
                "\"reason\"|\"note\"",
                "\"afterMillis\": 250,|\"afterMillis\": 250, \"extra\": 1,",
                "\"exchanges\": [|\"exchange\": [",
            })
    void schemaAndReaderRefuseTheSame(String from, String to) {
        assertThat(FILE).contains(from);
        String changed = FILE.replace(from, to == null ? "" : to);
        assertThat(fitsSchema(changed)).as("schema takes " + to).isFalse();
        assertThat(reads(changed)).as("reader takes " + to).isFalse();
    }

    private static boolean reads(String file) {
        try {
            Exchange.parse("file", file);
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }
}
