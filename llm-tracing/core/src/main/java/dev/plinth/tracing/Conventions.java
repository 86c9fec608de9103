package dev.plinth.tracing;

import dev.plinth.api.check.Check;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The versions of OpenTelemetry's conventions for generative AI that Plinth speaks. They are in development: names change
 * between versions, so what is emitted is one of these, said in the schema URL, and never a mixture.
 */
public enum Conventions {
    /** The last full set in OpenTelemetry's main repository; what most dashboards of 2026 read. */
    V1_41("1.41", "https://opentelemetry.io/schemas/1.41.0"),
    /** The first release of the conventions' own repository. */
    GENAI_0_1("genai-0.1", "https://opentelemetry.io/schemas/gen-ai/0.1.0");

    private final String version;
    private final String schemaUrl;

    Conventions(String version, String schemaUrl) {
        this.version = version;
        this.schemaUrl = schemaUrl;
    }

    /** The newest, which is the default. */
    public static Conventions newest() {
        return GENAI_0_1;
    }

    /** The conventions of this version, such as {@code 1.41}; for settings. */
    public static Conventions of(String version) {
        Check.notNull(version, "conventions");
        for (Conventions each : values()) {
            if (each.version.equals(version)) {
                return each;
            }
        }
        String known = Arrays.stream(values()).map(Conventions::version).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("conventions: " + version + " (expected: one of " + known + ")");
    }

    /** The version, as it is written in settings. */
    public String version() {
        return version;
    }

    /** Where a back end finds what the names mean. */
    public String schemaUrl() {
        return schemaUrl;
    }
}
