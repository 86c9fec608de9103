package dev.plinth.tracing.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Traces of random shape, their spans ended on many threads at once, in any order. */
class ManyThreadsTest {

    /**
     * A trace.
     *
     * @param parents the parent of each span by its number, the first being the root
     * @param failing the number of the span that fails; -1: none
     * @param rootFirst whether the root ends before the others
     */
    record Shape(List<Integer> parents, int failing, boolean rootFirst) {}

    @Provide
    Arbitrary<List<Shape>> shapes() {
        Arbitrary<Shape> shape = Arbitraries.integers().between(0, 8).flatMap(children -> {
            List<Arbitrary<Integer>> parents = new ArrayList<>();
            for (int i = 0; i < children; i++) {
                parents.add(Arbitraries.integers().between(0, i));
            }
            return Combinators.combine(
                            Combinators.combine(parents).as(list -> list),
                            Arbitraries.integers().between(-2 * children - 2, children),
                            Arbitraries.of(true, false))
                    .as((list, failing, rootFirst) -> new Shape(list, Math.max(-1, failing), rootFirst));
        });
        return shape.list().ofMinSize(1).ofMaxSize(30);
    }

    @Property(tries = 100)
    void aTraceIsPassedOnWholeOrNotAtAllAndOnce(@ForAll("shapes") List<Shape> shapes) throws Exception {
        Passed passed = new Passed();
        TailSampling sampling =
                TailSampling.builder(passed, 0.5).maxSpans(10_000).build();
        Map<String, Shape> traces = run(sampling, shapes);

        Map<String, List<SpanData>> byTrace =
                passed.spans().stream().collect(Collectors.groupingBy(SpanData::getTraceId));
        traces.forEach((id, shape) -> {
            List<SpanData> spans = byTrace.getOrDefault(id, List.of());
            if (shape.failing >= 0) {
                assertThat(spans).as("%s", shape).isNotEmpty();
            }
            assertWhole(shape, spans);
        });
        assertThat(sampling.figures().get("tracing.sampling.spans.pending")).isZero();
        assertThat(sampling.figures().get("tracing.sampling.spans.late")).isZero();
    }

    @Property(tries = 100)
    void soItIsWhenThereIsNoRoomToWait(@ForAll("shapes") List<Shape> shapes) throws Exception {
        Passed passed = new Passed();
        TailSampling sampling = TailSampling.builder(passed, 0.5).maxSpans(5).build();
        Map<String, Shape> traces = run(sampling, shapes);

        Map<String, List<SpanData>> byTrace =
                passed.spans().stream().collect(Collectors.groupingBy(SpanData::getTraceId));
        traces.forEach((id, shape) -> assertWhole(shape, byTrace.getOrDefault(id, List.of())));
    }

    private static void assertWhole(Shape shape, List<SpanData> spans) {
        Set<String> ids = spans.stream().map(SpanData::getSpanId).collect(Collectors.toSet());
        assertThat(ids).as("each once").hasSize(spans.size());
        assertThat(spans.size()).as("whole or not at all: %s", shape).isIn(0, shape.parents.size() + 1);
        assertThat(spans.stream()
                        .map(span -> String.valueOf(span.getAttributes().get(PlinthAttributes.SAMPLING_WEIGHT)))
                        .distinct())
                .as("one weight")
                .hasSizeLessThanOrEqualTo(1);
    }

    private static Map<String, Shape> run(TailSampling sampling, List<Shape> shapes) throws Exception {
        try (SdkTracerProvider tracers = SdkTracerProvider.builder()
                .addSpanProcessor(sampling.spanProcessor())
                .build()) {
            return run(tracers.get("test"), shapes);
        }
    }

    private static Map<String, Shape> run(Tracer tracer, List<Shape> shapes) throws Exception {
        Map<String, Shape> traces = new HashMap<>();
        List<Threads.Task> first = new ArrayList<>();
        List<Threads.Task> second = new ArrayList<>();
        for (Shape shape : shapes) {
            List<Span> spans = start(tracer, shape);
            traces.put(spans.get(0).getSpanContext().getTraceId(), shape);
            for (int i = 0; i < spans.size(); i++) {
                Span span = spans.get(i);
                boolean early = (i == 0) == shape.rootFirst;
                (early ? first : second).add(span::end);
            }
        }
        Threads.sideBySide(first);
        Threads.sideBySide(second);
        return traces;
    }

    private static List<Span> start(Tracer tracer, Shape shape) {
        List<Span> spans = new ArrayList<>();
        spans.add(tracer.spanBuilder("0")
                .setNoParent()
                .setAttribute(PlinthAttributes.INTERACTION_ID, "i")
                .startSpan());
        for (int i = 0; i < shape.parents.size(); i++) {
            spans.add(tracer.spanBuilder(Integer.toString(i + 1))
                    .setParent(Context.root().with(spans.get(shape.parents.get(i))))
                    .startSpan());
        }
        if (shape.failing >= 0) {
            spans.get(shape.failing).setStatus(StatusCode.ERROR);
        }
        return spans;
    }

    @Property(tries = 100)
    void treesAreWhatWasTraced(@ForAll("shapes") List<Shape> shapes) throws Exception {
        try (TracingSdk sdk = TracingSdk.builder("test").build()) {
            Map<String, Shape> traces = run(sdk.openTelemetry().getTracer("test"), shapes);
            traces.forEach((id, shape) -> {
                TraceTree tree = sdk.traces().trace(id).orElseThrow();
                assertThat(tree.unended()).isZero();
                assertThat(tree.orphans()).isZero();
                assertThat(parents(tree)).isEqualTo(expected(shape));
            });
            assertThat(sdk.traces().recent(100)).hasSize(shapes.size());
        }
    }

    private static Map<String, String> parents(TraceTree tree) {
        Map<String, String> parents = new HashMap<>();
        tree.nodes().forEach(node -> node.children().forEach(child -> parents.put(child.name(), node.name())));
        return parents;
    }

    private static Map<String, String> expected(Shape shape) {
        Map<String, String> parents = new HashMap<>();
        for (int i = 0; i < shape.parents.size(); i++) {
            parents.put(Integer.toString(i + 1), shape.parents.get(i).toString());
        }
        return parents;
    }

    @Property(tries = 50)
    void boundsHoldWhateverHappensAtOnce(@ForAll("shapes") List<Shape> shapes) throws Exception {
        LocalTraces traces = LocalTraces.builder()
                .maxTraces(7)
                .maxSpansPerTrace(5)
                .maxBytes(20_000)
                .build();
        try (TracingSdk sdk = TracingSdk.builder("test").traces(traces).build()) {
            Tracer tracer = sdk.openTelemetry().getTracer("test");
            List<Threads.Task> tasks = new ArrayList<>();
            for (Shape shape : shapes) {
                tasks.add(() -> start(tracer, shape).forEach(Span::end));
                tasks.add(() -> traces.recent(7).forEach(TraceTree::json));
            }
            Threads.sideBySide(tasks);
        }
        Map<String, Double> figures = traces.figures();
        assertThat(figures.get("tracing.local.traces")).isLessThanOrEqualTo(7);
        assertThat(figures.get("tracing.local.bytes")).isBetween(0.0, 20_000.0);
        assertThat(figures.get("tracing.local.spans.started"))
                .isEqualTo(shapes.stream()
                        .mapToInt(shape -> shape.parents.size() + 1)
                        .sum())
                .isEqualTo(figures.get("tracing.local.spans") + figures.get("tracing.local.spans.dropped"));
        assertThat(traces.recent(100))
                .allSatisfy(tree -> assertThat(tree.nodes()).hasSizeLessThanOrEqualTo(5));
    }
}
