package dev.plinth.providers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/**
 * A request body that is being written, and then sent as often as need be without another copy.
 *
 * <p>Not thread-safe while it is written.
 */
public final class JsonBody {

    private static final MediaType JSON = MediaType.get("application/json");

    private final Bytes bytes = new Bytes();

    private JsonBody() {}

    /** Writes a body. */
    public static JsonBody write(JsonFactory factory, Writer writer) {
        JsonBody body = new JsonBody();
        try (JsonGenerator json = factory.createGenerator(body.bytes)) {
            writer.write(json);
        } catch (IOException exception) {
            throw new UncheckedIOException("body: cannot be written (expected: memory does not fail)", exception);
        }
        return body;
    }

    /** Writes the content of a body. */
    @FunctionalInterface
    public interface Writer {

        /** Writes one JSON value. */
        void write(JsonGenerator json) throws IOException;
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
                return JSON;
            }

            @Override
            public long contentLength() {
                return bytes.size();
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.write(bytes.array(), 0, bytes.size());
            }
        };
    }

    /** Lets its array be read without a copy. */
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes() {
            super(512);
        }

        byte[] array() {
            return buf;
        }
    }
}
