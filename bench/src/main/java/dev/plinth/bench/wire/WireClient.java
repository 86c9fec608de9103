package dev.plinth.bench.wire;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.providers.bedrock.Bedrock;
import dev.plinth.providers.openai.OpenAi;
import java.net.URI;

/** The models of a protocol at a server. */
interface WireClient {

    ChatModel chat();

    /** Fails with an IllegalArgumentException if the protocol has none. */
    EmbeddingModel embeddings();

    /** The media type of a stream that does not say its own. */
    default String streamType() {
        return "text/event-stream";
    }

    void close();

    /**
     * The client of a protocol.
     *
     * @throws IllegalArgumentException if it is not known
     */
    static WireClient of(String protocol, URI server) {
        return switch (protocol) {
            case "openai-chat", "azure", "mistral", "groq", "deepseek", "openrouter" -> openAi(protocol, server);
            case "bedrock" -> bedrock(server);
            default -> throw new IllegalArgumentException("protocol: " + protocol + " (expected: one that is spoken)");
        };
    }

    private static WireClient openAi(String provider, URI server) {
        OpenAi openAi = OpenAi.builder()
                .provider(provider)
                .baseUrl(server.resolve("/v1").toString())
                .build();
        return new WireClient() {
            @Override
            public ChatModel chat() {
                return openAi.chatModel("m");
            }

            @Override
            public EmbeddingModel embeddings() {
                return openAi.embeddingModel("m");
            }

            @Override
            public void close() {
                openAi.close();
            }
        };
    }

    private static WireClient bedrock(URI server) {
        Bedrock bedrock = Bedrock.builder()
                .region("us-east-1")
                .baseUrl(server.toString())
                .apiKey("key-of-wire-read")
                .build();
        return new WireClient() {
            @Override
            public ChatModel chat() {
                return bedrock.chatModel("m");
            }

            /** The answers of all families are read alike; this one's calls take many texts. */
            @Override
            public EmbeddingModel embeddings() {
                return bedrock.embeddingModel("cohere.embed-v4:0");
            }

            @Override
            public String streamType() {
                return "application/vnd.amazon.eventstream";
            }

            @Override
            public void close() {
                bedrock.close();
            }
        };
    }
}
