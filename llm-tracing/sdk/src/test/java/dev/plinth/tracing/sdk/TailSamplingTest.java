package dev.plinth.tracing.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailSamplingTest extends SamplingTest {

    @Test
    void aTraceThatNothingSpeaksForIsDropped() {
        sampleNoneWithoutReason();
        trace("a");
        assertThat(passed.names()).isEmpty();
        assertThat(figure("traces.dropped")).isEqualTo(1);
        assertThat(figure("spans.dropped")).isEqualTo(2);
        assertEverySpanIsAccountedFor();
    }

    @Test
    void aTraceWithAnErrorIsKeptWholeAndStandsForItself() {
        sampleNoneWithoutReason();
        Span root = root("a");
        child("before", root).end();
        Span failing = child("failing", root);
        failing.setStatus(StatusCode.ERROR);
        failing.end();
        child("after", root).end();
        root.end();
        assertThat(passed.names()).containsExactlyInAnyOrder("before", "failing", "after", "a");
        assertThat(passed.spans())
                .allSatisfy(span -> assertThat(span.getAttributes().get(PlinthAttributes.SAMPLING_WEIGHT))
                        .isNull());
        assertThat(figure("traces.kept")).isEqualTo(1);
        assertEverySpanIsAccountedFor();
    }

    @Test
    void aGuardrailThatDidMoreThanPassKeepsTheTrace() {
        sampleNoneWithoutReason();
        for (String outcome : List.of("passed", "changed", "blocked", "failed")) {
            Span root = root(outcome);
            Span step = child("step", root);
            step.setAttribute(PlinthAttributes.STEP_KIND, "guardrail");
            step.setAttribute(PlinthAttributes.STEP_OUTCOME, outcome);
            step.end();
            root.end();
        }
        Span root = root("cache");
        Span miss = child("step", root);
        miss.setAttribute(PlinthAttributes.STEP_KIND, "cache").setAttribute(PlinthAttributes.STEP_OUTCOME, "miss");
        miss.end();
        root.end();
        assertThat(passed.names()).containsExactly("step", "changed", "step", "blocked", "step", "failed");
    }

    @Test
    void whatTheApplicationNamesIsKeptToo() {
        AttributeKey<Boolean> vip = AttributeKey.booleanKey("vip");
        sample(0, settings -> settings.keepIf(span -> span.getAttributes().get(vip)));
        Span root = root("vip");
        root.setAttribute(vip, true);
        root.end();
        Span common = root("common");
        common.setAttribute(vip, false);
        common.end();
        assertThat(passed.names()).containsExactly("vip");
    }

    @Test
    void aConditionThatThrowsLosesNothingAndHurtsNobody() {
        sample(
                0,
                settings -> settings.keepIf(span -> {
                    throw new IllegalStateException("bug");
                }));
        trace("a");
        assertThat(passed.names()).containsExactly("in a", "a");
    }

    @Test
    void soDoesAConditionThatFillsTheStack() {
        sample(
                0,
                settings -> settings.keepIf(span -> {
                    throw new StackOverflowError("deep");
                }));
        trace("a");
        assertThat(passed.names()).containsExactly("in a", "a");
    }

    @Test
    void aShareOfTheOthersIsKeptAndEachStandsForMore() {
        sample(0.25, settings -> settings);
        for (int i = 0; i < 1_000; i++) {
            trace("t" + i);
        }
        assertThat(passed.spans())
                .isNotEmpty()
                .allSatisfy(span -> assertThat(span.getAttributes().get(PlinthAttributes.SAMPLING_WEIGHT))
                        .isEqualTo(4.0));
        assertThat(figure("traces.sampled") + figure("traces.dropped")).isEqualTo(1_000);
        assertThat(figure("spans.passed")).isEqualTo(2 * figure("traces.sampled"));
        assertThat(passed.spans().get(0).getTotalAttributeCount())
                .isEqualTo(passed.spans().get(0).getAttributes().size());
        assertEverySpanIsAccountedFor();
    }

    @Test
    void aShareOfAllStandsForItself() {
        sample(1, settings -> settings);
        trace("a");
        assertThat(passed.names()).containsExactly("in a", "a");
        assertThat(passed.spans().get(0).getAttributes().get(PlinthAttributes.SAMPLING_WEIGHT))
                .isNull();
    }

    /** Six standard deviations: a fair sample fails this less than once in a hundred million seeds. */
    @Test
    void weightsAddUpToWhatThereWas() {
        sample(0.2, settings -> settings);
        int failing = 0;
        int all = 20_000;
        for (int i = 0; i < all; i++) {
            Span root = root("t");
            if (i % 10 == 0) {
                root.setStatus(StatusCode.ERROR);
                failing++;
            }
            root.end();
        }
        double deviation = 6 * Math.sqrt((all - failing) * (1 - 0.2) / 0.2);
        assertThat(passed.weight(span -> true)).isCloseTo(all, within(deviation));
        assertThat(passed.weight(span -> span.getStatus().getStatusCode() == StatusCode.ERROR))
                .isEqualTo(failing);
    }

    /** Both go by the trace's id, and yet what the one lets through is no less likely to pass the other. */
    @Test
    void aSamplerByIdBeforeItSpoilsNothing() {
        sample(0.25, settings -> settings, Sampler.traceIdRatioBased(0.25));
        for (int i = 0; i < 20_000; i++) {
            root("t").end();
        }
        double seen = figure("traces.sampled") + figure("traces.dropped");
        assertThat(seen).isCloseTo(5_000, within(6 * Math.sqrt(20_000 * 0.25 * 0.75)));
        assertThat(figure("traces.sampled")).isCloseTo(seen / 4, within(6 * Math.sqrt(seen * 0.25 * 0.75)));
    }

    @Test
    void everyProcessDecidesAlike() {
        List<List<String>> kept = new ArrayList<>();
        for (int process = 0; process < 2; process++) {
            sample(0.3, settings -> settings);
            for (int i = 0; i < 100; i++) {
                root("t" + i).end();
            }
            kept.add(passed.names());
            passed.clear();
            close();
        }
        assertThat(kept.get(0)).isEqualTo(kept.get(1)).isNotEmpty();
    }

    @Test
    void nothingIsPassedOnBeforeTheDecision() {
        sample(1, settings -> settings);
        Span root = root("a");
        child("in a", root).end();
        assertThat(passed.names()).isEmpty();
        assertThat(figure("spans.pending")).isEqualTo(1);
        root.end();
        assertThat(passed.names()).containsExactly("in a", "a");
    }

    @Test
    void whatEndsAfterTheDecisionFollowsIt() {
        sample(0, settings -> settings.keepIf(span -> span.getName().equals("kept")));
        Span kept = root("kept");
        Span dropped = root("dropped");
        Span lateOfKept = child("late of kept", kept);
        Span lateOfDropped = child("late of dropped", dropped);
        kept.end();
        dropped.end();
        lateOfKept.end();
        lateOfDropped.end();
        child("begun late", kept).end();
        child("begun late", dropped).end();
        assertThat(passed.names()).containsExactly("kept", "late of kept", "begun late");
        assertThat(figure("traces.dropped")).isEqualTo(1);
        assertEverySpanIsAccountedFor();
    }

    @Test
    void anErrorInAStreamThatIsReadAfterItsInteractionKeepsTheTrace() {
        sampleNoneWithoutReason();
        Span root = root("ask");
        Span stream = child("stream", root);
        root.end();
        stream.setStatus(StatusCode.ERROR);
        stream.end();
        assertThat(passed.names()).containsExactly("ask", "stream");
        assertEverySpanIsAccountedFor();
    }

    @Test
    void aSpanThatIsNeverEndedHoldsNothingUpForEver() {
        sample(1, settings -> settings);
        Span root = root("a");
        Span leaked = child("leaked", root);
        root.end();
        time.advance(TailSampler.LINGER.minusNanos(1));
        sampling.decideDue();
        assertThat(passed.names()).isEmpty();
        time.advance(Duration.ofNanos(1));
        sampling.decideDue();
        assertThat(passed.names()).containsExactly("a");
        leaked.end();
        assertThat(passed.names()).containsExactly("a", "leaked");
        assertEverySpanIsAccountedFor();
    }

    @Test
    void aDecisionIsRememberedWhileItsTraceRuns() {
        sample(0, settings -> settings.maxSpans(10));
        Span root = root("long");
        Span failing = child("failing", root);
        failing.setStatus(StatusCode.ERROR);
        failing.end();
        for (int i = 0; i < 10_100; i++) {
            root("short").end();
        }
        child("later", root).end();
        root.end();
        assertThat(passed.names()).containsExactly("failing", "later", "long");
        assertThat(figure("spans.late")).isZero();
    }

    /** Such as that of an agent's span in this process, which this sampling is not told of. */
    @Test
    void aTraceBeginsWithTheFirstSpanThatIsSeenOfIt() {
        sampleNoneWithoutReason();
        Span unseen = Span.wrap(SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault()));
        Span chat = child("chat", unseen);
        child("attempt", chat).end();
        chat.setStatus(StatusCode.ERROR);
        chat.end();
        assertThat(passed.names()).containsExactly("attempt", "chat");
        assertEverySpanIsAccountedFor();
    }

    @Test
    void whatEndsAfterASampledTraceHasItsWeight() {
        sample(0.999, settings -> settings);
        Span root = root("a");
        Span late = child("late", root);
        root.end();
        late.end();
        assertThat(passed.names()).containsExactly("a", "late");
        assertThat(passed.weight(span -> true)).isEqualTo(2 / 0.999);
    }

    @Test
    void tooManySpansHeldBackDecideTheOldestTraceEarly() {
        sample(1, settings -> settings.maxSpans(3));
        Span oldest = root("oldest");
        child("in oldest", oldest).end();
        Span other = root("other");
        Span one = root("one more");
        assertThat(passed.names()).containsExactly("in oldest");
        assertThat(figure("traces.early")).isEqualTo(1);
        oldest.end();
        assertThat(passed.names()).containsExactly("in oldest", "oldest");
        other.end();
        one.end();
        assertThat(passed.names()).containsExactly("in oldest", "oldest", "other", "one more");
        assertEverySpanIsAccountedFor();
    }

    @Test
    void whatOnlyWaitsIsDecidedEarlyBeforeWhatRuns() {
        sample(0, settings -> settings.waitFor(Duration.ofHours(1)).maxSpans(3));
        Span running = root("running");
        trace("a");
        Span next = root("next");
        assertThat(figure("traces.dropped")).isEqualTo(1);
        assertThat(figure("traces.early")).isEqualTo(1);
        running.setStatus(StatusCode.ERROR);
        running.end();
        next.end();
        assertThat(passed.names()).containsExactly("running");
    }

    @Test
    void bytesHeldBackAreBoundedToo() {
        sample(1, settings -> settings.waitFor(Duration.ofHours(1)).maxBytes(10_000));
        for (int i = 0; i < 9; i++) {
            Span span = root("" + i);
            span.setAttribute("text", "x".repeat(2_000));
            span.end();
        }
        assertThat(passed.names()).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(figure("traces.undecided")).isEqualTo(3);
        assertEverySpanIsAccountedFor();
    }

    @Test
    void whatIsNotSampledIsNotHeldBack() {
        sample(1, settings -> settings, Sampler.alwaysOff());
        trace("a");
        assertThat(figure("spans.in")).isZero();
    }

    @Test
    void aFlushDecidesWhatHasEnded() {
        sample(1, settings -> settings.waitFor(Duration.ofHours(1)));
        trace("a");
        Span running = root("running");
        tracers.forceFlush();
        assertThat(passed.names()).containsExactly("in a", "a");
        assertThat(passed.flushes).isEqualTo(1);
        running.end();
    }

    @Test
    void theEndDecidesEverything() {
        sample(1, settings -> settings.waitFor(Duration.ofHours(1)));
        trace("a");
        Span running = root("running");
        child("in running", running).end();
        tracers.shutdown();
        assertThat(passed.names()).containsExactly("in a", "a", "in running");
        assertThat(passed.shutdowns).isEqualTo(1);
        running.end();
        sampling.spanProcessor().onEnd((ReadableSpan) running);
        assertThat(passed.names()).hasSize(3);
        assertEverySpanIsAccountedFor();
    }

    @Test
    void badSettingsAreRefused() {
        sampleNoneWithoutReason();
        assertThatThrownBy(() -> TailSampling.builder(passed, 1.1)).hasMessage("share: 1.1 (expected: 0.0 to 1.0)");
        assertThatThrownBy(() -> TailSampling.builder(LocalTraces.create().spanProcessor(), 1))
                .hasMessageContaining("(expected: a processor of ended spans, such as a batch processor)");
        assertThatThrownBy(() -> TailSampling.builder(passed, 1).maxBytes(0)).hasMessage("maxBytes: 0 (expected: > 0)");
        assertThatThrownBy(() -> TailSampling.builder(passed, 1).waitFor(Duration.ofDays(2)))
                .hasMessage("waitFor: PT48H (expected: 0 to 24 hours)");
    }
}
