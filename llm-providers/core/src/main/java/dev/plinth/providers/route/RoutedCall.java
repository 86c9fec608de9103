package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ContentFilteredException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.Deadline;
import dev.plinth.providers.attempt.AttemptLog;
import dev.plinth.providers.attempt.Patience;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One call through a router: asks one target after the other until one answers. Used by one thread at a time.
 *
 * @param <R> what is waited for: the whole answer, or its beginning
 */
final class RoutedCall<R> {

    /** What differs between plain and streamed calls. */
    interface Kind<R> {
        /** Whether it streams. */
        boolean isStreamed();

        /** Makes an attempt. */
        R ask(TargetAttempt attempt);

        /** The whole answer, if it is there already. */
        Optional<ChatResponse> whole(R answer);

        /** Gives up an answer that nobody wants. */
        void discard(R answer);
    }

    private final Router router;
    private final ChatRequest request;
    private final CallContext context;
    private final Kind<R> kind;
    private final Choice choice;
    private final AttemptLog log;
    private final Deque<Target> queue = new ArrayDeque<>();
    private final List<Target> unavailable = new ArrayList<>();
    private final List<LlmException> failures = new ArrayList<>();
    private Duration paused = Duration.ZERO;
    private boolean filterSeen;
    private String failedLast = "";
    private @Nullable TargetAttempt answering;

    /**
     * A call, its targets chosen.
     *
     * @throws LlmException if there are none
     */
    RoutedCall(Router router, ChatRequest request, Kind<R> kind) {
        this.router = router;
        this.request = request;
        this.context = request.context();
        this.kind = kind;
        this.choice = Choice.of(router, request);
        this.log = new AttemptLog(router.time);
        this.queue.addAll(choice.targets(kind.isStreamed()));
    }

    /** The answer of the first target that gives one; its attempt has not ended yet. */
    R run() {
        String why = choice.why(queue.element());
        @Nullable R filtered = null;
        while (true) {
            R answer;
            try {
                TargetAttempt attempt = next(why);
                if (attempt == null) {
                    throw failed();
                }
                answer = router.hedging == null ? alone(attempt) : hedged(attempt, router.hedging);
            } catch (LlmException failure) {
                if (filtered == null || failure instanceof CancelledException) {
                    throw failure;
                }
                return filtered; // better than the failure of who was to do better
            }
            if (answer != null && !isFiltered(answer)) {
                return answer;
            }
            filtered = answer == null ? filtered : answer;
            why = "fallback from " + failedLast + ": "
                    + failures.get(failures.size() - 1).code();
        }
    }

    /** The answer is complete. */
    ChatResponse finished(ChatResponse response) {
        if (answering == null) {
            return response;
        }
        answering.answered(response);
        ChatResponse whole = log.whole(response);
        return choice.degrades(answering.target)
                ? whole.toBuilder().degraded(true).build()
                : whole;
    }

    /** The answer broke off after it had begun: nobody else may go on with it. */
    LlmException brokeOff(LlmException failure) {
        if (answering != null) {
            answering.failed(failure);
        }
        return log.whole(failure);
    }

    /** The caller gave the answer up. */
    void cancelled() {
        if (answering != null) {
            answering.cancelled();
        }
    }

    private @Nullable R alone(TargetAttempt attempt) {
        try {
            R answer = ask(attempt);
            answering = attempt;
            return answer;
        } catch (LlmException failure) {
            failed(failure, attempt.target);
            return null;
        }
    }

    private @Nullable R hedged(TargetAttempt attempt, Hedging hedging) {
        router.hedges.called();
        Optional<Duration> wait = hedging.wait(attempt.target.latencies(kind.isStreamed()));
        if (wait.isEmpty()) {
            return alone(attempt);
        }
        Race<R> race = new Race<>(hedging.executor, context, router.time, this::ask, this::lost);
        if (!race.start(attempt)) {
            return alone(attempt);
        }
        R answer;
        try {
            if (!race.isDecided(wait.get()) && race.hasBegun() && router.hedges.take()) {
                hedge(race, attempt.target);
            }
            answer = race.result();
        } catch (CancelledException | TimedOutException over) {
            throw withOthers(over);
        }
        if (answer == null) {
            race.failures().forEach(failed -> failed(failed.failure(), failed.attempt().target));
        } else {
            answering = race.winner();
        }
        return answer;
    }

    private void lost(TargetAttempt attempt, @Nullable R answer) {
        attempt.lost(answer == null ? null : kind.whole(answer).orElse(null));
        if (answer != null) {
            kind.discard(answer);
        }
    }

    private void hedge(Race<R> race, Target slow) {
        Target other = queue.isEmpty() ? slow : queue.element();
        Circuit.Permit permit = other.circuit.enter();
        if (permit == null || !mayStillGoTo(other, permit)) {
            return;
        }
        TargetAttempt second = attempt(other, permit, "hedge of " + slow.name());
        if (race.start(second)) {
            queue.remove(other);
        } else {
            second.notMade();
        }
    }

    private R ask(TargetAttempt attempt) {
        try {
            R answer = kind.ask(attempt);
            attempt.begins();
            return answer;
        } catch (LlmException failure) {
            attempt.failed(failure);
            throw failure;
        } catch (Throwable failure) {
            attempt.broke();
            throw failure;
        }
    }

    /** Decides where to go after a failure: leaves in the queue who may still be asked, or throws. */
    private void failed(LlmException failure, Target target) {
        failures.add(failure);
        failedLast = target.name();
        if (failure instanceof CancelledException || !router.fallbackOn.test(failure)) {
            throw withOthers(failure);
        }
        if (failure instanceof ContextTooLongException) {
            int fits = target.deployment.contextTokens().orElse(Integer.MAX_VALUE);
            queue.removeIf(other -> other.deployment.contextTokens().orElse(0) <= fits);
            unavailable.clear();
        } else if (failure instanceof ContentFilteredException) {
            goToAfterFilter();
        }
        if (context.deadline().filter(Deadline::expired).isPresent()) {
            throw failure instanceof TimedOutException ? withOthers(failure) : late();
        }
    }

    private LlmException late() {
        return withOthers(new TimedOutException(
                "deadline: passed (expected: an answer before it)", router.details(request), null));
    }

    private void goToAfterFilter() {
        queue.clear();
        unavailable.clear();
        if (!filterSeen) {
            filterSeen = true;
            queue.addAll(choice.afterContentFilter(kind.isStreamed()));
        }
    }

    /** A vendor may say "filtered" in good order, too. Then it counts as a failure, if there is somebody to go to. */
    private boolean isFiltered(R answer) {
        Optional<ChatResponse> whole = kind.whole(answer);
        TargetAttempt answered = answering;
        if (whole.isEmpty() || answered == null || filterSeen || !router.hasAfterContentFilter()) {
            return false;
        }
        FinishReason reason = whole.get().finishReason();
        if (reason != FinishReason.CONTENT_FILTER && reason != FinishReason.REFUSAL) {
            return false;
        }
        LlmException failure = new ContentFilteredException(
                        "finish_reason: " + whole.get().rawFinishReason().orElse("content filter")
                                + " (expected: an answer)",
                        answered.details(),
                        null)
                .setPartial("", whole.get().usage());
        answered.failed(failure);
        failures.add(failure);
        failedLast = answered.target.name();
        goToAfterFilter();
        return true;
    }

    /** The next attempt; null when there is nobody left. */
    private @Nullable TargetAttempt next(String why) {
        while (true) {
            if (context.deadline().filter(Deadline::expired).isPresent()) {
                throw late();
            }
            Target target = queue.poll();
            if (target == null) {
                if (!pause()) {
                    return null;
                }
                continue;
            }
            Circuit.Permit permit = target.circuit.enter();
            if (permit == null) {
                unavailable.add(target);
            } else if (mayStillGoTo(target, permit)) {
                return attempt(
                        target,
                        permit,
                        unavailable.isEmpty() ? why : why + "; not " + names(unavailable) + " (out of order)");
            }
        }
    }

    /** Policy may have changed since the targets were chosen. */
    private boolean mayStillGoTo(Target target, Circuit.Permit permit) {
        try {
            Admission.require(target.deployment.info(), context);
            return true;
        } catch (DeniedException denied) {
            permit.abandoned();
            failures.add(denied);
            return false;
        } catch (Throwable broken) {
            permit.abandoned();
            throw broken;
        }
    }

    private TargetAttempt attempt(Target target, Circuit.Permit permit, String why) {
        ModelInfo info = target.deployment.info();
        AttemptLog.Open open = log.begin(target.name(), info.provider(), info.model(), why);
        return new TargetAttempt(target, requestFor(target), permit, open, kind.isStreamed());
    }

    private ChatRequest requestFor(Target target) {
        boolean elsewhere = queue.stream().anyMatch(other -> other != target && other.circuit.mayEnter());
        ChatRequest.Builder builder = request.toBuilder().context(elsewhere ? Patience.NONE.in(context) : context);
        if (request.timeouts().isEmpty()) {
            target.deployment.timeouts().ifPresent(builder::timeouts);
        }
        if (request.model().isPresent()) { // it may be the deployment's name
            builder.model(target.deployment.info().model());
        }
        return builder.build();
    }

    /** When nobody can be asked only because a provider asked for a pause that is short enough: waits for its end. */
    private boolean pause() {
        Optional<Target> soonest = unavailable.stream()
                .filter(target -> target.circuit.isCoolingOnly())
                .min(Comparator.comparing(target -> target.circuit.untilNext()));
        if (soonest.isEmpty()) {
            return false;
        }
        Duration wait = soonest.get().circuit.untilNext();
        boolean inTime = context.deadline()
                .map(deadline -> deadline.remaining().compareTo(wait) > 0)
                .orElse(true);
        paused = paused.plus(wait);
        if (!inTime || paused.compareTo(router.maxPause) > 0) {
            return false;
        }
        try {
            router.time.sleep(wait);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw withOthers(new CancelledException(
                    "thread: interrupted while every deployment paused (expected: an answer)",
                    router.details(request),
                    interruption));
        }
        queue.addAll(unavailable);
        unavailable.clear();
        return true;
    }

    private LlmException failed() {
        Map<String, Circuit> circuits = new LinkedHashMap<>();
        unavailable.forEach(target -> circuits.put(target.name(), target.circuit));
        return failures.isEmpty()
                ? RouteFailures.outOfOrder(circuits, router.details(request))
                : withOthers(RouteFailures.of(failures, circuits, log.attempts(), router.details(request)));
    }

    private LlmException withOthers(LlmException failure) {
        for (LlmException other : failures) {
            if (other != failure && other != failure.getCause()) {
                failure.addSuppressed(other);
            }
        }
        return log.whole(failure);
    }

    private static String names(List<Target> targets) {
        return targets.stream().map(Target::name).collect(Collectors.joining(", "));
    }
}
