package dev.plinth.providers.llamacpp;

/** In a process of its own. */
class TinyChildTest extends TinyChat {
    @Override
    LlamaCpp open(LlamaCpp.Builder builder) {
        return builder.open();
    }
}
