package dev.plinth.providers.llamacpp;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class TinyInProcessContractTest extends EngineContract {

    @TempDir
    private static Path folder;

    @Override
    LlamaCpp.Builder builder() {
        return LlamaCpp.builder(TinyGguf.in(folder))
                .contextTokens(512)
                .threads(1)
                .inProcess();
    }
}
