package dev.plinth.api.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server to record, a file to record in and a client that knows nothing of both. */
@Timeout(60)
abstract class RecordingFixture {

    /** What a client gets to see of an answer. */
    record Seen(int status, Map<String, String> headers, String body, boolean brokenOff) {}

    @TempDir
    Path folder;

    final TestTime time = TestTime.manual();
    final StubServer real = StubServer.start(time);
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    final void stop() {
        real.close();
    }

    final Path file() {
        return folder.resolve("recordings/answer.json");
    }

    final String recorded() throws IOException {
        return Files.readString(file(), StandardCharsets.UTF_8);
    }

    /** Of the real server, whose port is gone when it is replayed. */
    final HttpRecording.Builder recording() {
        return HttpRecording.builder(file(), real.url("/v1"));
    }

    /** Opens it as the builder says, whatever the environment of this build says. */
    static HttpRecording open(HttpRecording.Builder builder) {
        return builder.open(null, Map.of());
    }

    final HttpRecording record() {
        return open(recording().record());
    }

    final HttpRecording replay() {
        real.close();
        return open(recording());
    }

    static URI at(HttpRecording recording, String path) {
        return URI.create(recording.url() + path);
    }

    static HttpRequest post(URI url, String json) {
        return HttpRequest.newBuilder(url)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
    }

    final Seen ask(HttpRecording recording, String json) throws InterruptedException {
        return send(post(at(recording, "/chat"), json));
    }

    final Seen send(HttpRequest request) throws InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HttpResponse<InputStream> response;
        try {
            response =
                    client.send(request, head -> new ArrivingBody()); // the JDK's own loses what came before an error
        } catch (IOException noAnswer) {
            return new Seen(0, Map.of(), "", true);
        }
        boolean brokenOff = false;
        try (InputStream in = response.body()) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                body.write(next);
            }
        } catch (IOException broken) {
            brokenOff = true;
        }
        Map<String, String> headers = new TreeMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        headers.remove("transfer-encoding"); // what was not told its length is recorded in chunks
        headers.remove("content-length");
        return new Seen(response.statusCode(), headers, body.toString(StandardCharsets.ISO_8859_1), brokenOff);
    }
}
