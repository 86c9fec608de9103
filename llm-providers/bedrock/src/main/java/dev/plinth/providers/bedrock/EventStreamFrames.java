package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.JsonFeed;
import dev.plinth.providers.wire.JsonFrames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * The messages of {@code application/vnd.amazon.eventstream} whose payload is JSON: lengths, checksum of the lengths,
 * headers, payload, checksum of all, the numbers big-endian. Both checksums are checked.
 *
 * <p>An event is called by its type; a message that says the call failed by {@link #FAILED} and the type of the failure.
 */
final class EventStreamFrames implements JsonFrames {

    static final String MEDIA_TYPE = "application/vnd.amazon.eventstream";

    /** How the names of failures start. */
    static final String FAILED = "failed:";

    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    private static final int MAX_MESSAGE = 24 * 1024 * 1024;
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private final InputStream in;
    private final Supplier<ErrorDetails> details;
    private final JsonFeed feed = new JsonFeed();
    private final CRC32 checksum = new CRC32();
    private final EventStreamHeaders headers = new EventStreamHeaders();
    private byte[] buffer = new byte[4 * 1024];
    private byte[] content = EMPTY_OBJECT;
    private int contentStart;
    private int contentLength;
    private String name = "";

    /** @param details of the answer, for the error that a broken message is */
    EventStreamFrames(InputStream in, Supplier<ErrorDetails> details) {
        this.in = in;
        this.details = details;
    }

    @Override
    public boolean next() throws IOException {
        feed.end();
        int read = in.readNBytes(buffer, 0, PRELUDE);
        if (read == 0) {
            return false;
        }
        if (read < PRELUDE) {
            throw broken("cut short", "whole messages");
        }
        ByteBuffer prelude = ByteBuffer.wrap(buffer);
        int length = prelude.getInt(0);
        int headersLength = prelude.getInt(4);
        if (prelude.getInt(8) != checksum(8)) {
            throw broken("wrong checksum of the lengths", "the bytes as they were sent");
        }
        int most = length - PRELUDE - CHECKSUM;
        if (most < 0 || length > MAX_MESSAGE || headersLength < 0 || headersLength > most) {
            throw broken(length + " bytes, " + headersLength + " of headers", "16 to " + MAX_MESSAGE + ", all inside");
        }
        readRest(length);
        int payload = PRELUDE + headersLength;
        if (!headers.read(buffer, PRELUDE, payload)) {
            throw broken("headers that make no sense", "names with values of types 0 to 9");
        }
        open(payload, length - CHECKSUM);
        return true;
    }

    private void readRest(int length) throws IOException {
        if (length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length, 2 * buffer.length));
        }
        int rest = length - PRELUDE;
        if (in.readNBytes(buffer, PRELUDE, rest) < rest) {
            throw broken("cut short", "whole messages");
        }
        int end = length - CHECKSUM;
        if (ByteBuffer.wrap(buffer).getInt(end) != checksum(end)) {
            throw broken("wrong checksum", "the bytes as they were sent");
        }
    }

    private MalformedResponseException broken(String what, String expected) {
        return new MalformedResponseException("event: " + what + " (expected: " + expected + ")", details.get(), null);
    }

    private int checksum(int length) {
        checksum.reset();
        checksum.update(buffer, 0, length);
        return (int) checksum.getValue();
    }

    /** An error has no payload: its code and words are headers. */
    private void open(int start, int end) throws IOException {
        if (headers.isError()) {
            name = FAILED + headers.type();
            content = errorObject();
            contentStart = 0;
            contentLength = content.length;
        } else {
            name = headers.isException() ? FAILED + headers.type() : headers.type();
            boolean empty = start == end;
            content = empty ? EMPTY_OBJECT : buffer;
            contentStart = empty ? 0 : start;
            contentLength = empty ? EMPTY_OBJECT.length : end - start;
        }
        feed.begin(content, contentStart, contentLength);
    }

    private byte[] errorObject() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("message", headers.message());
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    @Override
    public JsonParser json() {
        return feed.json();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String data() {
        return new String(content, contentStart, contentLength, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        feed.close();
    }
}
