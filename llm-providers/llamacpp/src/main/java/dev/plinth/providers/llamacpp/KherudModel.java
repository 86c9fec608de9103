package dev.plinth.providers.llamacpp;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;

/**
 * A model on the binding {@code de.kherud:llama}. Much of what that offers is left alone, since a C++ exception or a
 * failed assertion in it ends the process: its chat templates (which garble text beyond the basic plane, too), its
 * conversion of JSON Schema, embeddings, downloads. What it does not say is found out here: why an answer ended, and of
 * how many tokens a piece was made.
 */
final class KherudModel implements NativeModel {

    private final LlamaModel model;
    private final Settings settings;

    private KherudModel(LlamaModel model, Settings settings) {
        this.model = model;
        this.settings = settings;
    }

    /**
     * Loads the model.
     *
     * @throws IllegalArgumentException if the engine cannot load the file
     * @throws IllegalStateException if the engine itself cannot be loaded
     */
    static KherudModel load(Settings settings) {
        requireOwnSettings();
        NativeLibrary.load();
        ModelParameters parameters = new ModelParameters()
                .setModel(settings.file().toAbsolutePath().toString())
                .setCtxSize(settings.contextTokens() + 1) // room for the token that tells a cut answer
                .setThreads(settings.threads())
                .setThreadsBatch(settings.threads())
                .setParallel(1)
                .setChatTemplate("chatml") // so that it does not read the model's, which it is not asked to use
                .disableContextShift()
                .disablePerf()
                .disableLog();
        try {
            return new KherudModel(new LlamaModel(parameters), settings);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("gguf: not loadable (expected: what llama.cpp b4916 can load)", e);
        }
    }

    /** The engine reads settings from the environment, and some of them make it fail. */
    private static void requireOwnSettings() {
        for (String name : System.getenv().keySet()) {
            if (name.startsWith("LLAMA_ARG_")) {
                throw new IllegalStateException("environment: " + name + " is set (expected: no LLAMA_ARG_ variables)");
            }
        }
    }

    @Override
    public int contextTokens() {
        return settings.contextTokens();
    }

    @Override
    public Output.Begun count(String prompt) {
        return new Output.Begun(model.encode(prompt).length + settings.addedTokens(), settings.countIsCertain());
    }

    @Override
    public Run begin(Job job, int maxTokens) {
        InferenceParameters parameters = new InferenceParameters(job.prompt())
                .setNPredict(maxTokens + 1) // the one too many tells a cut answer from one that was done
                .setCachePrompt(job.seed() == null); // what is cached was computed in other batches, so it may differ
        if (job.grammar() != null) {
            parameters.setGrammar(job.grammar());
        }
        if (job.temperature() != null) {
            parameters.setTemperature(job.temperature().floatValue());
        }
        if (job.topP() != null) {
            parameters.setTopP(job.topP().floatValue());
        }
        if (job.topK() != null) {
            parameters.setTopK(job.topK());
        }
        if (job.minP() != null) {
            parameters.setMinP(job.minP().floatValue());
        }
        if (job.repeatPenalty() != null) {
            parameters.setRepeatPenalty(job.repeatPenalty().floatValue());
        }
        if (job.seed() != null) {
            parameters.setSeed(job.seed());
        }
        return new KherudRun(model.generate(parameters).iterator(), maxTokens);
    }

    /** The binding frees nothing: the memory is the system's again when the process ends. */
    @Override
    public void close() {
        model.close();
    }

    private final class KherudRun implements Run {

        private final LlamaIterator outputs;
        private final int maxTokens;
        private int tokens;
        private boolean saidNothing;

        KherudRun(LlamaIterator outputs, int maxTokens) {
            this.outputs = outputs;
            this.maxTokens = maxTokens;
        }

        /**
         * The binding gives one output for each token, without text for a token that ends the answer, and one more when
         * all is over. Tokens that end within a character come with the one that completes it.
         */
        @Override
        public Output next() {
            LlamaOutput output = outputs.next();
            if (!outputs.hasNext()) {
                return new Output.Ended(saidNothing);
            }
            saidNothing = output.text.isEmpty();
            if (tokens >= maxTokens) {
                outputs.cancel();
                return new Output.Ended(false);
            }
            boolean ascii = output.text.chars().allMatch(c -> c < 128);
            int most = ascii ? 1 : Math.max(1, model.encode(output.text).length);
            int count = Math.min(most, maxTokens - tokens);
            tokens += count;
            return new Output.Piece(output.text, count, ascii);
        }

        @Override
        public void cancel() {
            outputs.cancel();
        }
    }
}
