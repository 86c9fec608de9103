package dev.plinth.cache;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over a sequence of values. Every value has its type and length in front, so that two sequences give the same
 * bytes only when they are the same.
 */
final class CanonicalDigest {

    private final MessageDigest digest;

    CanonicalDigest() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: missing (expected: every Java platform has it)", impossible);
        }
    }

    /** A word of the encoding itself: what kind of thing follows. */
    CanonicalDigest tag(String tag) {
        return frame('#', tag);
    }

    /** A text, in normal form C. */
    CanonicalDigest text(@Nullable String text) {
        return text == null ? absent() : frame('t', Normalizer.normalize(text, Normalizer.Form.NFC));
    }

    CanonicalDigest bytes(byte[] bytes) {
        head('b', bytes.length);
        digest.update(bytes);
        return this;
    }

    CanonicalDigest number(long number) {
        head('l', Long.BYTES);
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        return this;
    }

    CanonicalDigest number(double number) {
        head('d', Double.BYTES);
        // 0.0 and -0.0 ask for the same.
        digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(number + 0.0).flip());
        return this;
    }

    CanonicalDigest flag(boolean flag) {
        head(flag ? 'T' : 'F', 0);
        return this;
    }

    CanonicalDigest absent() {
        head('-', 0);
        return this;
    }

    <T> CanonicalDigest optional(Optional<T> value, Consumer<T> encode) {
        value.ifPresentOrElse(encode, this::absent);
        return this;
    }

    <T> CanonicalDigest list(List<T> values, Consumer<T> encode) {
        head('[', values.size());
        values.forEach(encode);
        return this;
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** As UTF-16, which holds every text; UTF-8 would make all broken surrogates the same. */
    private CanonicalDigest frame(char type, String text) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
        bytes.asCharBuffer().put(text);
        head(type, text.length());
        digest.update(bytes);
        return this;
    }

    private void head(char type, int length) {
        digest.update(ByteBuffer.allocate(6).putChar(type).putInt(length).flip());
    }
}
