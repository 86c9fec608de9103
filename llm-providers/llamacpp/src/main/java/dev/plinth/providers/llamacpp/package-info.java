/**
 * Chat with a model in a GGUF file, on llama.cpp. {@link dev.plinth.providers.llamacpp.LlamaCpp} is the door.
 */
@NullMarked
package dev.plinth.providers.llamacpp;

import org.jspecify.annotations.NullMarked;
