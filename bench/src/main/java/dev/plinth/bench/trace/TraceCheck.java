package dev.plinth.bench.trace;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.plinth.api.context.Interaction;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.PlinthAttributes;
import dev.plinth.tracing.cost.CostReport;
import dev.plinth.tracing.cost.Dimension;
import dev.plinth.tracing.cost.Totals;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at what was recorded as somebody would who knows OpenTelemetry only, and at what the models answered. */
final class TraceCheck {

    private static final AttributeKey<String> OPERATION = stringKey("gen_ai.operation.name");
    private static final AttributeKey<String> RESPONSE_ID = stringKey("gen_ai.response.id");
    private static final AttributeKey<Long> INPUT = longKey("gen_ai.usage.input_tokens");
    private static final AttributeKey<Long> OUTPUT = longKey("gen_ai.usage.output_tokens");
    private static final Set<String> MODELS = Set.of("chat", "embeddings", "rerank");

    private final List<Interaction> interactions;
    private final Recorder recorder;
    private final Truth truth;
    private final CostReport booked;
    private final List<SpanData> spans;
    private int splitTraces;
    private final List<String> problems = new ArrayList<>();

    TraceCheck(List<Interaction> interactions, Recorder recorder, Truth truth, CostReport booked) {
        this.interactions = interactions;
        this.recorder = recorder;
        this.truth = truth;
        this.booked = booked;
        this.spans = recorder.ended();
    }

    TraceReport report() {
        Map<String, List<SpanData>> byInteraction = spans.stream()
                .filter(span -> span.getAttributes().get(PlinthAttributes.INTERACTION_ID) != null)
                .collect(Collectors.groupingBy(
                        span -> Objects.requireNonNull(span.getAttributes().get(PlinthAttributes.INTERACTION_ID))));
        for (Interaction interaction : interactions) {
            List<SpanData> own = byInteraction.getOrDefault(interaction.id(), List.of());
            checkTree(own);
            checkSums(interaction, own);
        }
        checkMetrics();
        checkLedger();
        return new TraceReport(
                interactions.size(),
                spans.size(),
                count("attempt "),
                count("cache ") + count("guardrail "),
                (int) spans.stream()
                        .filter(span -> Boolean.TRUE.equals(span.getAttributes().get(PlinthAttributes.CANCELLED)))
                        .count(),
                (int) spans.stream().filter(TraceCheck::isCached).count(),
                (int) spans.stream()
                        .filter(span -> span.getName().startsWith("chat ")
                                && span.getStatus().getStatusCode() == StatusCode.ERROR)
                        .count(),
                orphans(),
                recorder.open(),
                splitTraces,
                problems);
    }

    private int count(String prefix) {
        return (int)
                spans.stream().filter(span -> span.getName().startsWith(prefix)).count();
    }

    private int orphans() {
        Map<String, Set<String>> known = new HashMap<>();
        for (SpanData span : spans) {
            known.computeIfAbsent(span.getTraceId(), trace -> new HashSet<>()).add(span.getSpanId());
        }
        int orphans = 0;
        for (SpanData span : spans) {
            boolean root = !span.getParentSpanContext().isValid();
            boolean lost = root
                    ? !span.getName().equals("ask")
                    : !known.getOrDefault(span.getTraceId(), Set.of()).contains(span.getParentSpanId());
            orphans += lost ? 1 : 0;
        }
        return orphans;
    }

    /** All of an interaction are in one trace, under its own span. */
    private void checkTree(List<SpanData> own) {
        long traces = own.stream().map(SpanData::getTraceId).distinct().count();
        long roots = own.stream()
                .filter(span -> !span.getParentSpanContext().isValid())
                .count();
        if (traces != 1 || roots != 1) {
            splitTraces++;
        }
    }

    /** What each call says it used is what its model answered, and the interaction says the sum. */
    private void checkSums(Interaction interaction, List<SpanData> own) {
        Usage sum = Usage.NONE;
        BigDecimal cost = BigDecimal.ZERO;
        boolean known = true;
        int calls = 0;
        @Nullable SpanData root = null;
        for (SpanData span : own) {
            String operation = span.getAttributes().get(OPERATION);
            calls += operation == null ? 0 : 1;
            root = operation == null && !span.getParentSpanContext().isValid() ? span : root;
            if (operation == null || !MODELS.contains(operation)) {
                continue;
            }
            Long input = span.getAttributes().get(INPUT);
            if (input == null) {
                known = false; // a failure that used nothing says so; one that does not say is not known
                continue;
            }
            long output = Objects.requireNonNullElse(span.getAttributes().get(OUTPUT), 0L);
            Usage used = Usage.of(input, output);
            mismatch(operation.equals("chat") && !matches(span, used), "answer", span.getName(), used);
            sum = sum.plus(used);
            cost = cost.add(isCached(span) ? BigDecimal.ZERO : cost(used));
        }
        checkTotals(interaction, root, sum, cost, known, calls);
    }

    private boolean matches(SpanData span, Usage used) {
        String id = span.getAttributes().get(RESPONSE_ID);
        if (id == null || isCached(span)) {
            return used.total().orElse(-1) == 0;
        }
        return truth.of(id).input().equals(used.input())
                && truth.of(id).output().equals(used.output());
    }

    private void checkTotals(
            Interaction interaction, @Nullable SpanData root, Usage sum, BigDecimal cost, boolean known, int calls) {
        if (root == null) {
            mismatch(!interaction.calls().isEmpty(), "root", interaction.id(), "none");
            return;
        }
        Usage total = interaction.usage();
        mismatch(total.input().isPresent() != known, "known", interaction.id(), total);
        mismatch(
                interaction.calls().size() != calls,
                "calls",
                interaction.calls().size(),
                calls);
        Long input = root.getAttributes().get(PlinthAttributes.INTERACTION_INPUT_TOKENS);
        Long output = root.getAttributes().get(PlinthAttributes.INTERACTION_OUTPUT_TOKENS);
        mismatch((input != null) != known, "root input", input, known);
        if (known) {
            mismatch(!total.input().equals(sum.input()), "input", total, sum);
            mismatch(!total.output().equals(sum.output()), "output", total, sum);
            mismatch(!Objects.equals(input, sum.input().getAsLong()), "root input", input, sum);
            mismatch(!Objects.equals(output, sum.output().getAsLong()), "root output", output, sum);
            BigDecimal stated = interaction.cost().map(Cost::amount).orElse(BigDecimal.ZERO);
            mismatch(stated.compareTo(cost) != 0, "cost", stated, cost);
        }
    }

    /** What the metrics add up to is what the spans of chat calls say, cached answers apart. */
    private void checkMetrics() {
        List<SpanData> chats = new ArrayList<>();
        for (SpanData span : spans) {
            if ("chat".equals(span.getAttributes().get(OPERATION)) && !isCached(span)) {
                chats.add(span);
            }
        }
        long input = recorder.counter("gen_ai.client.inference.usage.input_tokens");
        long output = recorder.counter("gen_ai.client.inference.usage.output_tokens");
        mismatch(input != sum(chats, INPUT), "metric of input", input, sum(chats, INPUT));
        mismatch(output != sum(chats, OUTPUT), "metric of output", output, sum(chats, OUTPUT));
    }

    /** What is booked is what the leaves say: of a call that was tried more than once its tries, else the call. */
    private void checkLedger() {
        List<SpanData> attempts = new ArrayList<>();
        Set<String> tried = new HashSet<>();
        for (SpanData span : spans) {
            if (span.getAttributes().get(PlinthAttributes.ATTEMPT_NUMBER) != null) {
                attempts.add(span);
                tried.add(span.getParentSpanId());
            }
        }
        List<SpanData> once = new ArrayList<>();
        for (SpanData span : spans) {
            String operation = span.getAttributes().get(OPERATION);
            if (operation != null && MODELS.contains(operation) && !tried.contains(span.getSpanId())) {
                once.add(span);
            }
        }
        long input = sum(once, INPUT) + sum(attempts, PlinthAttributes.ATTEMPT_INPUT_TOKENS);
        long output = sum(once, OUTPUT) + sum(attempts, PlinthAttributes.ATTEMPT_OUTPUT_TOKENS);
        // A stream that is closed while its end arrives was used up, which the ledger may see and the span may not.
        Usage missed = truth.beside(spans.stream()
                .map(span -> span.getAttributes().get(RESPONSE_ID))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
        Usage used = booked.total().usage();
        between(input, used.input(), input + missed.input().orElse(0), "booked input");
        between(output, used.output(), output + missed.output().orElse(0), "booked output");
        BigDecimal cost =
                booked.total().cost().in(BusyModel.USD).map(Cost::amount).orElse(BigDecimal.ZERO);
        mismatch(cost.compareTo(cost(used)) != 0, "booked cost", cost, cost(used));
        for (Dimension dimension : Dimension.values()) {
            Totals parts = booked.by(dimension).values().stream().reduce(Totals.NONE, Totals::plus);
            mismatch(!parts.equals(booked.total()), "booked by " + dimension, parts, booked.total());
        }
    }

    private void between(long least, OptionalLong value, long most, String what) {
        long found = value.orElse(-1);
        mismatch(found < least || found > most, what, found, least + " to " + most);
    }

    private static long sum(List<SpanData> spans, AttributeKey<Long> key) {
        return spans.stream()
                .mapToLong(
                        span -> Objects.requireNonNullElse(span.getAttributes().get(key), 0L))
                .sum();
    }

    private static BigDecimal cost(Usage usage) {
        return BusyModel.PRICE.of(usage).orElseThrow().amount();
    }

    private static boolean isCached(SpanData span) {
        return Boolean.TRUE.equals(span.getAttributes().get(PlinthAttributes.CACHED));
    }

    private void mismatch(boolean differs, String what, @Nullable Object one, @Nullable Object other) {
        if (differs) {
            problems.add(what + ": " + one + " (expected: " + other + ")");
        }
    }
}
