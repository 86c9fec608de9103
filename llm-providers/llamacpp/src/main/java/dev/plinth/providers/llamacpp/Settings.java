package dev.plinth.providers.llamacpp;

import java.nio.file.Path;

/**
 * How a model is loaded.
 *
 * @param file in GGUF, checked before
 * @param contextTokens how many tokens prompt and answer may have together
 * @param threads that compute
 * @param addedTokens how many tokens the engine adds to a prompt by itself
 * @param countIsCertain whether that number is certain
 */
record Settings(Path file, int contextTokens, int threads, int addedTokens, boolean countIsCertain) {}
