package dev.plinth.tracing.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes late: judgements, wishes of the application, further roots. */
class TailSamplingJudgementsTest extends SamplingTest {

    @Test
    void aTraceWaitsForJudgements() {
        sample(0, settings -> settings.waitFor(Duration.ofMinutes(1)));
        trace("a");
        trace("b");
        time.advance(Duration.ofSeconds(59));
        score("fail").setAttribute(PlinthAttributes.INTERACTION_ID, "of a").emit();
        score("pass").setAttribute(PlinthAttributes.INTERACTION_ID, "of b").emit();
        assertThat(passed.names()).containsExactly("in a", "a");
        assertThat(figure("traces.undecided")).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        sampling.decideDue();
        assertThat(figure("traces.dropped")).isEqualTo(1);
        assertThat(figure("scores.late")).isZero();
    }

    @Test
    void theEndOfTheWaitIsNoticedAtTheNextSpan() {
        sample(1, settings -> settings.waitFor(Duration.ofMinutes(1)));
        trace("a");
        time.advance(Duration.ofMinutes(1));
        assertThat(passed.names()).isEmpty();
        Span next = root("next");
        assertThat(passed.names()).containsExactly("in a", "a");
        next.end();
    }

    @Test
    void aJudgementOfTheSpanThatIsCurrentCountsToo() {
        sample(0, settings -> settings.waitFor(Duration.ofMinutes(1)));
        Span root = root("a");
        root.end();
        score("fail").setContext(Context.root().with(root)).emit();
        assertThat(passed.names()).containsExactly("a");
    }

    @Test
    void aFeedbackRequestIsNotTakenForWhatItIsAbout() {
        sample(0, settings -> settings.waitFor(Duration.ofMinutes(1)));
        trace("a");
        Span request = root("POST /feedback");
        score("fail")
                .setContext(Context.root().with(request))
                .setAttribute(PlinthAttributes.INTERACTION_ID, "of a")
                .emit();
        request.end();
        time.advance(Duration.ofMinutes(1));
        sampling.decideDue();
        assertThat(passed.names()).containsExactly("in a", "a");
    }

    @Test
    void aJudgementThatNamesTheAnswerKeepsItsTrace() {
        sample(0, settings -> settings.waitFor(Duration.ofMinutes(1)));
        for (String id : List.of("r-1", "r-2")) {
            Span chat = root(id);
            chat.setAttribute(GenAi.RESPONSE_ID, id);
            chat.end();
        }
        Span cached = root("cached");
        cached.setAttribute(GenAi.RESPONSE_ID, "r-1").setAttribute(PlinthAttributes.CACHED, true);
        cached.end();
        Span request = root("POST /feedback");
        Context feedback = Context.root().with(request);
        score("fail")
                .setContext(feedback)
                .setAttribute(GenAi.RESPONSE_ID, "r-1")
                .emit();
        request.end();
        tracers.forceFlush();
        assertThat(passed.names()).containsExactly("r-1");
        assertThat(figure("scores.late")).isZero();
        score("fail")
                .setContext(feedback)
                .setAttribute(GenAi.RESPONSE_ID, "r-2")
                .emit();
        assertThat(figure("scores.late")).as("it was dropped").isEqualTo(1);
    }

    @Test
    void anApplicationMayAskToKeepBeforeTheFirstCall() {
        sampleNoneWithoutReason();
        sampling.keep("of a");
        trace("a");
        trace("b");
        trace("a");
        assertThat(passed.names()).containsExactly("in a", "a");
        assertThat(figure("scores.late")).isZero();
    }

    @Test
    void theConditionIsAskedOfGuardrailsThatPassed() {
        sample(0, settings -> settings.keepIf(span -> span.getName().equals("slow check")));
        Span root = root("a");
        Span step = child("slow check", root);
        step.setAttribute(PlinthAttributes.STEP_KIND, "guardrail");
        step.setAttribute(PlinthAttributes.STEP_OUTCOME, "passed");
        step.end();
        root.end();
        assertThat(passed.names()).containsExactly("slow check", "a");
    }

    @Test
    void anApplicationMayAskToKeep() {
        sampleNoneWithoutReason();
        Span root = root("a");
        sampling.keep("of a");
        root.end();
        assertThat(passed.names()).containsExactly("a");
        sampling.keep("of a");
        assertThat(figure("scores.late")).as("it was kept").isZero();
    }

    @Test
    void judgementsThatComeTooLateAreCounted() {
        sampleNoneWithoutReason();
        trace("a");
        score("fail").setAttribute(PlinthAttributes.INTERACTION_ID, "of a").emit();
        score("fail").setAttribute(PlinthAttributes.INTERACTION_ID, "of nobody").emit();
        score("fail").emit();
        score("undecided").emit();
        assertThat(figure("scores.late")).isEqualTo(3);
        assertThat(passed.names()).isEmpty();
    }

    @Test
    void aTraceWithTwoRootsHereIsDecidedAfterBoth() {
        sample(1, settings -> settings);
        Span caller = Span.wrap(SpanContext.createFromRemoteParent(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault()));
        Span one = child("one", caller);
        Span two = child("two", caller);
        one.end();
        assertThat(passed.names()).isEmpty();
        two.end();
        assertThat(passed.names()).containsExactly("one", "two");
    }

    @Test
    void aSecondRootBeginsTheWaitAnew() {
        sample(1, settings -> settings.waitFor(Duration.ofMinutes(1)));
        Span caller = Span.wrap(SpanContext.createFromRemoteParent(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault()));
        child("one", caller).end();
        time.advance(Duration.ofSeconds(40));
        Span two = child("two", caller);
        time.advance(Duration.ofSeconds(40));
        sampling.decideDue();
        assertThat(passed.names()).isEmpty();
        two.end();
        time.advance(Duration.ofSeconds(59));
        sampling.decideDue();
        assertThat(passed.names()).isEmpty();
        time.advance(Duration.ofSeconds(1));
        sampling.decideDue();
        assertThat(passed.names()).containsExactly("one", "two");
    }
}
