package dev.plinth.api.testkit;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a recording answers by itself or asks the real server. */
enum RecordMode {
    /** Never asks. */
    REPLAY,
    /** Asks what was not recorded. */
    MISSING,
    /** Asks everything anew. */
    ALL;

    static final String VARIABLE = "PLINTH_RECORD";
    static final String PROPERTY = "plinth.record";

    /**
     * What the machine says goes before what the test says, so that one command records anew or proves that nothing
     * does. On a build server only the machine can ask for recordings.
     *
     * @param property the system property; null or blank: not set
     */
    static RecordMode of(RecordMode asked, @Nullable String property, Map<String, String> environment) {
        String said = property == null || property.isBlank() ? environment.getOrDefault(VARIABLE, "") : property;
        String ci = environment.getOrDefault("CI", "");
        boolean buildServer = !ci.isBlank() && !ci.equals("false");
        return switch (said.strip()) {
            case "" -> buildServer ? REPLAY : asked;
            case "false" -> REPLAY;
            case "missing" -> MISSING;
            case "true" -> ALL;
            default ->
                throw new IllegalArgumentException(VARIABLE + ": " + said + " (expected: true, missing or false)");
        };
    }
}
