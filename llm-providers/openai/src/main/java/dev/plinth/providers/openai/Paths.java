package dev.plinth.providers.openai;

import dev.plinth.providers.Percent;
import org.jspecify.annotations.Nullable;

/**
 * The paths of a server: those of OpenAI, or those of Azure's deployments, which name the model and the version.
 *
 * @param azureVersion of Azure's API; null: the paths have none
 * @param batched what the requests of a batch have before their path
 */
record Paths(@Nullable String azureVersion, String batched) {

    static final Paths OPEN_AI = new Paths(null, "/v1");

    static final Paths AZURE = new Paths(null, "");

    static Paths azureDeployments(String version) {
        return new Paths(version, "");
    }

    /** The path of a call to a model. */
    String of(String model, String path) {
        return azureVersion == null ? path : of("/deployments/" + Percent.encode(model) + path);
    }

    /** The path of a call that names no model. */
    String of(String path) {
        return azureVersion == null ? path : path + "?api-version=" + azureVersion;
    }
}
