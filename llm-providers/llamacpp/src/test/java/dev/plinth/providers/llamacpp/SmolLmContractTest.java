package dev.plinth.providers.llamacpp;

/** With real weights, where they are. */
class SmolLmContractTest extends EngineContract {

    @Override
    LlamaCpp.Builder builder() {
        return LlamaCpp.builder(RealWeights.file()).contextTokens(1024);
    }
}
