package dev.plinth.providers.gemini;

import dev.plinth.providers.Endpoint;
import dev.plinth.providers.Percent;
import java.net.URI;

/**
 * Where a server has its models.
 *
 * @param parent what stands before them on Vertex AI, such as {@code projects/p/locations/l/}; may be empty
 * @param vertex whether it is Vertex AI, which names models by their publisher
 */
record ModelPath(String parent, boolean vertex) {

    /** The Gemini API: {@code models/x}. */
    static final ModelPath GEMINI_API = new ModelPath("", false);

    /** Vertex AI with a key in place of a project: {@code publishers/google/models/x}. */
    static final ModelPath VERTEX_EXPRESS = new ModelPath("", true);

    /** Vertex AI: {@code projects/p/locations/l/publishers/google/models/x}. */
    static ModelPath vertex(String project, String location) {
        return new ModelPath("projects/" + project + "/locations/" + location + "/", true);
    }

    /** The server of a location. */
    static URI vertexServer(String location) {
        return switch (location) {
            case "global" -> URI.create("https://aiplatform.googleapis.com");
            case "eu", "us" -> URI.create("https://aiplatform." + location + ".rep.googleapis.com");
            default -> Endpoint.baseUrl("https://" + location + "-aiplatform.googleapis.com");
        };
    }

    /** The path of a method of a model, percent-encoded. */
    String of(String model, String method) {
        return "/" + Percent.encode(resource(model), "/@") + ":" + method;
    }

    /** The full name of a model; one that is full already stays as it is. */
    String resource(String model) {
        if (!vertex) {
            return model.indexOf('/') < 0 ? "models/" + model : model;
        }
        if (model.startsWith("projects/")) {
            return model;
        }
        return parent + (model.startsWith("publishers/") ? model : "publishers/google/models/" + model);
    }
}
