package dev.plinth.providers.openai;

import dev.plinth.api.model.Capability;
import java.net.URI;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Servers that speak OpenAI's protocol, each with its address, the environment variable of its key, what its chat models
 * can do, and its own words where they differ. All of it can be set otherwise afterwards; a model may be able to do less
 * than its server.
 *
 * <pre>{@code
 * OpenAi groq = OpenAi.builder(Preset.GROQ).apiKey(key).build();
 * }</pre>
 */
public enum Preset {
    /** OpenAI itself. */
    OPENAI("openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
    /** A vLLM server, at its usual port. */
    VLLM("vllm", "http://localhost:8000/v1", ""),
    /** llama.cpp's server, at its usual port. */
    LLAMA_CPP("llama_cpp", "http://localhost:8080/v1", ""),
    /** LM Studio, at its usual port. */
    LM_STUDIO("lm_studio", "http://localhost:1234/v1", ""),
    /** Ollama's OpenAI-compatible side, at its usual port. */
    OLLAMA("ollama", "http://localhost:11434/v1", ""),
    GROQ("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    /** Google's OpenAI-compatible side, whose proofs of thoughts go back with the tool calls. */
    GEMINI("gcp.gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
    MISTRAL("mistral_ai", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    DEEPSEEK("deepseek", "https://api.deepseek.com", "DEEPSEEK_API_KEY"),
    OPENROUTER("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    TOGETHER("together_ai", "https://api.together.xyz/v1", "TOGETHER_API_KEY"),
    XAI("x_ai", "https://api.x.ai/v1", "XAI_API_KEY");

    private static final Map<Preset, Set<Capability>> MISSING = missing();

    private final String provider;
    private final URI baseUrl;
    private final String keyVariable;

    Preset(String provider, String baseUrl, String keyVariable) {
        this.provider = provider;
        this.baseUrl = URI.create(baseUrl);
        this.keyVariable = keyVariable;
    }

    /** The server's name in traces and errors, after OpenTelemetry's conventions where they have one. */
    public String provider() {
        return provider;
    }

    /** Where the server is unless said otherwise. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** The environment variable that holds the key by convention; empty: the server wants none. */
    public String keyVariable() {
        return keyVariable;
    }

    /** What the server's chat models can do. */
    public Set<Capability> capabilities() {
        Set<Capability> capabilities = new HashSet<>(OpenAi.CAPABILITIES);
        capabilities.removeAll(MISSING.getOrDefault(this, Set.of()));
        return Set.copyOf(capabilities);
    }

    Dialect dialect() {
        return switch (this) {
            case OPENAI, GROQ, XAI -> Dialect.OPEN_AI;
            case MISTRAL -> Dialect.MISTRAL;
            case GEMINI -> Dialect.COMPATIBLE.withProofs();
            case DEEPSEEK, VLLM, LLAMA_CPP -> Dialect.COMPATIBLE.withReasoningField("reasoning_content");
            case OPENROUTER ->
                Dialect.COMPATIBLE.withReasoningField("reasoning").withEffort(Dialect.Effort.OBJECT);
            case LM_STUDIO, OLLAMA, TOGETHER -> Dialect.COMPATIBLE;
        };
    }

    private static Map<Preset, Set<Capability>> missing() {
        Map<Preset, Set<Capability>> missing = new EnumMap<>(Preset.class);
        Set<Capability> local = Set.of(Capability.FILE_INPUT, Capability.SERVICE_TIER);
        missing.put(VLLM, local);
        missing.put(LLAMA_CPP, with(local, Capability.USER_ID, Capability.REASONING_EFFORT));
        missing.put(
                LM_STUDIO,
                with(
                        local,
                        Capability.USER_ID,
                        Capability.JSON_OUTPUT,
                        Capability.AUDIO_INPUT,
                        Capability.PARALLEL_TOOL_CALLS,
                        Capability.TOOL_CHOICE,
                        Capability.LOGPROBS));
        missing.put(
                OLLAMA,
                with(
                        local,
                        Capability.USER_ID,
                        Capability.AUDIO_INPUT,
                        Capability.TOOL_CHOICE,
                        Capability.PARALLEL_TOOL_CALLS,
                        Capability.LOGPROBS));
        missing.put(GROQ, Set.of(Capability.AUDIO_INPUT, Capability.FILE_INPUT, Capability.LOGPROBS));
        missing.put(
                GEMINI,
                with(local, Capability.USER_ID, Capability.SEED, Capability.LOGPROBS, Capability.PARALLEL_TOOL_CALLS));
        missing.put(
                MISTRAL,
                with(
                        local,
                        Capability.AUDIO_INPUT,
                        Capability.USER_ID,
                        Capability.LOGPROBS,
                        Capability.REASONING_EFFORT));
        missing.put(
                DEEPSEEK,
                with(
                        local,
                        Capability.JSON_SCHEMA,
                        Capability.SEED,
                        Capability.IMAGE_INPUT,
                        Capability.AUDIO_INPUT,
                        Capability.PARALLEL_TOOL_CALLS,
                        Capability.USER_ID,
                        Capability.REASONING_EFFORT));
        missing.put(OPENROUTER, Set.of(Capability.SERVICE_TIER));
        missing.put(TOGETHER, with(local, Capability.AUDIO_INPUT, Capability.USER_ID, Capability.LOGPROBS));
        missing.put(XAI, with(local, Capability.AUDIO_INPUT));
        return missing;
    }

    private static Set<Capability> with(Set<Capability> some, Capability... more) {
        Set<Capability> all = new HashSet<>(some);
        all.addAll(Set.of(more));
        return all;
    }
}
