package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.plinth.api.check.Check;
import dev.plinth.rag.parse.FileNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * What the REST API of a product looks like: a JSON file that says how items are listed, page by page, which fields are
 * what, how changes are asked for, where the text is and who may read it. Those of this artifact are examples for others;
 * {@code api-template.schema.json} beside them describes the format, and the README of the artifact tells it.
 *
 * <p>Immutable and thread-safe.
 */
public final class ApiTemplate {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addModule(new SimpleModule().addDeserializer(Duration.class, new DurationReader()))
            .build();

    private final String name;
    private final String json;
    private final TemplateFile file;

    private ApiTemplate(String name, String json, TemplateFile file) {
        this.name = name;
        this.json = json;
        this.file = file;
    }

    /** ISO 8601, such as {@code PT1M}. */
    private static final class DurationReader extends StdDeserializer<Duration> {
        private static final long serialVersionUID = 1L;

        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Duration.parse(parser.getText());
        }
    }

    /**
     * Pages and blog posts of Confluence, Cloud and Data Center. The base is the site with {@code /wiki}; the parameter
     * {@code cql} says which.
     */
    public static ApiTemplate confluence() {
        return shipped("confluence");
    }

    /**
     * Issues of Jira Cloud, without their comments, which may have readers of their own. The base is the site; the
     * parameter {@code jql} says which.
     */
    public static ApiTemplate jira() {
        return shipped("jira");
    }

    /** Pages of Notion that are shared with an integration. The base is {@code https://api.notion.com/v1}. */
    public static ApiTemplate notion() {
        return shipped("notion");
    }

    /**
     * Files of a document library of SharePoint, or of OneDrive, by Microsoft Graph. The base is the drive, such as
     * {@code https://graph.microsoft.com/v1.0/sites/ID/drive}.
     */
    public static ApiTemplate sharePoint() {
        return shipped("sharepoint");
    }

    /** Messages of the channels of Slack that an app is in. The base is {@code https://slack.com/api}. */
    public static ApiTemplate slack() {
        return shipped("slack");
    }

    private static ApiTemplate shipped(String name) {
        try (InputStream in = ApiTemplate.class.getResourceAsStream(name + ".json")) {
            return of(name, new String(Check.notNull(in, "in").readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** A template in a file, under the name of the file without its ending. */
    public static ApiTemplate read(Path file) throws IOException {
        return of(FileNames.stem(file.toString()), Files.readString(file));
    }

    /**
     * A template.
     *
     * @param name of the product
     * @param json the text of the file
     * @throws IllegalArgumentException naming the field that is wrong, unknown or missing
     */
    public static ApiTemplate of(String name, String json) {
        Check.notBlank(name, "name");
        try {
            return new ApiTemplate(name, json, MAPPER.readValue(json, TemplateFile.class));
        } catch (JacksonException wrong) {
            throw new IllegalArgumentException(
                    "template: " + name + place(wrong) + ": " + reason(wrong)
                            + " (expected: a template as the README says)",
                    wrong);
        }
    }

    private static String place(JacksonException wrong) {
        return wrong instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(step ->
                                step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName())
                        .collect(Collectors.joining("/", " at ", ""))
                : "";
    }

    private static String reason(JacksonException wrong) {
        Throwable root = wrong.getCause() == null ? wrong : wrong.getCause();
        return root instanceof JacksonException jackson
                ? jackson.getOriginalMessage().lines().findFirst().orElse("")
                : String.valueOf(root.getMessage());
    }

    /** The name of the product. */
    public String name() {
        return name;
    }

    /** As it was given. */
    String json() {
        return json;
    }

    TemplateFile file() {
        return file;
    }

    @Override
    public String toString() {
        return "ApiTemplate[" + name + "]";
    }
}
