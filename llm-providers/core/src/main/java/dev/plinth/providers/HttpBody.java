package dev.plinth.providers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.check.Check;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/**
 * A request body in memory, sent as often as need be without another copy.
 *
 * <p>Not thread-safe while it is written.
 */
public final class HttpBody {

    private static final MediaType JSON = MediaType.get("application/json");

    private final MediaType type;
    private final Pieces bytes = new Pieces();

    private HttpBody(MediaType type) {
        this.type = type;
    }

    /** Writes a body of JSON. */
    public static HttpBody json(JsonFactory factory, JsonWriter writer) {
        HttpBody body = new HttpBody(JSON);
        try (JsonGenerator json = factory.createGenerator(body.bytes)) {
            writer.write(json);
        } catch (JsonGenerationException halfACharacter) {
            body.bytes.reset();
            body.writeRepaired(factory, writer);
        } catch (IOException exception) {
            throw failed(exception);
        }
        return body;
    }

    /**
     * Half of a surrogate pair, which models and cut texts bring, is no character and has no bytes: U+FFFD takes its
     * place. A generator of bytes refuses it, one of chars hands it on.
     */
    private void writeRepaired(JsonFactory factory, JsonWriter writer) {
        CharsetEncoder repairing = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .replaceWith(new byte[] {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD});
        try (JsonGenerator json = factory.createGenerator(new OutputStreamWriter(bytes, repairing))) {
            writer.write(json);
        } catch (IOException exception) {
            throw failed(exception);
        }
    }

    /**
     * Writes a body of any type.
     *
     * @param contentType such as {@code multipart/form-data; boundary=x}
     */
    public static HttpBody of(String contentType, BytesWriter writer) {
        HttpBody body = new HttpBody(MediaType.get(Check.notBlank(contentType, "contentType")));
        try {
            writer.write(body.bytes);
        } catch (IOException exception) {
            throw failed(exception);
        }
        return body;
    }

    private static UncheckedIOException failed(IOException exception) {
        return new UncheckedIOException("body: cannot be written (expected: memory does not fail)", exception);
    }

    /** A body of these bytes; they are copied. */
    public static HttpBody of(String contentType, byte[] content) {
        Check.notNull(content, "content");
        return of(contentType, bytes -> bytes.write(content));
    }

    /** Writes the content of a body. */
    @FunctionalInterface
    public interface JsonWriter {

        /** Writes one JSON value; the same one when it is called again. */
        void write(JsonGenerator json) throws IOException;
    }

    /** Writes the content of a body. */
    @FunctionalInterface
    public interface BytesWriter {

        /** Writes all of it. */
        void write(OutputStream bytes) throws IOException;
    }

    /** The media type as it is sent, such as {@code application/json}; for signatures. */
    public String contentType() {
        return type.toString();
    }

    /** Adds the content to a digest, such as that of a signature. */
    public void digest(MessageDigest digest) {
        bytes.writeTo(digest::update);
    }

    /** Writes the content, such as into another body. */
    public void writeTo(OutputStream out) throws IOException {
        bytes.writeTo(out::write);
    }

    /**
     * A body for one call. Until the head of an answer came, OkHttp may send it again, over another connection where a
     * pooled one turned out to be dead; from then on, whether to send it again is for a layer to decide, not for OkHttp,
     * which would do so by itself after a 408 and some a 503.
     */
    RequestBody toRequestBody(CallClock clock) {
        return new RequestBody() {
            @Override
            public boolean isOneShot() {
                return clock.hasHead();
            }

            @Override
            public MediaType contentType() {
                return type;
            }

            @Override
            public long contentLength() {
                return bytes.size();
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                bytes.writeTo(sink::write);
            }
        };
    }
}
