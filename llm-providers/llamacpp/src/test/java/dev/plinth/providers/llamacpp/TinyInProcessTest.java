package dev.plinth.providers.llamacpp;

/** In this process. */
class TinyInProcessTest extends TinyChat {
    @Override
    LlamaCpp open(LlamaCpp.Builder builder) {
        return builder.inProcess().open();
    }
}
