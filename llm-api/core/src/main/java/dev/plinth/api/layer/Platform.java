package dev.plinth.api.layer;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.tool.Tool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Hands out models by alias, with every layer around them in the order of the stages. Whatever it hands out records its
 * calls with the {@link dev.plinth.api.context.Interaction} of the caller.
 *
 * <pre>{@code
 * Platform platform = Platform.builder()
 *     .chat("support", openAi)
 *     .layer(tracing)
 *     .layer(masking)
 *     .build();
 * String answer = platform.chat("support").chat(ChatRequest.of("Where is my parcel?")).text();
 * }</pre>
 *
 * <p>Immutable and thread-safe. It does not close what it is given.
 */
public final class Platform {

    private final Layers layers;
    private final Map<String, ChatModel> chats;
    private final Map<String, EmbeddingModel> embeddings;
    private final Map<String, Reranker> rerankers;
    private final Map<String, Retriever> retrievers;
    private final Map<String, Tool> tools;

    private Platform(Builder builder) {
        List<Layer> all = new ArrayList<>(builder.layers);
        all.add(new CallRecorder());
        this.layers = Layers.of(all);
        this.chats = wrap(builder.chats, layers::around);
        this.embeddings = wrap(builder.embeddings, layers::around);
        this.rerankers = wrap(builder.rerankers, layers::around);
        this.retrievers = wrap(builder.retrievers, layers::around);
        this.tools = wrap(builder.tools, layers::around);
    }

    /** A builder without models and layers. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The chat model of this alias.
     *
     * @throws IllegalArgumentException if there is none, naming those there are
     */
    public ChatModel chat(String alias) {
        return get(chats, alias, "chat");
    }

    /** The embedding model of this alias, as {@link #chat}. */
    public EmbeddingModel embedding(String alias) {
        return get(embeddings, alias, "embedding");
    }

    /** The reranker of this alias, as {@link #chat}. */
    public Reranker reranker(String alias) {
        return get(rerankers, alias, "reranker");
    }

    /** The retriever of this alias, as {@link #chat}. */
    public Retriever retriever(String alias) {
        return get(retrievers, alias, "retriever");
    }

    /** The tool of this name, as {@link #chat}. */
    public Tool tool(String name) {
        return get(tools, name, "tool");
    }

    /** The layers around everything, for what is not registered under an alias. */
    public Layers layers() {
        return layers;
    }

    private static <T> Map<String, T> wrap(Map<String, T> parts, Function<T, T> around) {
        Map<String, T> wrapped = new LinkedHashMap<>();
        parts.forEach((alias, part) -> wrapped.put(alias, around.apply(part)));
        return wrapped;
    }

    private static <T> T get(Map<String, T> parts, String alias, String name) {
        Check.notBlank(alias, name);
        T part = parts.get(alias);
        if (part == null) {
            throw new IllegalArgumentException(
                    name + ": " + alias + " (expected: one of " + new TreeSet<>(parts.keySet()) + ")");
        }
        return part;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final List<Layer> layers = new ArrayList<>();
        private final Map<String, ChatModel> chats = new LinkedHashMap<>();
        private final Map<String, EmbeddingModel> embeddings = new LinkedHashMap<>();
        private final Map<String, Reranker> rerankers = new LinkedHashMap<>();
        private final Map<String, Retriever> retrievers = new LinkedHashMap<>();
        private final Map<String, Tool> tools = new LinkedHashMap<>();

        private Builder() {}

        /** A chat model under an alias. */
        public Builder chat(String alias, ChatModel model) {
            return put(chats, alias, model);
        }

        /** An embedding model under an alias. */
        public Builder embedding(String alias, EmbeddingModel model) {
            return put(embeddings, alias, model);
        }

        /** A reranker under an alias. */
        public Builder reranker(String alias, Reranker reranker) {
            return put(rerankers, alias, reranker);
        }

        /** A retriever under an alias. */
        public Builder retriever(String alias, Retriever retriever) {
            return put(retrievers, alias, retriever);
        }

        /** A tool under its own name. */
        public Builder tool(Tool tool) {
            return put(tools, Check.notNull(tool, "tool").spec().name(), tool);
        }

        /** One more layer; its stage decides where it stands. */
        public Builder layer(Layer layer) {
            layers.add(Check.notNull(layer, "layer"));
            return this;
        }

        /** The platform. */
        public Platform build() {
            return new Platform(this);
        }

        private <T> Builder put(Map<String, T> parts, String alias, T part) {
            Check.notBlank(alias, "alias");
            Check.notNull(part, alias);
            Check.that(parts.putIfAbsent(alias, part) == null, "alias", alias, "each alias once");
            return this;
        }
    }
}
