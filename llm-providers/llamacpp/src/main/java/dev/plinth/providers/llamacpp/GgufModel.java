package dev.plinth.providers.llamacpp;

import static dev.plinth.providers.llamacpp.GgufFile.require;

import java.util.List;
import java.util.Set;

/** Whether the engine can chat with a model of this make and these sizes. */
final class GgufModel {

    /** What the engine generates text with; it also knows encoders, which cannot. */
    private static final Set<String> ARCHITECTURES = Set.of(
            "llama",
            "deci",
            "falcon",
            "grok",
            "gpt2",
            "gptj",
            "gptneox",
            "mpt",
            "baichuan",
            "starcoder",
            "refact",
            "bloom",
            "stablelm",
            "qwen",
            "qwen2",
            "qwen2moe",
            "qwen2vl",
            "phi2",
            "phi3",
            "phimoe",
            "plamo",
            "codeshell",
            "orion",
            "internlm2",
            "minicpm",
            "minicpm3",
            "gemma",
            "gemma2",
            "gemma3",
            "starcoder2",
            "mamba",
            "xverse",
            "command-r",
            "cohere2",
            "dbrx",
            "olmo",
            "olmo2",
            "olmoe",
            "openelm",
            "arctic",
            "deepseek",
            "deepseek2",
            "chatglm",
            "bitnet",
            "jais",
            "nemotron",
            "exaone",
            "rwkv6",
            "rwkv6qwen2",
            "rwkv7",
            "arwkv7",
            "granite",
            "granitemoe",
            "chameleon");

    private static final String HEADS = ".attention.head_count";
    private static final Set<String> WITHOUT_HEADS = Set.of("mamba", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7");
    private static final long MAX_CONTEXT = 1 << 24;
    private static final long MAX_EMBEDDING = 1 << 20;
    private static final long MAX_BLOCKS = 1 << 12;

    private GgufModel() {}

    /** Whether the values of this key are needed. */
    static boolean reads(String key) {
        return key.endsWith(HEADS);
    }

    static void check(GgufFile file) {
        Long parts = file.number("split.count");
        require(parts == null || parts <= 1, "split.count", parts, "one file");
        String architecture = file.text("general.architecture").orElse("none");
        require(
                ARCHITECTURES.contains(architecture),
                "general.architecture",
                architecture,
                "a chat model that llama.cpp b4916 knows");
        number(file, architecture + ".context_length", MAX_CONTEXT);
        long embedding = number(file, architecture + ".embedding_length", MAX_EMBEDDING);
        long blocks = number(file, architecture + ".block_count", MAX_BLOCKS);
        if (!WITHOUT_HEADS.contains(architecture)) {
            checkHeads(file, architecture, embedding, blocks);
        }
    }

    /** How many tokens the model was made for. */
    static int contextLength(GgufFile file) {
        String architecture = file.text("general.architecture").orElse("none");
        return (int) number(file, architecture + ".context_length", MAX_CONTEXT);
    }

    private static void checkHeads(GgufFile file, String architecture, long embedding, long blocks) {
        String key = architecture + HEADS;
        List<Long> heads = file.numbers(key);
        require(
                heads.size() == 1 || heads.size() == blocks,
                key,
                heads.size() + " numbers",
                "one, or one for each block");
        boolean sized = file.number(architecture + ".attention.key_length") != null;
        for (long count : heads) {
            long least = heads.size() == 1 ? 1 : 0;
            require(count >= least && count <= embedding, key, count, least + " to " + embedding);
            require(sized || count == 0 || embedding % count == 0, key, count, "a divisor of " + embedding);
        }
    }

    private static long number(GgufFile file, String key, long most) {
        Long value = file.number(key);
        if (value == null || value < 1 || value > most) {
            throw GgufFile.refused(key, value, "1 to " + most);
        }
        return value;
    }
}
