package dev.plinth.providers.onnx;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Usage;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Reranking in this process: no server, no key, no network. Two ways:
 *
 * <ul>
 *   <li>a <b>cross-encoder</b> of your own, such as ms-marco-MiniLM, reads query and document together; it was trained
 *       for nothing else;
 *   <li><b>late interaction</b> needs no more weights than the embeddings have: an embedding model reads query and
 *       document apart, and each token of the query looks for its nearest token of the document. The score is the mean
 *       of these cosines (MaxSim), from -1 to 1; its range differs from model to model.
 * </ul>
 *
 * <pre>{@code
 * try (OnnxReranker reranker = OnnxReranker.lateInteraction(PackagedModel.MINI_LM_L6_V2)) {
 *     RerankResponse best = reranker.rerank(RerankRequest.of("How do I reset my password?", passages, 5));
 * }
 * }</pre>
 *
 * <p>Defaults, threads, {@code deterministic} and limits are those of {@link OnnxEmbeddings}: each document goes
 * through the model alone and so has one score whatever its neighbours; a call obeys interruption and the deadline of
 * its context between documents; overlong texts are truncated and counted. The usage counts the tokens the model
 * really read: a cross-encoder reads the query again with each document.
 *
 * <p>Thread-safe. Loading takes about a second; load once and share.
 */
public final class OnnxReranker implements Reranker, AutoCloseable {

    private final ModelInfo info;
    private final Engine engine;
    private final Scorer scorer;

    private OnnxReranker(ModelInfo info, Engine engine, Scorer scorer) {
        this.info = info;
        this.engine = engine;
        this.scorer = scorer;
    }

    /** A cross-encoder with the defaults, see {@link #builder(Path, Path, CrossEncoderProfile)}. */
    public static OnnxReranker crossEncoder(Path onnx, Path tokenizerJson, CrossEncoderProfile profile) {
        return builder(onnx, tokenizerJson, profile).build();
    }

    /** Late interaction with the defaults, see {@link #builder(PackagedModel)}. */
    public static OnnxReranker lateInteraction(PackagedModel model) {
        return builder(model).build();
    }

    /**
     * A builder for a cross-encoder of your own. Its score is the model's one logit, or the second of two less the
     * first, under the sigmoid unless the profile says otherwise.
     *
     * @param onnx a sequence classifier with the inputs {@code input_ids} and, if it wants them, {@code attention_mask}
     *     and {@code token_type_ids}, and an output {@code logits} of pairs x 1 or 2. Native code reads it: use no file
     *     from people you do not trust
     * @param tokenizerJson its Hugging Face {@code tokenizer.json}, of the BERT WordPiece family unless the builder
     *     gets a tokenizer
     * @param profile what its model card says
     */
    public static Builder builder(Path onnx, Path tokenizerJson, CrossEncoderProfile profile) {
        Check.notNull(profile, "profile");
        return new Builder(files(onnx, tokenizerJson), (files, settings) -> crossEncoder(files, settings, profile));
    }

    /**
     * A builder for late interaction over weights on the class path; its {@code build()} fails with
     * {@link ModelNotFoundException}, naming the jar to add, when they are not there.
     */
    public static Builder builder(PackagedModel model) {
        Check.notNull(model, "model");
        return new Builder(
                () -> Weights.of(model), (files, settings) -> lateInteraction(files, settings, model.profile()));
    }

    /**
     * A builder for late interaction over an embedding model of your own. The profile's prefixes and limits count, its
     * pooling does not.
     *
     * @param onnx an encoder, as {@link OnnxEmbeddings#builder(Path, Path, EmbeddingProfile)} takes it
     * @param tokenizerJson its Hugging Face {@code tokenizer.json}
     * @param profile what its model card says
     */
    public static Builder builder(Path onnx, Path tokenizerJson, EmbeddingProfile profile) {
        Check.notNull(profile, "profile");
        return new Builder(files(onnx, tokenizerJson), (files, settings) -> lateInteraction(files, settings, profile));
    }

    private static Supplier<Weights> files(Path onnx, Path tokenizerJson) {
        Check.notNull(onnx, "onnx");
        Check.notNull(tokenizerJson, "tokenizerJson");
        return () -> Weights.of(onnx, tokenizerJson);
    }

    private static OnnxReranker crossEncoder(Weights files, Settings settings, CrossEncoderProfile profile) {
        Check.that(settings.keptDocuments == 0, "keepDocuments", settings.keptDocuments, "0 for a cross-encoder");
        ModelInfo info = ModelVersion.info(profile.name(), files, profile.canonical());
        Tokenizer tokenizer = settings.tokenizerFor(files);
        Engine engine = Engine.load(files, ModelOutput.logits(), settings, info);
        Pairs pairs = new Pairs(tokenizer, profile, settings.overlong, engine.details());
        return new OnnxReranker(info, engine, new CrossEncoder(engine, pairs, profile.sigmoid()));
    }

    private static OnnxReranker lateInteraction(Weights files, Settings settings, EmbeddingProfile profile) {
        ModelInfo info = ModelVersion.info(profile.name() + "-maxsim", files, profile.canonical());
        Tokenizer tokenizer = settings.tokenizerFor(files);
        Engine engine = Engine.load(files, ModelOutput.tokenVectors(profile.dimensions()), settings, info);
        Inputs inputs = new Inputs(tokenizer, profile, settings.overlong, engine.details());
        return new OnnxReranker(
                info, engine, new LateInteraction(engine, inputs, new KeptDocuments(settings.keptDocuments)));
    }

    /**
     * {@inheritDoc} Documents with the same score keep their order.
     *
     * @throws ContextTooLongException if a text is too long for the model and the {@link Overlong} policy does not cut
     *     it
     */
    @Override
    public RerankResponse rerank(RerankRequest request) {
        Check.notNull(request, "request");
        Deadline deadline = request.context().deadline().orElse(null);
        engine.check(deadline);
        Scores scores = scorer.score(request.query(), request.documents(), deadline);
        return new RerankResponse(scores.best(request.top()), info.model(), Usage.of(scores.tokens(), 0));
    }

    /**
     * The provider {@code onnx} and the model's name with its version, such as
     * {@code ms-marco-MiniLM-L6-v2@4f1c2b09ad77}: the start of a SHA-256 over the weights, the tokenizer file and the
     * profile. Equal names mean comparable scores. Late interaction adds {@code -maxsim} to the name.
     */
    @Override
    public ModelInfo info() {
        return info;
    }

    /** Whether a document has the same score in every request with the same query. */
    public boolean deterministic() {
        return engine.deterministic();
    }

    /** How many texts were cut to the model's length since it was loaded; a pair counts once. */
    public long truncatedTexts() {
        return scorer.truncated();
    }

    /**
     * Frees the native memory, after the batches that run have ended. Calls that wait or come later fail with
     * {@link dev.plinth.api.error.CancelledException}. Closing again does nothing.
     */
    @Override
    public void close() {
        engine.close();
    }

    @Override
    public String toString() {
        return "OnnxReranker[" + info.model() + "]";
    }

    /** Makes a reranker of one kind. */
    private interface Kind {
        OnnxReranker load(Weights files, Settings settings);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final Supplier<Weights> weights;
        private final Kind kind;
        private final Settings settings = new Settings();

        private Builder(Supplier<Weights> weights, Kind kind) {
            this.weights = weights;
            this.kind = kind;
        }

        /** Whether each document goes through the model alone; else documents of like length share a run. */
        public Builder deterministic(boolean deterministic) {
            settings.deterministic = deterministic;
            return this;
        }

        /**
         * Threads of one run. With 1 a run stays on its caller's thread, which serves many callers best; more make a
         * single caller faster and are started by onnxruntime when the model is loaded.
         */
        public Builder threadsPerRun(int threads) {
            settings.threads(threads);
            return this;
        }

        /** How many runs may go on at a time; each takes a processor and some memory. */
        public Builder maxConcurrency(int runs) {
            settings.maxConcurrency(runs);
            return this;
        }

        /** What happens to a query and a document with more tokens than the model reads. */
        public Builder overlong(Overlong policy) {
            settings.overlong(policy);
            return this;
        }

        /**
         * Keeps what the model made of the documents that came last, so that one that comes again is not read again: a
         * query over fifty known passages then takes milliseconds, not seconds. For late interaction only; 0, the
         * default, keeps none. A passage of 200 tokens takes about 0.3 MB of the heap with 384 dimensions.
         *
         * @param documents how many at most
         */
        public Builder keepDocuments(int documents) {
            settings.keepDocuments(documents);
            return this;
        }

        /**
         * A tokenizer in place of Plinth's, for a model outside the BERT WordPiece family. The bytes of
         * {@code tokenizer.json} still count for the version in the model's name.
         */
        public Builder tokenizer(Tokenizer tokenizer) {
            settings.tokenizer(tokenizer);
            return this;
        }

        /**
         * Loads the model.
         *
         * @throws ModelNotFoundException if packaged weights are not on the class path
         * @throws IllegalArgumentException if the files are not what they should be, or the tokenizer is of another
         *     family and none was handed in
         */
        public OnnxReranker build() {
            return kind.load(weights.get(), settings);
        }
    }
}
