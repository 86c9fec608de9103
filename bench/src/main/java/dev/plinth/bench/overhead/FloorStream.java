package dev.plinth.bench.overhead;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events line by line in one buffer, with a parser for each. */
final class FloorStream implements Client.Deltas {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);

    private final JsonFactory json;
    private final Response response;
    private final InputStream in;
    private final FloorCompletion completion = new FloorCompletion();
    private byte[] buffer = new byte[8 * 1024];
    private int lineStart;
    private int lineEnd;
    private int start;
    private int end;

    FloorStream(JsonFactory json, Response response) {
        this.json = json;
        this.response = response;
        this.in = response.body().byteStream();
    }

    @Override
    public @Nullable String next() throws IOException {
        while (true) {
            readLine();
            if (lineStartsWith(DONE)) {
                response.close();
                return null;
            }
            if (lineStartsWith(DATA)) {
                readChunk(lineStart + DATA.length);
                if (!completion.text().isEmpty()) {
                    return completion.text();
                }
            }
        }
    }

    private void readChunk(int from) throws IOException {
        try (JsonParser parser = json.createParser(buffer, from, lineEnd - from)) {
            parser.nextToken();
            completion.read(parser);
        }
    }

    private boolean lineStartsWith(byte[] prefix) {
        int to = lineStart + prefix.length;
        return to <= lineEnd && Arrays.equals(buffer, lineStart, to, prefix, 0, prefix.length);
    }

    private void readLine() throws IOException {
        int scan = start;
        while (true) {
            while (scan < end) {
                if (buffer[scan++] == '\n') {
                    lineStart = start;
                    lineEnd = scan - 1;
                    start = scan;
                    return;
                }
            }
            scan -= fill();
        }
    }

    /** Reads on behind the line that has begun, which moves to the front; by how much it moved. */
    private int fill() throws IOException {
        int moved = start;
        if (moved > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            start = 0;
            end -= moved;
        } else if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
            throw new EOFException("stream: ended (expected: [DONE] first)");
        }
        end += count;
        return moved;
    }
}
