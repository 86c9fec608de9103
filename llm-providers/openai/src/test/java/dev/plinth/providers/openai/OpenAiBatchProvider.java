package dev.plinth.providers.openai;

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
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A server of files and batches like OpenAI's. */
final class OpenAiBatchProvider implements BatchProvider {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PATH = Pattern.compile("/v1/(files|batches)(?:/([^/]+)(?:/(content|cancel))?)?");

    final StubServer server = StubServer.start();
    final HttpTransport transport =
            HttpTransport.builder().time(TestTime.autoAdvancing()).build();
    final Map<String, String> files = new TreeMap<>();
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private int overloaded;

    /** A batch as the server keeps it. */
    private static final class Job {
        final String input;
        final String endpoint;
        final Map<String, JsonNode> requests = new LinkedHashMap<>();
        final Map<String, String> answers = new LinkedHashMap<>();
        final Map<String, String> errors = new LinkedHashMap<>();
        String status = "in_progress";

        @Nullable
        String output;

        @Nullable
        String errorFile;

        Job(String input, String endpoint) {
            this.input = input;
            this.endpoint = endpoint;
        }
    }

    OpenAiBatchProvider() {
        server.otherwise(this::serve);
    }

    OpenAi client() {
        return OpenAi.builder()
                .baseUrl(server.url("/v1").toString())
                .apiKey("sk-test")
                .transport(transport)
                .build();
    }

    @Override
    public ChatBatches batches() {
        return client().chatBatches("gpt-5-mini");
    }

    private synchronized StubAnswer serve(StubRequest request) {
        if (overloaded > 0) {
            overloaded--;
            return StubAnswer.json(503, "{\"error\":{\"message\":\"busy\"}}").header("retry-after", "7");
        }
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            return error(404, "Unknown request URL");
        }
        boolean files = path.group(1).equals("files");
        String call =
                request.method() + (files ? " file" : " batch") + (path.group(3) == null ? "" : " " + path.group(3));
        String id = path.group(2);
        return switch (call) {
            case "POST file" -> upload(request.text());
            case "GET file content" -> content(id);
            case "DELETE file" -> this.files.remove(id) == null ? error(404, "No such File object") : ok("{}");
            case "POST batch" -> create(request.text());
            case "POST batch cancel" -> cancel(id);
            case "GET batch" -> id == null ? list(request.target()) : get(id);
            default -> error(405, "not allowed");
        };
    }

    private static StubAnswer ok(String json) {
        return StubAnswer.json(json);
    }

    private static StubAnswer error(int status, String message) {
        return StubAnswer.json(
                status,
                "{\"error\":{\"message\":\"" + message
                        + "\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}");
    }

    private StubAnswer upload(String form) {
        if (!form.contains("name=\"purpose\"\r\n\r\nbatch\r\n")) {
            return error(400, "purpose");
        }
        int start = form.indexOf("\r\n\r\n", form.indexOf("name=\"file\"; filename=\"")) + 4;
        String content = form.substring(start, form.indexOf("\r\n--", start));
        String id = "file-" + (files.size() + 1);
        files.put(id, content);
        return ok("{\"id\":\"" + id + "\",\"object\":\"file\",\"status\":\"processed\"}");
    }

    private StubAnswer content(String id) {
        String content = files.get(id);
        return content == null
                ? error(404, "No such File object")
                : StubAnswer.of(200, "application/octet-stream", content.getBytes(StandardCharsets.UTF_8));
    }

    private StubAnswer create(String body) {
        JsonNode asked = tree(body);
        String input = asked.path("input_file_id").asText();
        if (!files.containsKey(input)
                || !asked.path("completion_window").asText().equals("24h")) {
            return error(400, "no such file");
        }
        Job job = new Job(input, asked.path("endpoint").asText());
        for (String line : files.get(input).split("\n")) {
            JsonNode request = tree(line);
            if (!request.path("url").asText().equals(job.endpoint)) {
                return error(400, "url");
            }
            job.requests.put(request.path("custom_id").asText(), request.path("body"));
        }
        String id = "batch_" + (jobs.size() + 1);
        jobs.put(id, job);
        return get(id);
    }

    private StubAnswer cancel(String id) {
        Job job = jobs.get(id);
        if (job != null && job.status.equals("in_progress")) {
            job.status = "cancelling";
        }
        return get(id);
    }

    private StubAnswer list(String target) {
        int limit = Integer.parseInt(target.substring(target.indexOf("limit=") + 6));
        List<String> ids = new ArrayList<>();
        jobs.keySet().forEach(id -> ids.add(0, id));
        String data = ids.stream().limit(limit).map(this::describe).collect(Collectors.joining(","));
        return ok("{\"object\":\"list\",\"data\":[" + data + "],\"has_more\":false}");
    }

    private StubAnswer get(String id) {
        return jobs.containsKey(id) ? ok(describe(id)) : error(404, "No batch found with id");
    }

    private String describe(String id) {
        Job job = jobs.get(id);
        ObjectNode node = JSON.createObjectNode().put("id", id).put("object", "batch");
        node.put("endpoint", job.endpoint).putNull("errors");
        node.put("input_file_id", job.input).put("completion_window", "24h").put("status", job.status);
        node.put("output_file_id", job.output).put("error_file_id", job.errorFile);
        node.put("created_at", 1_767_225_600L).put("expires_at", 1_767_312_000L).putNull("failed_at");
        node.putObject("request_counts")
                .put("total", job.requests.size())
                .put("completed", job.answers.size())
                .put("failed", job.errors.size());
        return node.toString();
    }

    @Override
    public synchronized String prompt(String batch, String request) {
        JsonNode body = jobs.get(batch).requests.get(request);
        return body.at(isResponses(batch) ? "/input" : "/messages/0/content").asText();
    }

    private boolean isResponses(String batch) {
        return jobs.get(batch).endpoint.endsWith("/responses");
    }

    @Override
    public synchronized void answer(String batch, String request, String text) {
        ObjectNode body = isResponses(batch) ? response(text) : completion(text);
        jobs.get(batch).answers.put(request, line(request, 200, body));
    }

    private static ObjectNode response(String text) {
        ObjectNode body = JSON.createObjectNode().put("id", "resp_1").put("status", "completed");
        ObjectNode message = body.putArray("output").addObject().put("type", "message");
        message.putArray("content").addObject().put("type", "output_text").put("text", text);
        body.putObject("usage").put("input_tokens", 3).put("output_tokens", 5).put("total_tokens", 8);
        return body;
    }

    private static ObjectNode completion(String text) {
        ObjectNode body = JSON.createObjectNode().put("id", "chatcmpl-1").put("model", "gpt-5-mini-2025-08-07");
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", text);
        body.putObject("usage")
                .put("prompt_tokens", 3)
                .put("completion_tokens", 5)
                .put("total_tokens", 8);
        return body;
    }

    @Override
    public synchronized void refuse(String batch, String request) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error").put("message", "Unsupported value").put("type", "invalid_request_error");
        jobs.get(batch).errors.put(request, line(request, 400, body));
    }

    private static String line(String request, int status, ObjectNode body) {
        ObjectNode line =
                JSON.createObjectNode().put("id", "batch_req_" + request).put("custom_id", request);
        line.putObject("response")
                .put("status_code", status)
                .put("request_id", "req-" + request)
                .set("body", body);
        return line.putNull("error").toString();
    }

    /** A batch that expired says so of each request it did not come to; one that was cancelled says nothing of them. */
    @Override
    public synchronized void end(String batch) {
        Job job = jobs.get(batch);
        List<String> open = job.requests.keySet().stream()
                .filter(id -> !job.answers.containsKey(id) && !job.errors.containsKey(id))
                .toList();
        boolean cancelled = job.status.equals("cancelling");
        job.status = cancelled ? "cancelled" : open.isEmpty() ? "completed" : "expired";
        List<String> errors = new ArrayList<>(job.errors.values());
        if (!cancelled) {
            open.forEach(id -> errors.add("{\"id\":\"batch_req_x\",\"custom_id\":\"" + id
                    + "\",\"response\":null,\"error\":{\"code\":\"batch_expired\",\"message\":"
                    + "\"This request could not be executed before the completion window expired.\"}}"));
        }
        job.output = keep("out-" + batch, job.answers.values());
        job.errorFile = keep("err-" + batch, errors);
    }

    private @Nullable String keep(String name, Iterable<String> lines) {
        String content = String.join("\n", lines);
        if (content.isEmpty()) {
            return null;
        }
        files.put("file-" + name, content + "\n");
        return "file-" + name;
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
