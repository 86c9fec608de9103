package dev.plinth.api.embedding;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.option.Options;
import dev.plinth.api.time.Timeouts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Texts to embed.
 *
 * <p>Immutable and thread-safe.
 */
public final class EmbeddingRequest {

    private final List<String> texts;
    private final InputType inputType;
    private final @Nullable String model;
    private final @Nullable Integer dimensions;
    private final Options options;
    private final @Nullable CallContext context;
    private final @Nullable Timeouts timeouts;

    private EmbeddingRequest(Builder builder) {
        this.texts = builder.texts;
        this.inputType = builder.inputType;
        this.model = builder.model;
        this.dimensions = builder.dimensions;
        this.options = builder.options;
        this.context = builder.context;
        this.timeouts = builder.timeouts;
    }

    /** One text to search with. */
    public static EmbeddingRequest query(String text) {
        return builder(List.of(Check.notNull(text, "text")), InputType.QUERY).build();
    }

    /** Texts to be found. */
    public static EmbeddingRequest documents(List<String> texts) {
        return builder(texts, InputType.DOCUMENT).build();
    }

    /**
     * A builder.
     *
     * @param texts at least one, none of them blank
     */
    public static Builder builder(List<String> texts, InputType inputType) {
        return new Builder(texts, inputType);
    }

    /** The texts, at least one. */
    public List<String> texts() {
        return texts;
    }

    /** What they are embedded for. */
    public InputType inputType() {
        return inputType;
    }

    /** The model that is wanted; absent: the one the {@link EmbeddingModel} stands for. */
    public Optional<String> model() {
        return Optional.ofNullable(model);
    }

    /** The length of vector that is wanted; absent: the model's own. */
    public OptionalInt dimensions() {
        return dimensions == null ? OptionalInt.empty() : OptionalInt.of(dimensions);
    }

    /** What only one vendor knows. */
    public Options options() {
        return options;
    }

    /** The context that was set, else the one that is current on the calling thread. */
    public CallContext context() {
        return context == null ? CallContext.current() : context;
    }

    /** How long to wait; absent: as the model was built. */
    public Optional<Timeouts> timeouts() {
        return Optional.ofNullable(timeouts);
    }

    /** A builder that starts with this request. */
    public Builder toBuilder() {
        Builder builder = new Builder(texts, inputType);
        builder.model = model;
        builder.dimensions = dimensions;
        builder.options = options;
        builder.context = context;
        builder.timeouts = timeouts;
        return builder;
    }

    /** Names what is asked for, without the texts. */
    @Override
    public String toString() {
        return "EmbeddingRequest[" + texts.size() + " texts, " + inputType + ", model=" + model + "]";
    }

    /** Not thread-safe. What is not set is left to the model. */
    public static final class Builder {
        private final InputType inputType;
        private List<String> texts;
        private @Nullable String model;
        private @Nullable Integer dimensions;
        private Options options = Options.NONE;
        private @Nullable CallContext context;
        private @Nullable Timeouts timeouts;

        private Builder(List<String> texts, InputType inputType) {
            this.texts = checked(texts);
            this.inputType = Check.notNull(inputType, "inputType");
        }

        private static List<String> checked(List<String> texts) {
            List<String> copy = List.copyOf(Check.notEmpty(texts, "texts"));
            for (int i = 0; i < copy.size(); i++) {
                if (copy.get(i).isBlank()) {
                    Check.notBlank(copy.get(i), "texts[" + i + "]");
                }
            }
            return copy;
        }

        /** Other texts: at least one, none of them blank. */
        public Builder texts(List<String> texts) {
            this.texts = checked(texts);
            return this;
        }

        /** The model that is wanted. */
        public Builder model(String model) {
            this.model = Check.notBlank(model, "model");
            return this;
        }

        /** The length of vector that is wanted. */
        public Builder dimensions(int dimensions) {
            this.dimensions = Check.positive(dimensions, "dimensions");
            return this;
        }

        /** An option that only one vendor knows. */
        public <T> Builder option(OptionKey<T> key, T value) {
            this.options = options.with(key, value);
            return this;
        }

        /** Who asks, for what, until when. */
        public Builder context(CallContext context) {
            this.context = Check.notNull(context, "context");
            return this;
        }

        /** How long to wait. */
        public Builder timeouts(Timeouts timeouts) {
            this.timeouts = Check.notNull(timeouts, "timeouts");
            return this;
        }

        /** The request. */
        public EmbeddingRequest build() {
            return new EmbeddingRequest(this);
        }
    }
}
