package dev.plinth.api.model;

import dev.plinth.api.check.Check;

/**
 * Something a model can or cannot do. An open set: the constants are those that requests are checked for.
 *
 * @param name lower case with dashes
 */
public record Capability(String name) {

    public static final Capability TOOLS = new Capability("tools");
    /** Some tool, or a certain one, can be demanded. */
    public static final Capability TOOL_CHOICE = new Capability("tool-choice");
    /** Several tools at once can be allowed and forbidden. */
    public static final Capability PARALLEL_TOOL_CALLS = new Capability("parallel-tool-calls");
    /** A JSON object without a schema. */
    public static final Capability JSON_OUTPUT = new Capability("json-output");
    /** JSON that fits a schema, enforced by the vendor. */
    public static final Capability JSON_SCHEMA = new Capability("json-schema");

    public static final Capability IMAGE_INPUT = new Capability("image-input");
    public static final Capability AUDIO_INPUT = new Capability("audio-input");
    public static final Capability FILE_INPUT = new Capability("file-input");
    public static final Capability STOP_SEQUENCES = new Capability("stop-sequences");
    public static final Capability SEED = new Capability("seed");
    public static final Capability TEMPERATURE = new Capability("temperature");
    public static final Capability TOP_P = new Capability("top-p");
    /** How much it thinks can be said. */
    public static final Capability REASONING_EFFORT = new Capability("reasoning-effort");
    /** The probabilities of the answer's tokens can be had. */
    public static final Capability LOGPROBS = new Capability("logprobs");
    /** There are classes of service to choose from. */
    public static final Capability SERVICE_TIER = new Capability("service-tier");
    /** The vendor takes a pseudonymous id of the end user. */
    public static final Capability USER_ID = new Capability("user-id");

    public Capability {
        Check.notBlank(name, "name");
    }
}
