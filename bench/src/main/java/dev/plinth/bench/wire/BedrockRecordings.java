package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.providers.bedrock.AwsCredentials;
import dev.plinth.providers.bedrock.Bedrock;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Converse, ConverseStream and Titan's embeddings. */
final class BedrockRecordings implements RecordedProtocol {

    private static final String STREAM = "/converse-stream";
    private static final String BEARER = "Bearer ";

    /** The categories that an error class of the official client is for us; its own errors are plain ones. */
    private static final Map<String, String> ERRORS = Map.ofEntries(
            Map.entry("ValidationException", "invalid_request"),
            Map.entry("AccessDeniedException", "authentication"),
            Map.entry("ResourceNotFoundException", "model_not_found"),
            Map.entry("ModelTimeoutException", "overloaded"),
            Map.entry("ModelErrorException", "overloaded"),
            Map.entry("ModelStreamErrorException", "overloaded"),
            Map.entry("InternalServerException", "overloaded"),
            Map.entry("ServiceUnavailableException", "overloaded"),
            Map.entry("ThrottlingException", "rate_limited"),
            Map.entry("ModelNotReadyException", "rate_limited"),
            Map.entry("Error", "malformed_response"));

    @Override
    public String file() {
        return "bedrock-converse.json";
    }

    @Override
    public Set<String> headers() {
        return Set.of("x-amz-security-token");
    }

    @Override
    public Outcome call(RecordedCase recorded, URI server) {
        try (Bedrock bedrock = client(recorded, server)) {
            String model = URLDecoder.decode(recorded.path().split("/")[2], StandardCharsets.UTF_8);
            if (recorded.path().endsWith("/invoke")) {
                EmbeddingRequest request =
                        EmbeddingRequest.query(recorded.body().path("inputText").asText());
                return Outcome.of(() -> bedrock.embeddingModel(model).embed(request));
            }
            ChatModel chat = bedrock.chatModel(model);
            ChatRequest request = BedrockRequests.chat(recorded.body());
            boolean streamed = recorded.path().endsWith(STREAM);
            return Outcome.of(() -> streamed ? chat.stream(request).response() : chat.chat(request));
        }
    }

    private static Bedrock client(RecordedCase recorded, URI server) {
        Bedrock.Builder builder = Bedrock.builder().region("us-east-1").baseUrl(server.toString());
        String authorization = recorded.header("authorization");
        return authorization.startsWith(BEARER)
                ? builder.apiKey(authorization.substring(BEARER.length())).build()
                : builder.awsCredentials(AwsCredentials.of(
                                "AKIDEXAMPLE", "example-secret", recorded.header("x-amz-security-token")))
                        .build();
    }

    @Override
    public Reading read(RecordedCase recorded) {
        JsonNode error = recorded.error();
        if (!error.isMissingNode()) {
            return error(error);
        }
        JsonNode ok = recorded.read();
        if (ok.has("embedding")) {
            return embedding(ok);
        }
        return ok.isArray() ? streamed(ok) : plain(ok);
    }

    private static Reading error(JsonNode error) {
        String type = error.path("class").asText();
        Long status = Reading.number(error.path("status"));
        boolean ofServer = !type.equals("Error");
        return new Reading()
                .withError(
                        Set.of(ERRORS.getOrDefault(type, "unknown " + type)),
                        status == null ? null : status.intValue(),
                        ofServer ? error.path("message").asText() : "wrong checksum")
                .with("text", ofServer && status == null ? "Hé" : null);
    }

    private static Reading embedding(JsonNode ok) {
        List<Float> numbers = new ArrayList<>();
        ok.path("embedding").forEach(number -> numbers.add((float) number.asDouble()));
        return new Reading()
                .with("vectors", List.of(numbers).toString())
                .with("input", Reading.number(ok.path("inputTextTokenCount")));
    }

    private static Reading plain(JsonNode ok) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<String> calls = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (JsonNode block : ok.at("/output/message/content")) {
            text.append(block.path("text").asText());
            reasoning.append(block.at("/reasoningContent/reasoningText/text").asText());
            JsonNode call = block.path("toolUse");
            if (call.isObject()) {
                ids.add(call.path("toolUseId").asText());
                calls.add(Reading.call(
                        call.path("name").asText(), call.path("input").toString()));
            }
        }
        return usage(ok.path("usage"), new Reading())
                .with("text", text.toString())
                .with("reasoning", reasoning.toString())
                .with("toolCalls", calls.toString())
                .with("toolCallIds", ids.toString())
                .with("finish", Reading.text(ok.path("stopReason")));
    }

    /** The events as the client handed them out. */
    private static Reading streamed(JsonNode events) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        StringBuilder arguments = new StringBuilder();
        List<String> names = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        Reading reading = new Reading();
        for (JsonNode event : events) {
            JsonNode delta = event.at("/contentBlockDelta/delta");
            text.append(delta.path("text").asText());
            reasoning.append(delta.at("/reasoningContent/text").asText());
            arguments.append(delta.at("/toolUse/input").asText());
            JsonNode tool = event.at("/contentBlockStart/start/toolUse");
            if (tool.isObject()) {
                names.add(tool.path("name").asText());
                ids.add(tool.path("toolUseId").asText());
            }
            if (event.has("messageStop")) {
                reading.with("finish", Reading.text(event.at("/messageStop/stopReason")));
            }
            if (event.has("metadata")) {
                usage(event.at("/metadata/usage"), reading);
            }
        }
        List<String> calls = new ArrayList<>();
        names.forEach(name -> calls.add(Reading.call(name, arguments.toString()))); // one at most was recorded
        return reading.with("text", text.toString())
                .with("reasoning", reasoning.toString())
                .with("toolCalls", calls.toString())
                .with("toolCallIds", ids.toString());
    }

    /** Converse counts cached tokens beside the input. */
    private static Reading usage(JsonNode usage, Reading reading) {
        long read = usage.path("cacheReadInputTokens").asLong();
        long written = usage.path("cacheWriteInputTokens").asLong();
        return reading.with("usage", "REPORTED")
                .with("input", usage.path("inputTokens").asLong() + read + written)
                .with("cachedInput", Reading.number(usage.path("cacheReadInputTokens")))
                .with("cacheWrite", Reading.number(usage.path("cacheWriteInputTokens")))
                .with("output", Reading.number(usage.path("outputTokens")));
    }
}
