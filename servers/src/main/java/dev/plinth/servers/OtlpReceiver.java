package dev.plinth.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

/**
 * Receives what OpenTelemetry's exporters send over HTTP and decodes it with the published protocol: OTLP in protobuf,
 * compressed or not, under {@code /v1/traces}, {@code /v1/logs} and {@code /v1/metrics}. What it accepted it keeps.
 *
 * <p>Thread-safe.
 */
public final class OtlpReceiver implements AutoCloseable {
    private static final int OK = 200;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();
    private final List<ExportLogsServiceRequest> logs = new CopyOnWriteArrayList<>();
    private final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status = OK;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private OtlpReceiver(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext(
                "/v1/traces",
                exchange -> answer(exchange, body -> {
                    traces.add(ExportTraceServiceRequest.parseFrom(body));
                }));
        server.createContext(
                "/v1/logs",
                exchange -> answer(exchange, body -> {
                    logs.add(ExportLogsServiceRequest.parseFrom(body));
                }));
        server.createContext(
                "/v1/metrics",
                exchange -> answer(exchange, body -> {
                    metrics.add(ExportMetricsServiceRequest.parseFrom(body));
                }));
        server.start();
    }

    /** Starts one on a free port of the loopback. */
    public static OtlpReceiver start() {
        try {
            InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            return new OtlpReceiver(HttpServer.create(free, 0));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where it answers, without a path, such as {@code http://127.0.0.1:4318}. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers with this status from now on; with any but 200 it keeps nothing. */
    public void answer(int status) {
        this.status = status;
    }

    /** Leaves all requests without an answer until {@link #release}. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    /** Answers what was held, and what comes. */
    public void release() {
        gate.countDown();
    }

    /** How many requests came, also refused ones. */
    public int requests() {
        return requests.get();
    }

    /** What was accepted, by request and resource. */
    public List<ResourceSpans> resourceSpans() {
        return traces.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .toList();
    }

    /** All spans that were accepted. */
    public List<Span> spans() {
        return resourceSpans().stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    /** All log records that were accepted. */
    public List<LogRecord> logRecords() {
        return logs.stream()
                .flatMap(request -> request.getResourceLogsList().stream())
                .flatMap(resource -> resource.getScopeLogsList().stream())
                .flatMap(scope -> scope.getLogRecordsList().stream())
                .toList();
    }

    /** All metrics that were accepted. */
    public List<Metric> metrics() {
        return metrics.stream()
                .flatMap(request -> request.getResourceMetricsList().stream())
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .toList();
    }

    /** Keeps a request. */
    private interface Keep {
        void of(byte[] body) throws IOException;
    }

    private void answer(HttpExchange exchange, Keep keep) throws IOException {
        try (exchange) {
            requests.incrementAndGet();
            byte[] body = body(exchange);
            gate.await();
            int answer = status;
            if (answer == OK) {
                keep.of(body);
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(answer, -1); // an empty message is its own encoding
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        boolean compressed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (InputStream raw = exchange.getRequestBody();
                InputStream body = compressed ? new GZIPInputStream(raw) : raw) {
            return body.readAllBytes();
        }
    }

    /** Stops at once; what is held is never answered. */
    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
