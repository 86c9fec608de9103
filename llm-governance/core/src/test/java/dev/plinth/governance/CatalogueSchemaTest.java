package dev.plinth.governance;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.plinth.api.error.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published schema and the loader refuse the same files, apart from what a schema cannot say. */
class CatalogueSchemaTest {

    private static Schema schema;

    @TempDir
    Path directory;

    @BeforeAll
    static void readSchema() throws IOException {
        String json = Files.readString(Path.of("../../docs/formats/catalogue.schema.json"));
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(json, InputFormat.JSON);
    }

    @Test
    void bothTakeTheFullCatalogue() {
        assertThat(schema.validate(Catalogues.FULL, InputFormat.YAML)).isEmpty();
        assertThat(loads(Catalogues.FULL)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void bothSayTheSame(String from, String to) {
        assertThat(Catalogues.FULL).contains(from);
        String changed = Catalogues.FULL.replaceFirst(Pattern.quote(from), to);
        assertThat(schema.validate(changed, InputFormat.YAML).isEmpty())
                .as("schema takes " + to)
                .isEqualTo(loads(changed));
    }

    static Stream<String[]> mutations() {
        return Stream.of(
                new String[] {"owner: platform-team", ""},
                new String[] {"owner: platform-team", "owner: ' '"},
                new String[] {"owner: platform-team", "owner: 3"},
                new String[] {"owner: platform-team", "owner: the platform team"},
                new String[] {"owner: platform-team", "owner: team\nnote: hi"},
                new String[] {"alias: fast", "alias: ''"},
                new String[] {"alias: fast", "alias: very fast"},
                new String[] {"alias: fast", "alias: true"},
                new String[] {"alias: fast", "alias: '4'"},
                new String[] {"alias: fast", "alias:"},
                new String[] {"alias: fast", "color: red"},
                new String[] {"provider: openai", "region: x"},
                new String[] {"kind: chat", "kind: Chat"},
                new String[] {"kind: chat", "kind: image"},
                new String[] {"kind: chat", ""},
                new String[] {"status: approved", "status: live"},
                new String[] {"status: approved", ""},
                new String[] {"[tools, json-schema]", "[]"},
                new String[] {"[tools, json-schema]", "[tools, tools]"},
                new String[] {"[tools, json-schema]", "[Tools]"},
                new String[] {"[tools, json-schema]", "[1]"},
                new String[] {"[tools, json-schema]", "tools"},
                new String[] {"contextTokens: 400000", "contextTokens: 0"},
                new String[] {"contextTokens: 400000", "contextTokens: 1.5"},
                new String[] {"contextTokens: 400000", "contextTokens: 2.0"},
                new String[] {"contextTokens: 400000", "contextTokens: 2147483648"},
                new String[] {"contextTokens: 400000", "contextTokens: many"},
                new String[] {"contextTokens: 400000", "contextTokens: '4'"},
                new String[] {"region: eu", "region: [eu]"},
                new String[] {"input: 0.25", "input: -0.25"},
                new String[] {"input: 0.25", "input: '0.25'"},
                new String[] {"input: 0.25", "input: free"},
                new String[] {"input: 0.25, ", ""},
                new String[] {"cachedInput: 0.025, ", ""},
                new String[] {"output: 2.00, ", ""},
                new String[] {"input: 0.02, ", "input: 0.02, output: 0, "},
                new String[] {"input: 0.02, ", ""},
                new String[] {"inputTokens: 2000000, input: 0.5", "inputTokens: 0, input: 0.5"},
                new String[] {"inputTokens: 2000000, input: 0.5", "input: 0.5"},
                new String[] {"longCacheWrite: 1, output: 4.00}", "longCacheWrite: 1}"},
                new String[] {"longCacheWrite: 1, output: 4.00}", "output: 4.00, currency: USD}"},
                new String[] {"above: [", "over: ["},
                new String[] {"tier: flex", "tier: Flex"},
                new String[] {"tier: flex", "tier: in flux"},
                new String[] {"tier: flex", "name: flex"},
                new String[] {"tier: flex, input: 0.125, output: 1,", "tier: flex, input: 0.125,"},
                new String[] {"batch: {input: 0.125, output: 1}", "batch: {input: 0.125}"},
                new String[] {"batch: {input: 0.125, output: 1}", "batch: {input: 0.125, output: 1, tiers: []}"},
                new String[] {"batch: {input: 0.125, output: 1}", "batch: half"},
                new String[] {"input: 0.02, ", "input: 0.02, batch: {input: 0.01}, "},
                new String[] {"currency: USD", "currency: usd"},
                new String[] {"currency: USD, ", ""},
                new String[] {"asOf: 2026-11-01", "asOf: 1.11.2026"},
                new String[] {"asOf: 2026-11-01", "asOf: 2026"},
                new String[] {"asOf: 2026-11-01", "until: 2026-11-01"});
    }

    @ParameterizedTest
    @MethodSource("beyondTheSchema")
    void onlyTheLoaderRefuses(String from, String to) {
        String changed = Catalogues.FULL.replaceFirst(Pattern.quote(from), to);
        assertThat(schema.validate(changed, InputFormat.YAML)).isEmpty();
        assertThat(loads(changed)).isFalse();
    }

    static Stream<String[]> beyondTheSchema() {
        return Stream.of(
                new String[] {"alias: smart", "alias: fast"},
                new String[] {"tiers: [", "tiers: [{tier: flex, input: 1, output: 1}, "},
                new String[] {"currency: USD", "currency: QQQ"},
                new String[] {"asOf: 2026-11-01", "asOf: 2026-02-30"},
                new String[] {"input: 0.25", "input: 1e2"});
    }

    private boolean loads(String yaml) {
        try {
            Catalogues.load(directory, yaml);
            return true;
        } catch (InvalidFileException refused) {
            return false;
        }
    }
}
