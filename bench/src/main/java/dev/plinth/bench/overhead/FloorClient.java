package dev.plinth.bench.overhead;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * The floor: what one who knows OkHttp and Jackson writes by hand for just these calls. One OkHttp client with an idle
 * pool as large as the load and TCP_NODELAY; bodies by a generator into recycled buffers, answers by a pull parser, no
 * tree and no data binding; unknown fields are passed over. Nothing beyond: no error bodies, no time limit on the whole,
 * no other server's peculiarities.
 */
class FloorClient implements Client {
    private static final MediaType JSON = MediaType.get("application/json");

    final JsonFactory json = new JsonFactory();
    private final OkHttpClient http = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(512, 5, TimeUnit.MINUTES))
            .readTimeout(1, TimeUnit.MINUTES)
            .socketFactory(new NoDelaySockets())
            .build();
    private final HttpUrl chat;
    private final HttpUrl embeddings;

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    FloorClient(String url) {
        this.chat = HttpUrl.get(url + "/chat/completions");
        this.embeddings = HttpUrl.get(url + "/embeddings");
    }

    @Override
    public final String chat(String prompt) throws IOException {
        return complete(prompt, false).text();
    }

    @Override
    public final String tool(String prompt) throws IOException {
        return complete(prompt, true).toolArguments();
    }

    FloorCompletion complete(String prompt, boolean withTool) throws IOException {
        FloorCompletion completion = new FloorCompletion();
        try (Response response = post(chat, "application/json", body -> writeChat(body, prompt, withTool, false));
                JsonParser parser = json.createParser(response.body().byteStream())) {
            parser.nextToken();
            completion.read(parser);
        }
        return completion;
    }

    @Override
    public final Deltas stream(String prompt) throws IOException {
        Response response = post(chat, "text/event-stream", body -> writeChat(body, prompt, false, true));
        return new FloorStream(json, response);
    }

    @Override
    public final List<float[]> embed(List<String> texts) throws IOException {
        try (Response response = post(embeddings, "application/json", body -> writeEmbed(body, texts))) {
            return readVectors(response.body().byteStream(), texts.size());
        }
    }

    List<float[]> readVectors(InputStream body, int count) throws IOException {
        try (JsonParser parser = json.createParser(body)) {
            return new FloorVectors(parser, count).read();
        }
    }

    private static void writeChat(JsonGenerator json, String prompt, boolean withTool, boolean streamed)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("model", Questions.CHAT_MODEL);
        json.writeArrayFieldStart("messages");
        json.writeStartObject();
        json.writeStringField("role", "user");
        json.writeStringField("content", prompt);
        json.writeEndObject();
        json.writeEndArray();
        if (withTool) {
            writeTool(json);
        }
        if (streamed) {
            json.writeBooleanField("stream", true);
            json.writeObjectFieldStart("stream_options");
            json.writeBooleanField("include_usage", true);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void writeTool(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("tools");
        json.writeStartObject();
        json.writeStringField("type", "function");
        json.writeObjectFieldStart("function");
        json.writeStringField("name", Questions.TOOL);
        json.writeStringField("description", Questions.TOOL_DESCRIPTION);
        json.writeFieldName("parameters");
        json.writeRawValue(Questions.TOOL_SCHEMA);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void writeEmbed(JsonGenerator json, List<String> texts) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", Questions.EMBEDDING_MODEL);
        json.writeArrayFieldStart("input");
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
        json.writeStringField("encoding_format", "base64");
        json.writeEndObject();
    }

    private Response post(HttpUrl url, String accept, Body body) throws IOException {
        Request request = new Request.Builder()
                .url(url)
                .header("Authorization", "Bearer " + Questions.KEY)
                .header("Accept", accept)
                .post(RequestBody.create(bytes(body), JSON))
                .build();
        Response response = http.newCall(request).execute();
        if (!response.isSuccessful()) {
            try (response) {
                throw new IOException("status: " + response.code() + " (expected: 2xx)");
            }
        }
        return response;
    }

    /** As ObjectMapper.writeValueAsBytes does it. */
    private byte[] bytes(Body body) throws IOException {
        BufferRecycler recycler = json._getBufferRecycler();
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(recycler)) {
            try (JsonGenerator generator = json.createGenerator(bytes)) {
                body.write(generator);
            }
            return bytes.getClearAndRelease();
        } finally {
            recycler.releaseToPool();
        }
    }

    @Override
    public final void close() {
        http.connectionPool().evictAll();
        http.dispatcher().executorService().shutdown();
    }
}
