package dev.plinth.governance;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.plinth.api.error.InvalidFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published schema and the reader refuse the same files, apart from what a schema cannot say. */
class KillSwitchSchemaTest {

    private static final String FULL = KillSwitchFileTest.FULL;

    private static Schema schema;

    @TempDir
    Path directory;

    @BeforeAll
    static void readSchema() throws IOException {
        String json = Files.readString(Path.of("../../docs/formats/kill-switch.schema.json"));
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(json, InputFormat.JSON);
    }

    @Test
    void bothTakeAFileThatStopsSomethingAndOneThatStopsNothing() {
        assertThat(FULL).satisfies(this::isTakenByBoth);
        assertThat("stops: []").satisfies(this::isTakenByBoth);
    }

    private void isTakenByBoth(String yaml) {
        assertThat(schema.validate(yaml, InputFormat.YAML)).isEmpty();
        assertThat(loads(yaml)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void bothSayTheSame(String from, String to) {
        assertThat(FULL).contains(from);
        String changed = FULL.replaceFirst(Pattern.quote(from), to);
        assertThat(schema.validate(changed, InputFormat.YAML).isEmpty())
                .as("schema takes " + to)
                .isEqualTo(loads(changed));
    }

    static Stream<String[]> mutations() {
        return Stream.of(
                new String[] {"stops:", "stop:"},
                new String[] {"stops:", "note: hi\nstops:"},
                new String[] {"prompt: triage", "prompt: ''"},
                new String[] {"prompt: triage", "prompt: the first triage"},
                new String[] {"prompt: triage", "prompt: 4"},
                new String[] {"prompt: triage", "team: triage"},
                new String[] {"prompt: triage", "everything: true"},
                new String[] {"prompt: triage", "prompt: triage\n    team: search"},
                new String[] {"prompt: triage\n", "\n"},
                new String[] {"version: 3", "version: '3'"},
                new String[] {"version: 3", "version: 1.10"},
                new String[] {"version: 3", "version: true"},
                new String[] {"version: 3", "version: ' '"},
                new String[] {"version: 3", "version: [3]"},
                new String[] {"version: 3", "model: gpt-5"},
                new String[] {"version: 3", "colour: red"},
                new String[] {"provider: openai", "provider: open ai"},
                new String[] {"provider: openai", "useCase: openai"},
                new String[] {"model: gpt-5", "model: 5"},
                new String[] {"model: gpt-5", "model: gpt 5"},
                new String[] {"model: gpt-5", "version: '5'"},
                new String[] {"reason: answers with addresses", "reason: ' '"},
                new String[] {"reason: answers with addresses", "reason: 7"},
                new String[] {"reason: answers with addresses\n", "\n"},
                new String[] {"owner: security", "owner: ''"},
                new String[] {"owner: security\n", "\n"},
                new String[] {"since: 2026-11-26T04:57:26Z", "since: 2026-11-26"},
                new String[] {"since: 2026-11-26T04:57:26Z", "since: 2026-11-26T04:57:26"},
                new String[] {"since: 2026-11-26T04:57:26Z", "since: 2026-11-26T04:57Z"},
                new String[] {"since: 2026-11-26T04:57:26Z", "since: 2026-11-26 04:57:26Z"},
                new String[] {"since: 2026-11-26T04:57:26Z", "since: '2026-11-26T04:57:26Z'"},
                new String[] {"since: 2026-11-26T04:57:26Z", "since: 1700000000"},
                new String[] {"since: 2026-11-26T04:57:26Z", "until: 2026-11-26T04:57:26Z"},
                new String[] {"team: search", "team: [search]"},
                new String[] {"team: search", "useCase: search"},
                new String[] {"everything: true", "everything: false"},
                new String[] {"everything: true", "everything: 'true'"},
                new String[] {"everything: true", "everything: 1"});
    }

    @ParameterizedTest
    @MethodSource("beyondTheSchema")
    void onlyTheReaderRefuses(String from, String to) {
        String changed = FULL.replaceFirst(Pattern.quote(from), to);
        assertThat(schema.validate(changed, InputFormat.YAML)).isEmpty();
        assertThat(loads(changed)).isFalse();
    }

    static Stream<String[]> beyondTheSchema() {
        return Stream.of(
                new String[] {"since: 2026-11-26T04:57:26Z", "since: 2026-02-30T04:57:26Z"},
                new String[] {"everything: true", "everything: yes"}); // a text since YAML 1.2
    }

    private boolean loads(String yaml) {
        try {
            KillSwitch.watching(Files.writeString(directory.resolve("kill-switch.yaml"), yaml));
            return true;
        } catch (InvalidFileException refused) {
            return false;
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}
