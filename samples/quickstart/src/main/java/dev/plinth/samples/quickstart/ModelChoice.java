package dev.plinth.samples.quickstart;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.providers.openai.OpenAi;
import java.util.Map;
import java.util.Optional;

/**
 * The model that writes the answers, as far as one is there.
 *
 * @param server where it is served, to be closed; empty: none
 * @param model its name there
 * @param why how it was chosen, for people
 */
record ModelChoice(Optional<OpenAi> server, String model, String why) implements AutoCloseable {

    static ModelChoice none(String why) {
        return new ModelChoice(Optional.empty(), "", why);
    }

    /** Looks for a model: first keys in the environment, then an Ollama on this machine. */
    static ModelChoice find(Map<String, String> environment) {
        if (isSet(environment, "OPENAI_API_KEY") || isSet(environment, "OPENAI_BASE_URL")) {
            return openAi(environment);
        }
        if (isSet(environment, "ANTHROPIC_API_KEY")) {
            return anthropic(environment);
        }
        Optional<String> ollama = Ollama.firstModel(environment);
        return ollama.map(model -> ollama(environment, model))
                .orElseGet(() -> none("no OPENAI_API_KEY, no ANTHROPIC_API_KEY, no local Ollama with a model"));
    }

    private static ModelChoice openAi(Map<String, String> environment) {
        String url = environment.getOrDefault("OPENAI_BASE_URL", "https://api.openai.com/v1");
        OpenAi.Builder server = OpenAi.builder().baseUrl(url);
        String key = environment.getOrDefault("OPENAI_API_KEY", "");
        if (!key.isBlank()) {
            server.apiKey(key);
        }
        String model = environment.getOrDefault("OPENAI_MODEL", "gpt-5-mini");
        return new ModelChoice(Optional.of(server.build()), model, "OPENAI_* of the environment, at " + url);
    }

    private static ModelChoice anthropic(Map<String, String> environment) {
        OpenAi server = OpenAi.builder()
                .provider("anthropic")
                .baseUrl("https://api.anthropic.com/v1")
                .apiKey(environment.getOrDefault("ANTHROPIC_API_KEY", ""))
                .maxTokensField()
                .build();
        String model = environment.getOrDefault("ANTHROPIC_MODEL", "claude-haiku-5-5");
        return new ModelChoice(Optional.of(server), model, "ANTHROPIC_API_KEY of the environment");
    }

    private static ModelChoice ollama(Map<String, String> environment, String model) {
        OpenAi server = OpenAi.builder()
                .provider("ollama")
                .baseUrl(Ollama.url(environment) + "/v1")
                .maxTokensField()
                .build();
        return new ModelChoice(Optional.of(server), model, "the Ollama on this machine");
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }

    /** The model, asked over its server. */
    Optional<ChatModel> chatModel() {
        return server.map(openAi -> openAi.chatModel(model));
    }

    @Override
    public void close() {
        server.ifPresent(OpenAi::close);
    }
}
