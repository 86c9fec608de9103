package dev.plinth.providers.jtokkit;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.plinth.api.check.Check;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The encodings of OpenAI's chat and embedding models; each is read once, when it is first needed. */
enum Vocabulary {
    O200K_BASE(EncodingType.O200K_BASE, "gpt-4o|gpt-4\\.[15]|gpt-[56](\\.\\d+)?|gpt-oss|chatgpt-4o|o[134]"),
    CL100K_BASE(EncodingType.CL100K_BASE, "gpt-4|gpt-3\\.?5|text-embedding-(3|ada)");

    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    private final EncodingType type;
    private final Pattern models;
    private volatile @Nullable Encoding encoding;

    Vocabulary(EncodingType type, String models) {
        this.type = type;
        this.models = Pattern.compile("(.*/)?(ft:)?(" + models + ")([-:].*)?");
    }

    /** The vocabulary of this name, such as {@code o200k_base}. */
    static Vocabulary named(String name) {
        Check.notBlank(name, "encoding");
        for (Vocabulary vocabulary : values()) {
            if (vocabulary.toString().equals(name)) {
                return vocabulary;
            }
        }
        throw new IllegalArgumentException(
                "encoding: " + name + " (expected: one of " + Arrays.toString(values()) + ")");
    }

    /** The vocabulary of a model. */
    static Vocabulary ofModel(String model) {
        Check.notBlank(model, "model");
        for (Vocabulary vocabulary : values()) {
            if (vocabulary.models.matcher(model).matches()) {
                return vocabulary;
            }
        }
        throw new IllegalArgumentException("model: " + model
                + " (expected: a model of OpenAI's that is known here; for any other, name an encoding of "
                + Arrays.toString(values()) + ")");
    }

    /** How many tokens a text has; what looks like a special token is text. */
    long count(String text) {
        String wellFormed = LONE_SURROGATE.matcher(text).replaceAll("\uFFFD"); // as OpenAI's own tokenizer does
        return encoding().countTokensOrdinary(wellFormed);
    }

    private Encoding encoding() {
        Encoding known = encoding;
        return known != null ? known : load();
    }

    private synchronized Encoding load() {
        Encoding loaded = encoding;
        if (loaded == null) {
            loaded = Encodings.newLazyEncodingRegistry().getEncoding(type);
            encoding = loaded;
        }
        return loaded;
    }

    @Override
    public String toString() {
        return type.getName();
    }
}
