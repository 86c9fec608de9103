package dev.plinth.bench.wire;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.providers.anthropic.Anthropic;
import dev.plinth.providers.bedrock.Bedrock;
import dev.plinth.providers.cohere.Cohere;
import dev.plinth.providers.gemini.Gemini;
import dev.plinth.providers.ollama.Ollama;
import dev.plinth.providers.openai.OpenAi;
import dev.plinth.providers.openai.Preset;
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
            case "openai-chat", "azure" -> openAi(Preset.OPENAI, server, false);
            case "openai-responses" -> openAi(Preset.OPENAI, server, true);
            case "mistral" -> openAi(Preset.MISTRAL, server, false);
            case "groq" -> openAi(Preset.GROQ, server, false);
            case "deepseek" -> openAi(Preset.DEEPSEEK, server, false);
            case "openrouter" -> openAi(Preset.OPENROUTER, server, false);
            case "anthropic" -> anthropic(server);
            case "gemini" -> gemini(server);
            case "bedrock" -> bedrock(server);
            case "ollama" -> ollama(server);
            case "cohere" -> cohere(server);
            default -> throw new IllegalArgumentException("protocol: " + protocol + " (expected: one that is spoken)");
        };
    }

    private static WireClient gemini(URI server) {
        Gemini gemini = Gemini.builder().baseUrl(server.toString()).build();
        return new WireClient() {
            @Override
            public ChatModel chat() {
                return gemini.chatModel("m");
            }

            @Override
            public EmbeddingModel embeddings() {
                return gemini.embeddingModel("m");
            }

            @Override
            public void close() {
                gemini.close();
            }
        };
    }

    private static WireClient openAi(Preset preset, URI server, boolean responses) {
        OpenAi openAi =
                OpenAi.builder(preset).baseUrl(server.resolve("/v1").toString()).build();
        return new WireClient() {
            @Override
            public ChatModel chat() {
                return responses ? openAi.responsesModel("m") : openAi.chatModel("m");
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

    private static WireClient anthropic(URI server) {
        Anthropic anthropic = Anthropic.builder().baseUrl(server.toString()).build();
        return new WireClient() {
            @Override
            public ChatModel chat() {
                return anthropic.chatModel("m");
            }

            @Override
            public EmbeddingModel embeddings() {
                throw new IllegalArgumentException("kind: embeddings (expected: chat, all that anthropic has)");
            }

            @Override
            public void close() {
                anthropic.close();
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

    private static WireClient ollama(URI server) {
        Ollama ollama = Ollama.builder().baseUrl(server.toString()).build();
        return new WireClient() {
            @Override
            public ChatModel chat() {
                return ollama.chatModel("m");
            }

            @Override
            public EmbeddingModel embeddings() {
                return ollama.embeddingModel("m");
            }

            @Override
            public String streamType() {
                return "application/x-ndjson";
            }

            @Override
            public void close() {
                ollama.close();
            }
        };
    }

    private static WireClient cohere(URI server) {
        Cohere cohere = Cohere.builder().baseUrl(server.toString()).build();
        return new WireClient() {
            @Override
            public ChatModel chat() {
                return cohere.chatModel("m");
            }

            @Override
            public EmbeddingModel embeddings() {
                return cohere.embeddingModel("m");
            }

            @Override
            public void close() {
                cohere.close();
            }
        };
    }
}
