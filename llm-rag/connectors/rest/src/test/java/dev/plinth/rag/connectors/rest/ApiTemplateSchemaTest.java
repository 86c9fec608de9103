package dev.plinth.rag.connectors.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema that ships with the templates describes them, and knows what is refused. */
class ApiTemplateSchemaTest {
    private static String read(String name) throws IOException {
        try (InputStream in = ApiTemplate.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Schema schema() throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(read("api-template.schema.json"), InputFormat.JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"confluence", "jira", "notion", "sharepoint", "slack"})
    void shippedTemplatesAreValid(String product) throws IOException {
        assertThat(schema().validate(read(product + ".json"), InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"about\":\"x\",\"lists\":{}}",
                "{\"about\":\"x\",\"list\":{\"request\":{\"path\":\"no-slash\"},\"items\":\"a\"}}",
                "{\"about\":\"x\",\"list\":{\"request\":{\"path\":\"/x\"},\"items\":\"a\",\"next\":{\"link\":\"a\",\"cursor\":\"b\"}}}"
            })
    void knowsWhatIsRefused(String json) throws IOException {
        assertThat(schema().validate(json, InputFormat.JSON)).isNotEmpty();
    }
}
