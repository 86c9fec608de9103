package dev.plinth.providers.llamacpp;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.time.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Chat with a model in a GGUF file, on llama.cpp: no server, no key, no network.
 *
 * <pre>{@code
 * try (LlamaCpp llama = LlamaCpp.open(Path.of("SmolLM2-135M-Instruct.Q4_1.gguf"))) {
 *     String answer = llama.chatModel().chat(ChatRequest.of("Why is the sky blue?")).text();
 * }
 * }</pre>
 *
 * <p><b>A process of its own.</b> By default the model runs in a child process that this one starts and ends: a failed
 * assertion in native code ends the child and not the application. The call that ran then fails with
 * {@link dev.plinth.api.error.TransportException}, which can be retried, and the next call starts another child. See
 * {@link Builder#inProcess()} for what is lost without.
 *
 * <p><b>One answer at a time.</b> Other calls wait for their turn, in order, within their own limits. A stream holds the
 * model until it has been read to its end or closed.
 *
 * <p><b>Prompts</b> are made by the chat template in the file. A message that the template leaves out or refuses is an
 * error, and so is a message with the tokens by which the model tells turns apart. A prompt that does not fit the
 * context is refused with {@link dev.plinth.api.error.ContextTooLongException}, never cut.
 *
 * <p><b>JSON.</b> A JSON format is held by a grammar, so the answer is of that form whatever the model says, unless it
 * was cut: then the finish reason is {@code LENGTH}. What of a schema a grammar cannot hold is refused. The model is not
 * told of the schema; say in the prompt what you want.
 *
 * <p><b>Usage</b> is counted by the model's own tokenizer and is {@code REPORTED} where the count is certain; text beyond
 * ASCII makes it {@code ESTIMATED}, since the engine does not say of how many tokens a character was made. With a seed
 * the same request gives the same answer on one machine.
 *
 * <p>Tools are not supported. Thread-safe. Loading takes about a second for each gigabyte; load once and share.
 */
public final class LlamaCpp implements AutoCloseable {

    /** Only the so many most likely tokens may come next; 0: all. */
    public static final OptionKey<Integer> TOP_K = new OptionKey<>("llamacpp.top_k", Integer.class);

    /** Only tokens at least this likely, compared with the most likely one: 0 to 1. */
    public static final OptionKey<Double> MIN_P = new OptionKey<>("llamacpp.min_p", Double.class);

    /** How much less likely a token becomes that came lately: above 0; 1: not at all. */
    public static final OptionKey<Double> REPEAT_PENALTY = new OptionKey<>("llamacpp.repeat_penalty", Double.class);

    /**
     * A grammar that the answer keeps to, in GBNF.
     *
     * @see <a href="https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md">GBNF</a>
     */
    public static final OptionKey<String> GRAMMAR = new OptionKey<>("llamacpp.grammar", String.class);

    static final String PROVIDER = "llamacpp";

    private final LlamaChatModel model;

    private LlamaCpp(LlamaChatModel model) {
        this.model = model;
    }

    /** The model with the defaults, see {@link #builder}. */
    public static LlamaCpp open(Path gguf) {
        return builder(gguf).open();
    }

    /**
     * A builder over a model.
     *
     * @param gguf a chat model in one file. Its form is checked, but native code reads it in the end: use no file from
     *     people you do not trust
     */
    public static Builder builder(Path gguf) {
        return new Builder(Check.notNull(gguf, "gguf"));
    }

    /** The model, always the same one. */
    public ChatModel chatModel() {
        return model;
    }

    /**
     * Ends the child process. A call that runs fails with {@link dev.plinth.api.error.CancelledException}, as do those
     * that wait or come later. Closing again does nothing.
     */
    @Override
    public void close() {
        model.close();
    }

    @Override
    public String toString() {
        return "LlamaCpp[" + model.info().model() + "]";
    }

    /** Not thread-safe. */
    public static final class Builder {
        private static final int DEFAULT_CONTEXT_TOKENS = 4096;

        private final Path gguf;
        private @Nullable String name;
        private @Nullable Integer contextTokens;
        private int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
        private @Nullable String chatTemplate;
        private boolean inProcess;
        private Duration loadTimeout = Duration.ofMinutes(2);
        private Timeouts timeouts = Timeouts.DEFAULT;
        private TimeSource time = TimeSource.system();

        private Builder(Path gguf) {
            this.gguf = gguf;
        }

        /** What the model is called; else by its file, without {@code .gguf}. */
        public Builder name(String name) {
            this.name = Check.notBlank(name, "name");
            return this;
        }

        /**
         * How many tokens prompt and answer may have together; else 4096, or what the model was made for if that is
         * less. Memory grows with it.
         */
        public Builder contextTokens(int tokens) {
            this.contextTokens = Check.positive(tokens, "contextTokens");
            return this;
        }

        /** Threads that compute; else as many as there are processors. */
        public Builder threads(int threads) {
            this.threads = Check.positive(threads, "threads");
            return this;
        }

        /** A chat template in Jinja in place of the file's own. */
        public Builder chatTemplate(String jinja) {
            this.chatTemplate = Check.notBlank(jinja, "chatTemplate");
            return this;
        }

        /**
         * Runs the model in this process. Then a failed assertion in native code ends this process; the JVM does not end
         * by itself any more once a model was loaded, only by {@link System#exit}; {@link #close()} gives no memory
         * back; and what ends a wait ends it between two tokens only, the first one after the prompt has been read.
         */
        public Builder inProcess() {
            this.inProcess = true;
            return this;
        }

        /** How long the child process may take to load the model when it is opened; else 2 minutes. */
        public Builder loadTimeout(Duration limit) {
            this.loadTimeout = Check.positive(limit, "loadTimeout");
            return this;
        }

        /** How long calls wait when their request does not say so. */
        public Builder timeouts(Timeouts timeouts) {
            this.timeouts = Check.notNull(timeouts, "timeouts");
            return this;
        }

        /** The clock. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /**
         * Loads the model.
         *
         * @throws IllegalArgumentException if the file is no whole GGUF file of a chat model that llama.cpp knows, has
         *     no chat template, or one that Plinth cannot read
         * @throws IllegalStateException if llama.cpp does not run on this machine, saying what is missing
         */
        public LlamaCpp open() {
            GgufFile file = GgufFile.read(gguf);
            GgufVocabulary vocabulary = GgufVocabulary.of(file);
            SpecialTokens special = SpecialTokens.of(file, vocabulary);
            ChatPrompt prompt = new ChatPrompt(template(file), special, vocabulary.controlTokens(), time);
            Settings settings = new Settings(gguf, contextTokens(file), threads, special.added(), special.certain());
            return new LlamaCpp(new LlamaChatModel(engine(settings), prompt, name(), timeouts, time));
        }

        private Engine engine(Settings settings) {
            if (inProcess) {
                return new LocalEngine(KherudModel.load(settings));
            }
            Limits limits = Limits.within("loadTimeout", loadTimeout, time, ErrorDetails.NONE);
            return ChildEngine.start(ChildCommand.of(settings), settings.contextTokens(), limits);
        }

        private String template(GgufFile file) {
            String template =
                    chatTemplate == null ? file.text("tokenizer.chat_template").orElse(null) : chatTemplate;
            if (template == null) {
                throw new IllegalArgumentException("chatTemplate: none in the file (expected: one by chatTemplate())");
            }
            return template;
        }

        private int contextTokens(GgufFile file) {
            int most = GgufModel.contextLength(file);
            if (contextTokens == null) {
                return Math.min(most, DEFAULT_CONTEXT_TOKENS);
            }
            Check.that(contextTokens <= most, "contextTokens", contextTokens, "at most " + most);
            return contextTokens;
        }

        private String name() {
            String file = String.valueOf(gguf.getFileName());
            return name != null ? name : file.endsWith(".gguf") ? file.substring(0, file.length() - 5) : file;
        }
    }
}
