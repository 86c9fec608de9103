package dev.plinth.providers.route;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.QuotaExhaustedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.time.TimeSource;
import dev.plinth.providers.route.DeploymentHealth.State;
import java.time.Duration;
import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one deployment: closed (calls pass), open (none does), half open (one does, to see).
 *
 * <p>Thread-safe.
 */
final class Circuit {

    private static final Set<Class<? extends LlmException>> OUT_OF_ORDER = Set.of(
            OverloadedException.class,
            RateLimitedException.class,
            TransportException.class,
            TimedOutException.class,
            MalformedResponseException.class,
            QuotaExhaustedException.class,
            AuthenticationException.class,
            ModelNotFoundException.class);

    private final CircuitBreaker settings;
    private final TimeSource time;
    private final BitSet failures;
    private int remembered;
    private int next;
    private State state = State.CLOSED;
    private int generation;
    private boolean probing;
    private long probingSince;
    private Duration openFor;
    private long openUntil;
    private boolean cooling;
    private long coolUntil;

    Circuit(CircuitBreaker settings, TimeSource time) {
        this.settings = settings;
        this.time = time;
        this.failures = new BitSet(settings.calls());
        this.openFor = settings.openFor();
    }

    /** Lets a call pass, or not: null. The permit has to be given back by one of its methods, once. */
    synchronized @Nullable Permit enter() {
        if (!mayEnter()) {
            return null;
        }
        if (state == State.OPEN) {
            become(State.HALF_OPEN);
        }
        probing = state == State.HALF_OPEN;
        probingSince = time.nanos();
        return new Permit(generation);
    }

    /** Whether a call would pass now. */
    synchronized boolean mayEnter() {
        return closedFor(time.nanos()).isZero() && !isProbing(time.nanos());
    }

    /** How long no call passes; zero when one may. While one call is sent to see, nobody knows: the first while. */
    synchronized Duration untilNext() {
        Duration closed = closedFor(time.nanos());
        return isProbing(time.nanos()) && closed.compareTo(settings.openFor()) < 0 ? settings.openFor() : closed;
    }

    /** A probe that is never told of, such as a stream that nobody closes, does not keep all others out for ever. */
    private boolean isProbing(long now) {
        return state == State.HALF_OPEN
                && probing
                && now - probingSince < settings.mostOpenFor().toNanos();
    }

    /** Whether it is closed only because the provider asked for a pause. */
    synchronized boolean isCoolingOnly() {
        return state == State.CLOSED && isCooling(time.nanos());
    }

    synchronized State state() {
        return state;
    }

    /** No call passes for this long. */
    synchronized void cool(Duration pause) {
        long until = time.nanos() + pause.toNanos();
        if (!cooling || until - coolUntil > 0) {
            coolUntil = until;
        }
        cooling = true;
    }

    private boolean isCooling(long now) {
        cooling = cooling && coolUntil - now > 0;
        return cooling;
    }

    private Duration closedFor(long now) {
        long open = state == State.OPEN ? Math.max(0, openUntil - now) : 0;
        long cool = isCooling(now) ? coolUntil - now : 0;
        return Duration.ofNanos(Math.max(open, cool));
    }

    private void become(State other) {
        state = other;
        generation++;
        probing = false;
        remembered = 0;
        next = 0;
        failures.clear();
    }

    private void open() {
        become(State.OPEN);
        openUntil = time.nanos() + openFor.toNanos();
        Duration doubled = openFor.multipliedBy(2);
        openFor = doubled.compareTo(settings.mostOpenFor()) < 0 ? doubled : settings.mostOpenFor();
    }

    private void remember(boolean failure) {
        failures.set(next, failure);
        next = (next + 1) % settings.calls();
        remembered = Math.min(remembered + 1, settings.calls());
        if (remembered == settings.calls() && failures.cardinality() >= settings.failureShare() * settings.calls()) {
            open();
        }
    }

    private synchronized void ended(int begunIn, @Nullable Boolean failure) {
        if (begunIn != generation) {
            return; // it began in another time: what it says is not about this one
        }
        if (state == State.HALF_OPEN) {
            probing = false;
            if (Boolean.TRUE.equals(failure)) {
                open();
            } else if (failure != null) {
                become(State.CLOSED);
                openFor = settings.openFor();
            }
        } else if (failure != null) {
            remember(failure);
        }
    }

    /** A call that was let pass. */
    final class Permit {
        private final int begunIn;

        private Permit(int begunIn) {
            this.begunIn = begunIn;
        }

        void succeeded() {
            ended(begunIn, false);
        }

        /** The call failed, which may be the deployment's fault or not. */
        void failed(LlmException failure) {
            if (failure instanceof CancelledException
                    || (failure instanceof RateLimitedException limited && limited.isOwnLimit())) {
                abandoned();
            } else if (failure instanceof RateLimitedException
                    && failure.details().retryAfter().isPresent()) {
                cool(failure.details().retryAfter().get());
                abandoned();
            } else if (OUT_OF_ORDER.contains(failure.getClass())) {
                broke();
            } else {
                succeeded(); // it works: it refused the request for what it is
            }
        }

        /** An error of the program: the deployment is of no use as it is. */
        void broke() {
            ended(begunIn, true);
        }

        /** It was given up: that says nothing. */
        void abandoned() {
            ended(begunIn, null);
        }
    }
}
