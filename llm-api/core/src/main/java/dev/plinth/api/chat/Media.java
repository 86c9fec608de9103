package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content that is not text: bytes, or the address the provider fetches them from.
 *
 * <p>Immutable and thread-safe.
 */
public final class Media {

    private final String mimeType;
    private final byte @Nullable [] bytes;
    private final @Nullable URI uri;

    private Media(String mimeType, byte @Nullable [] bytes, @Nullable URI uri) {
        this.mimeType = mimeType;
        this.bytes = bytes;
        this.uri = uri;
    }

    /**
     * These bytes; the array is copied.
     *
     * @param mimeType such as {@code image/png}
     */
    public static Media of(byte[] bytes, String mimeType) {
        Check.notNull(bytes, "bytes");
        Check.that(bytes.length > 0, "bytes", "empty", "at least one byte");
        return new Media(mimeType(mimeType), bytes.clone(), null);
    }

    /**
     * What stands at this address; the provider fetches it.
     *
     * @param uri absolute
     * @param mimeType such as {@code image/png}
     */
    public static Media of(URI uri, String mimeType) {
        Check.notNull(uri, "uri");
        Check.that(uri.isAbsolute(), "uri", uri, "absolute");
        return new Media(mimeType(mimeType), null, uri);
    }

    /** The media type, lower case, such as {@code image/png}. */
    public String mimeType() {
        return mimeType;
    }

    /** A copy of the bytes; empty when there is an address instead. */
    public Optional<byte[]> bytes() {
        return bytes == null ? Optional.empty() : Optional.of(bytes.clone());
    }

    /** The address; empty when there are bytes instead. */
    public Optional<URI> uri() {
        return Optional.ofNullable(uri);
    }

    private static String mimeType(String text) {
        String mimeType = Check.notBlank(text, "mimeType").toLowerCase(Locale.ROOT);
        Check.that(mimeType.indexOf('/') > 0, "mimeType", text, "type/subtype");
        return mimeType;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Media that
                && mimeType.equals(that.mimeType)
                && Arrays.equals(bytes, that.bytes)
                && Objects.equals(uri, that.uri);
    }

    @Override
    public int hashCode() {
        return Objects.hash(mimeType, Arrays.hashCode(bytes), uri);
    }

    @Override
    public String toString() {
        return "Media[" + mimeType + ", " + (bytes == null ? uri : bytes.length + " bytes") + "]";
    }
}
