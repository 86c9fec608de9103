package dev.plinth.governance.guardrails;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Step;
import dev.plinth.api.context.Step.GuardrailCheck.Side;
import dev.plinth.api.context.Step.GuardrailCheck.Verdict;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Tells whoever traces the call what was masked on the way in and on the way out, once each. */
final class MaskingReport {

    private static final String NAME = "masking";

    private final CallContext context;
    private final Tokens tokens;
    private final TimeSource time;
    private Instant startedAt;
    private long startedNanos;
    private boolean answered;

    /** Begins with the way in. */
    MaskingReport(CallContext context, Tokens tokens, TimeSource time) {
        this.context = context;
        this.tokens = tokens;
        this.time = time;
        this.startedAt = time.now();
        this.startedNanos = time.nanos();
    }

    /** The request is masked; the way out begins. */
    void requestMasked() {
        report(Side.INPUT);
        startedAt = time.now();
        startedNanos = time.nanos();
    }

    /** The answer is masked, as far as there is one. */
    void answerMasked() {
        if (!answered) {
            answered = true;
            report(Side.OUTPUT);
        }
    }

    private void report(Side side) {
        Map<String, Integer> findings = tokens.takeFindings();
        Verdict verdict = findings.isEmpty() ? Verdict.PASSED : Verdict.CHANGED;
        Duration duration = Duration.ofNanos(time.nanos() - startedNanos);
        context.report(new Step.GuardrailCheck(NAME, side, verdict, startedAt, duration, findings));
    }
}
