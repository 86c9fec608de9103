package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.tck.BatchProvider;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.providers.HttpTransport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A server of message batches like Anthropic's. */
final class AnthropicBatchProvider implements BatchProvider {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PATH = Pattern.compile("/v1/messages/batches(?:/([^/]+)(?:/(results|cancel))?)?");

    final StubServer server = StubServer.start();
    private final HttpTransport transport =
            HttpTransport.builder().time(TestTime.autoAdvancing()).build();
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private int overloaded;

    /** A batch as the server keeps it. */
    private static final class Job {
        final Map<String, JsonNode> requests = new LinkedHashMap<>();
        final Map<String, JsonNode> results = new LinkedHashMap<>();
        String status = "in_progress";

        long count(String type) {
            return results.values().stream()
                    .filter(result -> result.path("type").asText().equals(type))
                    .count();
        }
    }

    AnthropicBatchProvider() {
        server.otherwise(this::serve);
    }

    Anthropic client() {
        return Anthropic.builder()
                .baseUrl(server.url("/").toString())
                .apiKey("sk-ant-test")
                .betas("b1")
                .transport(transport)
                .build();
    }

    @Override
    public ChatBatches batches() {
        return client().chatBatches("claude-haiku-4-5");
    }

    private synchronized StubAnswer serve(StubRequest request) {
        if (overloaded > 0) {
            overloaded--;
            return StubAnswer.json(
                    529, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}");
        }
        Matcher path = PATH.matcher(request.path());
        if (!path.matches() || request.header("anthropic-version").isEmpty()) {
            return error(404, "not_found_error", "Not found");
        }
        String id = path.group(1);
        String call = request.method() + (path.group(2) == null ? "" : " " + path.group(2));
        if (id != null && !jobs.containsKey(id)) {
            return error(404, "not_found_error", "batch not found");
        }
        return switch (call) {
            case "POST" -> create(request.text());
            case "POST cancel" -> cancel(id);
            case "GET" -> id == null ? list(request.target()) : StubAnswer.json(describe(id));
            case "GET results" -> results(jobs.get(id));
            case "DELETE" -> delete(id);
            default -> error(405, "invalid_request_error", "not allowed");
        };
    }

    private static StubAnswer error(int status, String type, String message) {
        return StubAnswer.json(
                status,
                "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message
                        + "\"},\"request_id\":\"req_1\"}");
    }

    private StubAnswer create(String body) {
        Job job = new Job();
        for (JsonNode request : tree(body).path("requests")) {
            job.requests.put(request.path("custom_id").asText(), request.path("params"));
        }
        String id = "msgbatch_" + (jobs.size() + 1);
        jobs.put(id, job);
        return StubAnswer.json(describe(id));
    }

    private StubAnswer cancel(String id) {
        Job job = jobs.get(id);
        job.status = job.status.equals("ended") ? "ended" : "canceling";
        return StubAnswer.json(describe(id));
    }

    private StubAnswer list(String target) {
        int limit = Integer.parseInt(target.substring(target.indexOf("limit=") + 6));
        List<String> ids = new ArrayList<>();
        jobs.keySet().forEach(id -> ids.add(0, id));
        String data = ids.stream().limit(limit).map(this::describe).collect(Collectors.joining(","));
        return StubAnswer.json("{\"data\":[" + data + "],\"has_more\":false,\"first_id\":null,\"last_id\":null}");
    }

    private StubAnswer results(Job job) {
        StringBuilder lines = new StringBuilder();
        job.results.forEach((id, result) -> {
            ObjectNode line = JSON.createObjectNode().put("custom_id", id);
            lines.append(line.set("result", result).toString()).append('\n');
        });
        return StubAnswer.of(200, "application/x-jsonl", lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private StubAnswer delete(String id) {
        if (!jobs.get(id).status.equals("ended")) {
            return error(400, "invalid_request_error", "cannot delete a batch in progress");
        }
        jobs.remove(id);
        return StubAnswer.json("{\"id\":\"" + id + "\",\"type\":\"message_batch_deleted\"}");
    }

    private String describe(String id) {
        Job job = jobs.get(id);
        boolean ended = job.status.equals("ended");
        ObjectNode node = JSON.createObjectNode().put("id", id).put("type", "message_batch");
        node.put("processing_status", job.status).put("created_at", "2026-01-01T00:00:00.123456+00:00");
        node.put("ended_at", ended ? "2026-01-01T01:00:00Z" : null).put("expires_at", "2026-01-02T00:00:00Z");
        node.put("results_url", ended ? "https://elsewhere.example/results" : null);
        // The server counts what is done only when all is.
        node.putObject("request_counts")
                .put("processing", ended ? 0 : job.requests.size())
                .put("succeeded", ended ? job.count("succeeded") : 0)
                .put("errored", ended ? job.count("errored") : 0)
                .put("canceled", ended ? job.count("canceled") : 0)
                .put("expired", ended ? job.count("expired") : 0);
        return node.toString();
    }

    @Override
    public synchronized String prompt(String batch, String request) {
        JsonNode content = jobs.get(batch).requests.get(request).at("/messages/0/content");
        return content.isTextual() ? content.asText() : content.at("/0/text").asText();
    }

    @Override
    public synchronized void answer(String batch, String request, String text) {
        ObjectNode result = JSON.createObjectNode().put("type", "succeeded");
        ObjectNode message = result.putObject("message").put("id", "msg_1").put("type", "message");
        message.put("role", "assistant").put("model", "claude-haiku-4-5-20251001");
        message.putArray("content").addObject().put("type", "text").put("text", text);
        message.put("stop_reason", "end_turn").putNull("stop_sequence");
        message.putObject("usage").put("input_tokens", 3).put("output_tokens", 5);
        jobs.get(batch).results.put(request, result);
    }

    @Override
    public synchronized void refuse(String batch, String request) {
        jobs.get(batch)
                .results
                .put(
                        request,
                        tree("{\"type\":\"errored\",\"error\":{\"type\":\"error\",\"error\":{\"type\":"
                                + "\"invalid_request_error\",\"message\":\"max_tokens: too many\"},"
                                + "\"request_id\":\"req_2\"}}"));
    }

    @Override
    public synchronized void end(String batch) {
        Job job = jobs.get(batch);
        String rest = job.status.equals("canceling") ? "canceled" : "expired";
        job.requests
                .keySet()
                .forEach(id ->
                        job.results.putIfAbsent(id, JSON.createObjectNode().put("type", rest)));
        job.status = "ended";
    }

    @Override
    public synchronized void overload(int calls) {
        overloaded = calls;
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Override
    public void close() {
        transport.close();
        server.close();
    }
}
