package dev.plinth.providers.onnx;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Usage;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings in this process: no server, no key, no network, no telemetry.
 *
 * <pre>{@code
 * try (OnnxEmbeddings model = OnnxEmbeddings.e5Small()) {
 *     float[] query = model.embedQuery("How do I reset my password?");
 *     List<float[]> documents = model.embedDocuments(List.of("Steps to recover a forgotten login"));
 * }
 * }</pre>
 *
 * <p>Defaults: deterministic, one thread per call (the caller's own), as many calls at a time as there are processors
 * (others wait their turn), overlong texts truncated and counted.
 *
 * <p><b>Deterministic</b> means that a text has one vector, bit for bit on one machine and version of onnxruntime,
 * because it goes through the model alone. Without it texts of like length share a run, which makes questions of 15
 * tokens about 1.5 times as fast and paragraphs no faster. But a model quantised to 8 bits scales its numbers by the
 * largest of the whole run, so the vector of a text then depends on its neighbours (cosine to its own vector 0.98 to
 * 1.0): nothing a search would notice much, but fatal to caches and to checks by hash.
 *
 * <p>A batch that runs is not interrupted; between batches a call obeys interruption
 * ({@link dev.plinth.api.error.CancelledException}), the deadline of its context and the total limit of its timeouts
 * ({@link dev.plinth.api.error.TimedOutException}). The usage counts the tokens the model really read, prefixes and
 * marks included.
 *
 * <p>Thread-safe. Loading takes about a second; load once and share.
 */
public final class OnnxEmbeddings implements EmbeddingModel, AutoCloseable {

    private final EmbeddingProfile profile;
    private final TimeSource time;
    private final ModelInfo info;
    private final Engine engine;
    private final Inputs inputs;

    private OnnxEmbeddings(Builder builder, Weights files) {
        Settings settings = builder.settings;
        this.profile = builder.profile;
        this.time = builder.time;
        this.info = ModelVersion.info(profile.name(), files, profile.canonical());
        Tokenizer tokenizer = settings.tokenizerFor(files);
        this.engine = Engine.load(files, ModelOutput.tokenVectors(profile.dimensions()), settings, info);
        this.inputs = new Inputs(tokenizer, profile, settings.overlong, engine.details());
    }

    /** all-MiniLM-L6-v2 with the defaults. */
    public static OnnxEmbeddings miniLm() {
        return builder(PackagedModel.MINI_LM_L6_V2).build();
    }

    /** bge-small-en-v1.5 with the defaults. */
    public static OnnxEmbeddings bgeSmallEn() {
        return builder(PackagedModel.BGE_SMALL_EN_V1_5).build();
    }

    /** e5-small-v2 with the defaults. */
    public static OnnxEmbeddings e5Small() {
        return builder(PackagedModel.E5_SMALL_V2).build();
    }

    /** A model of your own with the defaults, see {@link #builder(Path, Path, EmbeddingProfile)}. */
    public static OnnxEmbeddings fromFiles(Path onnx, Path tokenizerJson, EmbeddingProfile profile) {
        return builder(onnx, tokenizerJson, profile).build();
    }

    /**
     * A builder over weights on the class path; its {@code build()} fails with {@link ModelNotFoundException}, naming
     * the jar to add, when they are not there.
     */
    public static Builder builder(PackagedModel model) {
        Check.notNull(model, "model");
        return new Builder(() -> Weights.of(model), model.profile());
    }

    /**
     * A builder over a model of your own.
     *
     * @param onnx an encoder with the inputs {@code input_ids} and, if it wants them, {@code attention_mask} and
     *     {@code token_type_ids}, and an output of texts x tokens x dimensions. Native code reads it: use no file from
     *     people you do not trust
     * @param tokenizerJson its Hugging Face {@code tokenizer.json}
     * @param profile what its model card says
     */
    public static Builder builder(Path onnx, Path tokenizerJson, EmbeddingProfile profile) {
        Check.notNull(onnx, "onnx");
        Check.notNull(tokenizerJson, "tokenizerJson");
        return new Builder(() -> Weights.of(onnx, tokenizerJson), Check.notNull(profile, "profile"));
    }

    /**
     * {@inheritDoc}
     *
     * @throws ContextTooLongException if a text is too long for the model and the policy is {@link Overlong#REJECT}
     * @throws UnsupportedCapabilityException if another length of vector is asked for than {@link #dimensions()}
     * @throws ModelNotFoundException if another model is asked for
     */
    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        check(request);
        Deadline deadline = deadline(request);
        engine.check(deadline);
        Sequence[] texts = inputs.of("texts", request.texts(), request.inputType(), () -> engine.check(deadline));
        float[][] vectors = new float[texts.length][];
        engine.run(texts, deadline, (position, output) -> vectors[position] = vector(output, texts[position].length()));
        return new EmbeddingResponse(List.of(vectors), info.model(), Usage.of(Sequence.tokens(texts), 0));
    }

    private float[] vector(float[] output, int tokens) {
        float[] vector = new TokenVectors(output, tokens, engine.width()).pooled(profile.pooling());
        if (profile.normalized()) {
            TokenVectors.scaleToOne(vector, engine.details());
        } else {
            TokenVectors.length(vector, engine.details());
        }
        return vector;
    }

    /**
     * The provider {@code onnx} and the model's name with its version, such as
     * {@code bge-small-en-v1.5-q@4f1c2b09ad77}: the start of a SHA-256 over the weights, the tokenizer file and the
     * profile. Equal names mean comparable vectors, so an index can be stamped with it.
     */
    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public OptionalInt dimensions() {
        return OptionalInt.of(engine.width());
    }

    /** How the model is used. */
    public EmbeddingProfile profile() {
        return profile;
    }

    /** Whether a text has the same vector in every request. */
    public boolean deterministic() {
        return engine.deterministic();
    }

    /** How many texts were cut to the model's length since it was loaded. */
    public long truncatedTexts() {
        return inputs.truncated();
    }

    /**
     * Frees the native memory, after the batches that run have ended. Calls that wait or come later fail with
     * {@link dev.plinth.api.error.CancelledException}. Closing again does nothing.
     */
    @Override
    public void close() {
        engine.close();
    }

    private void check(EmbeddingRequest request) {
        String wanted = request.model().orElse(profile.name());
        if (!wanted.equals(profile.name()) && !wanted.equals(info.model())) {
            throw new ModelNotFoundException(
                    "model: '" + wanted + "' (expected: " + profile.name() + ")", engine.details(), null);
        }
        int length = request.dimensions().orElse(engine.width());
        if (length != engine.width()) {
            throw new UnsupportedCapabilityException(
                    "dimensions", "dimensions: " + length + " (expected: " + engine.width() + ")", engine.details());
        }
    }

    private @Nullable Deadline deadline(EmbeddingRequest request) {
        Deadline outer = request.context().deadline().orElse(null);
        Deadline own = request.timeouts()
                .map(timeouts -> Deadline.after(timeouts.total(), time))
                .orElse(null);
        if (outer == null || own == null) {
            return outer == null ? own : outer;
        }
        return own.remaining().compareTo(outer.remaining()) < 0 ? own : outer;
    }

    @Override
    public String toString() {
        return "OnnxEmbeddings[" + info.model() + "]";
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final Supplier<Weights> weights;
        private final EmbeddingProfile profile;
        private final Settings settings = new Settings();
        private TimeSource time = TimeSource.system();

        private Builder(Supplier<Weights> weights, EmbeddingProfile profile) {
            this.weights = weights;
            this.profile = profile;
        }

        /** Whether each text goes through the model alone; else texts of like length share a run. */
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

        /** What happens to a text with more tokens than the model reads. */
        public Builder overlong(Overlong policy) {
            settings.overlong(policy);
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

        /** The clock for the limits of a request. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /**
         * Loads the model.
         *
         * @throws ModelNotFoundException if packaged weights are not on the class path
         * @throws IllegalArgumentException if the files are not what they should be
         */
        public OnnxEmbeddings build() {
            return new OnnxEmbeddings(this, weights.get());
        }
    }
}
