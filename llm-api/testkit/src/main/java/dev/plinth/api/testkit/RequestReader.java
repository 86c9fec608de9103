package dev.plinth.api.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 requests (RFC 9112) off a connection, one after the other. */
final class RequestReader {
    private final InputStream in;
    private final OutputStream out;
    private final StubConnection connection;

    RequestReader(InputStream in, OutputStream out, StubConnection connection) {
        this.in = in;
        this.out = out;
        this.connection = connection;
    }

    /** The next request; null when the client closed the connection in good order. */
    @Nullable
    StubRequest next() throws IOException {
        String start = line();
        if (start == null) {
            return null;
        }
        String[] words = start.split(" ", 3);
        if (words.length != 3) {
            throw new IOException("request line: " + start + " (expected: method, target, version)");
        }
        Map<String, List<String>> headers = headers();
        if ("100-continue".equalsIgnoreCase(first(headers, "expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        return new StubRequest(words[0], words[1], headers, body(headers), connection);
    }

    private Map<String, List<String>> headers() throws IOException {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = required(); !line.isEmpty(); line = required()) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("header: " + line + " (expected: name and value)");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            headers.computeIfAbsent(name, key -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        headers.replaceAll((name, values) -> List.copyOf(values));
        return headers;
    }

    private byte[] body(Map<String, List<String>> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(first(headers, "transfer-encoding"))) {
            return chunks();
        }
        String length = first(headers, "content-length");
        return length.isEmpty() ? new byte[0] : exactly(Integer.parseInt(length));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(required().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                while (!required().isEmpty()) {
                    // trailers say nothing a test asks for
                }
                return body.toByteArray();
            }
            body.write(exactly(size));
            required();
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("body: " + bytes.length + " bytes (expected: " + length + ")");
        }
        return bytes;
    }

    private static String first(Map<String, List<String>> headers, String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.get(0);
    }

    private String required() throws IOException {
        String line = line();
        if (line == null) {
            throw new EOFException("request: ended early (expected: complete)");
        }
        return line;
    }

    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1);
            }
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
    }
}
