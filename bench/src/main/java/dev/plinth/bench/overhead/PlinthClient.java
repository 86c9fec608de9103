package dev.plinth.bench.overhead;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.layer.Layers;
import dev.plinth.providers.openai.OpenAi;
import java.util.Iterator;
import java.util.List;

/** The OpenAI adapter with its defaults, used as its guide says. */
final class PlinthClient implements Client {
    private static final ToolSpec TOOL =
            new ToolSpec(Questions.TOOL, Questions.TOOL_DESCRIPTION, Questions.TOOL_SCHEMA);

    private final OpenAi openAi;
    private final ChatModel chat;
    private final EmbeddingModel embeddings;

    PlinthClient(String url) {
        this(url, Layers.of());
    }

    /** The same with layers around it. */
    PlinthClient(String url, Layers layers) {
        this.openAi = OpenAi.builder().baseUrl(url).apiKey(Questions.KEY).build();
        this.chat = layers.around(openAi.chatModel(Questions.CHAT_MODEL));
        this.embeddings = layers.around(openAi.embeddingModel(Questions.EMBEDDING_MODEL));
    }

    @Override
    public String chat(String prompt) {
        return chat.chat(ChatRequest.of(prompt)).text();
    }

    @Override
    public String tool(String prompt) {
        ChatRequest request = ChatRequest.builder().user(prompt).tool(TOOL).build();
        return chat.chat(request).toolCalls().get(0).arguments();
    }

    @Override
    public Deltas stream(String prompt) {
        Iterator<StreamEvent> events = chat.stream(ChatRequest.of(prompt)).iterator();
        return () -> {
            while (events.hasNext()) {
                if (events.next() instanceof StreamEvent.TextDelta delta) {
                    return delta.text();
                }
            }
            return null;
        };
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        return embeddings.embed(EmbeddingRequest.documents(texts)).vectors();
    }

    @Override
    public void close() {
        openAi.close();
    }
}
