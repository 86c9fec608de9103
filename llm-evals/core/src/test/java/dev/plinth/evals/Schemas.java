package dev.plinth.evals;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The published schemas of the project's file formats. */
enum Schemas {
    EVAL_CASE("eval-case"),
    EVAL_REPORT("eval-report"),
    RECORDED_ANSWER("recorded-answer");

    private final Schema schema;

    Schemas(String name) {
        try {
            // Maven runs a module's tests in its folder.
            String text = Files.readString(Path.of("../../docs/formats/" + name + ".schema.json"));
            schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(text, InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> errors(String json) {
        return schema.validate(json, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }
}
