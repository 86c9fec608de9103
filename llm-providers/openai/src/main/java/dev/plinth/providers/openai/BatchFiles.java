package dev.plinth.providers.openai;

import dev.plinth.providers.HttpBody;
import dev.plinth.providers.batch.BatchCall;
import dev.plinth.providers.wire.ChatProtocol;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The file of requests that a batch is made of. */
final class BatchFiles {

    /** Cannot stand at the beginning of a line of the file: every line is an object. */
    private static final String BOUNDARY = "plinth-batch";

    private BatchFiles() {}

    /** The form that uploads the requests. */
    static HttpBody upload(List<BatchCall> calls, String url, ChatProtocol protocol) {
        return HttpBody.of("multipart/form-data; boundary=" + BOUNDARY, bytes -> {
            write(bytes, "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n");
            write(
                    bytes,
                    "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"batch.jsonl\"\r\n"
                            + "Content-Type: application/jsonl\r\n\r\n");
            for (BatchCall call : calls) {
                writeLine(bytes, call, url, protocol);
            }
            write(bytes, "\r\n--" + BOUNDARY + "--\r\n");
        });
    }

    private static void writeLine(OutputStream bytes, BatchCall call, String url, ChatProtocol protocol)
            throws IOException {
        HttpBody line = HttpBody.json(Json.FACTORY, json -> {
            json.writeStartObject();
            json.writeStringField("custom_id", call.id());
            json.writeStringField("method", "POST");
            json.writeStringField("url", url);
            json.writeFieldName("body");
            protocol.write(call.chat(), json);
            json.writeEndObject();
        });
        line.writeTo(bytes);
        bytes.write('\n');
    }

    private static void write(OutputStream bytes, String text) throws IOException {
        bytes.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
