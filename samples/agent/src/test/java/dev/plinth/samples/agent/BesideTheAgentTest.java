package dev.plinth.samples.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.servers.OtlpReceiver;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two calls under the real agent, in a process of their own: who reports them, and how often. */
@Tag("once")
class BesideTheAgentTest {

    private static final String ANSWER =
            "{\"id\":\"c-1\",\"object\":\"chat.completion\",\"created\":1767225600,\"model\":\"gpt-5-mini-2026\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Yes.\"},"
                    + "\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}";

    private static final String OPERATION = "gen_ai.operation.name";
    private static final String TOKENS = "gen_ai.usage.input_tokens";

    private final StubServer openAi = StubServer.start().otherwise(request -> StubAnswer.json(ANSWER));
    private final OtlpReceiver receiver = OtlpReceiver.start();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        openAi.close();
        receiver.close();
    }

    @Test
    void callsOfPlinthsAdapterAreReportedOnce() throws Exception {
        run("plinth");
        List<Span> chats = with(OPERATION);
        assertThat(chats).hasSize(2).allMatch(span -> has(span, TOKENS));
        assertThat(chats).allMatch(span -> span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(warnings()).isEmpty();
        List<Span> http = with("http.request.method");
        assertThat(http).as("the agent's spans of HTTP are within").hasSize(2);
        assertThat(parents(http)).isEqualTo(ids(chats));
    }

    @Test
    void callsOverAVendorsSdkAreReportedTwiceAndThatIsSaidOnce() throws Exception {
        run("sdk");
        assertThat(with(TOKENS)).hasSize(4);
        assertThat(warnings()).hasSize(1);
        assertThat(warnings().get(0).getBody().getStringValue())
                .contains("-Dotel.instrumentation.openai.enabled=false")
                .contains("reportedElsewhere");
        assertThat(metrics()).contains("gen_ai.client.token.usage", "gen_ai.client.inference.usage.input_tokens");
    }

    @Test
    void whatIsReportedElsewhereIsReportedOnce() throws Exception {
        run("elsewhere");
        assertThat(with(OPERATION)).hasSize(2);
        List<Span> reported = with(TOKENS);
        assertThat(reported).hasSize(2);
        List<Span> ours = with("plinth.reported_elsewhere");
        assertThat(ours).hasSize(2).allMatch(span -> span.getKind() == Span.SpanKind.SPAN_KIND_INTERNAL);
        assertThat(parents(reported)).as("the others stand within ours").isEqualTo(ids(ours));
        assertThat(traces(receiver.spans())).hasSize(1);
        assertThat(warnings()).isEmpty();
        assertThat(metrics())
                .contains("gen_ai.client.token.usage")
                .doesNotContain("gen_ai.client.inference.usage.input_tokens", "gen_ai.client.inference.duration");
    }

    @Test
    void whatTheAgentDoesNotReportIsReportedOnce() throws Exception {
        run("sdk", "-Dotel.instrumentation.openai.enabled=false");
        assertThat(with(TOKENS)).hasSize(2);
        assertThat(warnings()).isEmpty();
    }

    private void run(String way, String... flags) throws IOException, InterruptedException {
        List<String> classPath =
                Arrays.asList(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator));
        String agent = classPath.stream()
                .filter(entry -> entry.contains("opentelemetry-javaagent"))
                .findFirst()
                .orElseThrow();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // it lives for seconds
        command.add("-javaagent:" + agent);
        command.add("-Dotel.exporter.otlp.endpoint=" + receiver.address());
        command.addAll(List.of(flags));
        command.add("-cp");
        command.add(classPath.stream()
                .filter(entry -> !entry.equals(agent))
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(Support.class.getName());
        command.add(openAi.url("/v1").toString());
        command.add(way);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue())
                    .as(() -> "exit; its output is " + output())
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException none) {
            return "none";
        }
    }

    private List<Span> with(String attribute) {
        return receiver.spans().stream().filter(span -> has(span, attribute)).toList();
    }

    private static boolean has(Span span, String attribute) {
        return span.getAttributesList().stream().map(KeyValue::getKey).anyMatch(attribute::equals);
    }

    private static Set<Object> ids(List<Span> spans) {
        return spans.stream().map(Span::getSpanId).collect(Collectors.toSet());
    }

    private static Set<Object> parents(List<Span> spans) {
        return spans.stream().map(Span::getParentSpanId).collect(Collectors.toSet());
    }

    private static Set<Object> traces(List<Span> spans) {
        return spans.stream().map(Span::getTraceId).collect(Collectors.toSet());
    }

    private List<LogRecord> warnings() {
        return receiver.logRecords().stream()
                .filter(record -> record.getEventName().equals("plinth.reported_twice"))
                .toList();
    }

    private List<String> metrics() {
        return receiver.metrics().stream().map(Metric::getName).toList();
    }
}
