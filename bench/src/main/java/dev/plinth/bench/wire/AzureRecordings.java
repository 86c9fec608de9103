package dev.plinth.bench.wire;

import dev.plinth.providers.CredentialsProvider;
import dev.plinth.providers.openai.OpenAi;
import java.net.URI;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Azure OpenAI: the deployments of the dated API, and the current one. */
final class AzureRecordings implements RecordedProtocol {

    private static final Pattern DEPLOYMENT = Pattern.compile("/openai/deployments/([^/]+)/.*");

    private final OpenAiChatRecordings openAi = new OpenAiChatRecordings();

    @Override
    public String file() {
        return "azure-openai.json";
    }

    @Override
    public Set<String> headers() {
        return Set.of("authorization", "api-key");
    }

    @Override
    public Outcome call(RecordedCase recorded, URI server) {
        Matcher deployment = DEPLOYMENT.matcher(recorded.path());
        String version = recorded.request().path("query").asText().replace("?api-version=", "");
        OpenAi.Builder builder = deployment.matches()
                ? OpenAi.azureDeployments(server.toString(), version)
                : OpenAi.azure(server.toString());
        String token = recorded.header("authorization").replace("Bearer ", "");
        if (token.isEmpty()) {
            builder.apiKey(recorded.header("api-key"));
        } else {
            builder.bearerToken(CredentialsProvider.of(token));
        }
        try (OpenAi azure = builder.build()) {
            if (recorded.path().endsWith("/embeddings")) {
                return Outcome.of(
                        () -> azure.embeddingModel("other").embed(OpenAiChatRequests.embedding(recorded.body())));
            }
            var request = OpenAiChatRequests.chat(recorded.body());
            String model = deployment.matches() ? deployment.group(1) : "other";
            return Outcome.of(() -> azure.chatModel("other")
                    .chat(
                            deployment.matches()
                                    ? request.toBuilder().model(model).build()
                                    : request));
        }
    }

    @Override
    public Reading read(RecordedCase recorded) {
        return openAi.read(recorded);
    }
}
