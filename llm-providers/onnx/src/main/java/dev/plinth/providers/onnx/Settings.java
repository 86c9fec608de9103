package dev.plinth.providers.onnx;

import dev.plinth.api.check.Check;
import org.jspecify.annotations.Nullable;

/** What can be set for every model of this package, with the defaults. Not thread-safe. */
final class Settings {

    @Nullable
    Tokenizer tokenizer;

    boolean deterministic = true;
    int threads = 1;
    int maxConcurrency = Runtime.getRuntime().availableProcessors();
    Overlong overlong = Overlong.TRUNCATE;
    int keptDocuments;

    void threads(int threadsPerRun) {
        this.threads = Check.positive(threadsPerRun, "threadsPerRun");
    }

    void maxConcurrency(int runs) {
        this.maxConcurrency = Check.positive(runs, "maxConcurrency");
    }

    void overlong(Overlong policy) {
        this.overlong = Check.notNull(policy, "overlong");
    }

    void keepDocuments(int most) {
        Check.that(most >= 0, "keepDocuments", most, ">= 0");
        this.keptDocuments = most;
    }

    void tokenizer(Tokenizer own) {
        this.tokenizer = Check.notNull(own, "tokenizer");
    }

    /** The tokenizer that was set, else the one the file describes. */
    Tokenizer tokenizerFor(Weights files) {
        return tokenizer != null ? tokenizer : TokenizerFile.read(files.tokenizerName(), files.tokenizer());
    }
}
