package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When the real server is asked. */
class HttpRecordingModesTest extends RecordingFixture {

    @ParameterizedTest
    @CsvSource({
        // asked in code, PLINTH_RECORD, CI, what is done
        "REPLAY, , , REPLAY",
        "ALL, , , ALL",
        "MISSING, , , MISSING",
        "ALL, , true, REPLAY",
        "MISSING, , 1, REPLAY",
        "ALL, , false, ALL",
        "REPLAY, true, , ALL",
        "REPLAY, true, true, ALL",
        "REPLAY, missing, true, MISSING",
        "ALL, missing, , MISSING",
        "ALL, false, , REPLAY",
        "MISSING, ' ', , MISSING",
    })
    void environmentGoesBeforeCode(RecordMode asked, String variable, String ci, RecordMode mode) {
        Map<String, String> environment =
                Map.of("PLINTH_RECORD", variable == null ? "" : variable, "CI", ci == null ? "" : ci);
        assertThat(RecordMode.of(asked, null, environment)).isEqualTo(mode);
        Map<String, String> contrary = Map.of("PLINTH_RECORD", "anything", "CI", ci == null ? "" : ci);
        if (variable != null && !variable.isBlank()) {
            assertThat(RecordMode.of(asked, variable, contrary))
                    .as("the property goes before the variable")
                    .isEqualTo(mode);
        }
    }

    @Test
    void wordThatIsNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordMode.of(RecordMode.REPLAY, "yes", Map.of()))
                .withMessage("PLINTH_RECORD: yes (expected: true, missing or false)");
    }

    @Test
    void propertyOpensRecordings() throws Exception {
        real.otherwise(request -> StubAnswer.json("{}"));
        String before = System.setProperty("plinth.record", "true");
        try (HttpRecording recording = HttpRecording.open(file(), real.url("/v1"))) {
            assertThat(recording.url().toString()).matches("http://127\\.0\\.0\\.1:\\d+/v1");
            assertThat(ask(recording, "{}").status()).isEqualTo(200);
        } finally {
            System.setProperty("plinth.record", before == null ? "" : before);
        }
        assertThat(file()).exists();
    }

    @Test
    void noFileSaysHowToMakeOne() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> open(recording()))
                .withMessageStartingWith(file() + ": not there (expected: a recording; ")
                .withMessageContaining("PLINTH_RECORD=true")
                .withCauseInstanceOf(NoSuchFileException.class);
        assertThat(real.connections()).isZero();
    }

    @Test
    void replayNeverAsks() throws Exception {
        real.otherwise(request -> StubAnswer.json("{}"));
        try (HttpRecording recording = record()) {
            ask(recording, "{\"a\":1}");
        }
        String before = recorded();
        HttpRecording recording = open(recording());
        ask(recording, "{\"a\":1}");
        ask(recording, "{\"b\":1}");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(recording::close);
        assertThat(real.requests()).hasSize(1);
        assertThat(recorded()).isEqualTo(before);
    }

    @Test
    void missingIsAddedAndWhatIsThereStays() throws Exception {
        real.otherwise(
                request -> StubAnswer.json("{\"number\":" + real.requests().size() + "}"));
        for (String first : new String[] {"{\"a\":1}", "{\"b\":1}"}) {
            try (HttpRecording recording = open(recording().recordMissing())) {
                ask(recording, "{\"a\":1}");
                ask(recording, first);
            }
        }
        assertThat(real.requests())
                .extracting(StubRequest::text)
                .containsExactly("{\"a\":1}", "{\"a\":1}", "{\"b\":1}");
        String before = recorded();
        try (HttpRecording recording = open(recording().recordMissing())) {
            assertThat(ask(recording, "{\"a\":1}").body()).isEqualTo("{\"number\":1}");
            assertThat(ask(recording, "{\"a\":1}").body()).isEqualTo("{\"number\":2}");
            assertThat(ask(recording, "{\"b\":1}").body()).isEqualTo("{\"number\":3}");
            recording.verify();
        }
        assertThat(real.requests()).hasSize(3);
        assertThat(recorded()).isEqualTo(before);
    }

    @Test
    void recordingAnewReplacesTheFileUnlessNothingWasAsked() throws Exception {
        real.otherwise(request -> StubAnswer.json("{}"));
        try (HttpRecording recording = record()) {
            ask(recording, "{\"a\":1}");
        }
        try (HttpRecording recording = record()) {
            ask(recording, "{\"b\":1}");
        }
        assertThat(Exchange.readAll(file()))
                .singleElement()
                .satisfies(exchange -> assertThat(exchange.request().toString()).contains("{\"b\":1}"));
        String before = recorded();
        record().close();
        assertThat(recorded()).isEqualTo(before);
        assertThat(file().getParent()).isDirectoryNotContaining("glob:**.tmp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://x/v1",
                "/v1",
                "https:///v1",
                "https://u:p@x/v1",
                "https://x/v1?key=k",
                "https://x/v1#a",
                "x:y"
            })
    void addressesThatAreNoneAreRefused(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> HttpRecording.builder(file(), URI.create(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"exchanges\":{}}",
                "{\"exchanges\":[1]}",
                "{\"exchanges\":[{}]}",
                "{\"exchanges\":[{\"request\":{\"method\":\"GET\"},\"response\":{\"end\":\"complete\"}}]}"
            })
    void filesThatAreNoneAreRefused(String text) throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), text);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(recording()))
                .withMessageStartingWith(file().toString());
    }

    @Test
    void secretHeadersCannotBeKept() {
        assertThatIllegalArgumentException().isThrownBy(() -> recording().keepHeader("Set-Cookie"));
    }
}
