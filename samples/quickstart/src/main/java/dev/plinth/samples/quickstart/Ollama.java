package dev.plinth.samples.quickstart;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the Ollama on this machine, if there is one, which models it has. */
final class Ollama {

    private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"([^\"]+)\"");
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private Ollama() {}

    static String url(Map<String, String> environment) {
        String host = environment.getOrDefault("OLLAMA_HOST", "");
        if (host.isBlank()) {
            return "http://127.0.0.1:11434";
        }
        return host.startsWith("http") ? host.replaceAll("/+$", "") : "http://" + host;
    }

    static Optional<String> firstModel(Map<String, String> environment) {
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        HttpRequest tags = HttpRequest.newBuilder(URI.create(url(environment) + "/api/tags"))
                .timeout(PATIENCE)
                .build();
        try {
            Matcher name = NAME.matcher(
                    client.send(tags, HttpResponse.BodyHandlers.ofString()).body());
            return name.results()
                    .map(result -> result.group(1))
                    .filter(model -> !model.contains("embed"))
                    .findFirst();
        } catch (IOException nobodyThere) {
            return Optional.empty();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
