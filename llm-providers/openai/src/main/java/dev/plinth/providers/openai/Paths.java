package dev.plinth.providers.openai;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The paths of a server: those of OpenAI, or those of Azure's deployments, which name the model and the version.
 *
 * @param azureVersion of Azure's API; null: OpenAI's paths
 */
record Paths(@Nullable String azureVersion) {

    static final Paths OPEN_AI = new Paths(null);

    String of(String model, String path) {
        if (azureVersion == null) {
            return path;
        }
        String deployment = URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
        return "/deployments/" + deployment + path + "?api-version=" + azureVersion;
    }
}
