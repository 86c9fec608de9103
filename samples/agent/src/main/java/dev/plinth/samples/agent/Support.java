package dev.plinth.samples.agent;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.layer.Platform;
import dev.plinth.providers.openai.OpenAi;
import dev.plinth.tracing.Tracing;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.net.URI;

/**
 * Asks a model twice, traced by what the agent has set up. The arguments: the server's base URL; {@code plinth}, {@code
 * sdk}, or {@code elsewhere}: over the SDK, and Plinth leaves the reporting to the agent.
 */
public final class Support {

    private static final String MODEL = "gpt-5-mini";

    private Support() {}

    public static void main(String[] arguments) {
        String server = arguments[0];
        String way = arguments[1];
        try (OpenAi openAi = OpenAi.builder().baseUrl(server).apiKey("none").build()) {
            ChatModel model = way.equals("plinth") ? openAi.chatModel(MODEL) : sdk(server);
            Tracing tracing = Tracing.builder(GlobalOpenTelemetry.get())
                    .reportedElsewhere(info -> way.equals("elsewhere"))
                    .build();
            Platform platform = Platform.builder()
                    .chat("support", model)
                    .layer(tracing.layer())
                    .build();
            try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
                interaction.context().run(() -> {
                    platform.chat("support").chat(ChatRequest.of("Is it there?"));
                    platform.chat("support").chat(ChatRequest.of("And now?"));
                });
            }
        }
    }

    private static ChatModel sdk(String server) {
        return new SdkChatModel(
                OpenAIOkHttpClient.builder().baseUrl(server).apiKey("none").build(), MODEL, URI.create(server));
    }
}
