package dev.plinth.providers.bedrock;

import dev.plinth.api.chat.Part;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * What a model thought, in a form that only its vendor can read; it wants it back as it came.
 *
 * <p>Not thread-safe.
 */
final class RedactedThought implements Supplier<Part> {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** The next piece, in base64. What is none says nothing to anybody, and must not cost the rest of the answer. */
    void add(String base64) {
        try {
            bytes.writeBytes(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException another) {
            // passed over
        }
    }

    @Override
    public Part get() {
        String base64 = Base64.getEncoder().encodeToString(bytes.toByteArray());
        return new Part.Other(
                Bedrock.PROTOCOL,
                "reasoningContent",
                "{\"reasoningContent\":{\"redactedContent\":\"" + base64 + "\"}}");
    }
}
