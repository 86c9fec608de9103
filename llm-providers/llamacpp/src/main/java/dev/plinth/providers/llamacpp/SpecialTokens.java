package dev.plinth.providers.llamacpp;

import java.util.Optional;
import java.util.Set;

/**
 * The tokens around a prompt.
 *
 * @param begin the text of the token that begins a text; empty: none
 * @param end the text of the token that ends one; empty: none
 * @param addsBegin whether the engine puts the first one in front by itself
 * @param addsEnd whether the engine puts the other one behind by itself
 * @param certain whether the file says so; else it follows from the kind of vocabulary
 */
record SpecialTokens(String begin, String end, boolean addsBegin, boolean addsEnd, boolean certain) {

    private static final Set<String> BEGIN_BY_THEMSELVES =
            Set.of("llama3", "llama-v3", "llama-bpe", "falcon3", "tekken", "chameleon");

    static SpecialTokens of(GgufFile file, GgufVocabulary vocabulary) {
        Optional<Boolean> addsBegin = file.flag("tokenizer.ggml.add_bos_token");
        boolean sentencePiece = file.text("tokenizer.ggml.model").orElse("").equals("llama");
        String kind = file.text("tokenizer.ggml.pre").orElse("");
        return new SpecialTokens(
                vocabulary.begin(),
                vocabulary.end(),
                addsBegin.orElse(sentencePiece || BEGIN_BY_THEMSELVES.contains(kind)),
                file.flag("tokenizer.ggml.add_eos_token").orElse(false),
                addsBegin.isPresent());
    }

    /** How many tokens the engine adds to a prompt. */
    int added() {
        return (addsBegin ? 1 : 0) + (addsEnd ? 1 : 0);
    }
}
