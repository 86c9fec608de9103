package dev.plinth.tracing.cost;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Step;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call on its way into the ledger. */
final class Booking implements ChatWatch, Step.Listener {

    private final CostLedger ledger;
    private final CallContext context;
    private final String operation;
    private final String provider;
    private final String model;
    private final boolean late;
    private volatile Step.@Nullable CacheLookup lookup;

    /**
     * @param provider who is asked
     * @param model what is asked for
     */
    Booking(CostLedger ledger, CallContext context, String operation, String provider, String model, boolean late) {
        this.ledger = ledger;
        this.context = context;
        this.operation = operation;
        this.provider = provider;
        this.model = model;
        this.late = late;
    }

    /** The context for what works on the call: what a cache saved is told to it. */
    CallContext carrying() {
        return context.toBuilder().attachment(Booking.class, this).build();
    }

    @Override
    public void ended(Step step) {
        if (step instanceof Step.CacheLookup look) {
            lookup = look;
        }
    }

    @Override
    public ChatRequest request(ChatRequest request) {
        return request.toBuilder().context(carrying()).build();
    }

    @Override
    public void done(ChatResponse response) {
        String answeredBy = response.provider().orElse(provider);
        String model = response.model().orElse(this.model);
        if (response.cached()) {
            book(answeredBy, model, saved());
            book(answeredBy, model, request(response.usage(), response.cost().orElse(null)));
            return;
        }
        book(answeredBy, model, Totals.ANSWERED);
        if (addUp(response.attempts(), response.usage(), response.cost())) {
            for (Attempt attempt : response.attempts()) {
                boolean answered = attempt.succeeded();
                book(
                        answered ? answeredBy : attempt.provider(),
                        answered ? model : attempt.model(),
                        request(attempt.usage(), attempt.cost()));
            }
        } else {
            book(answeredBy, model, request(response.usage(), response.cost().orElse(null)));
        }
    }

    /** A model answered that keeps no list of attempts. */
    void done(String answeredBy, Usage usage, @Nullable Cost cost) {
        book(provider, answeredBy, Totals.ANSWERED);
        book(provider, answeredBy, request(usage, cost));
    }

    @Override
    public void failed(Throwable failure) {
        book(provider, model, Totals.FAILED);
        if (!(failure instanceof LlmException known)) {
            book(provider, model, request(Usage.UNKNOWN, null));
            return;
        }
        for (Attempt attempt : known.attempts()) {
            book(attempt.provider(), attempt.model(), request(attempt.usage(), attempt.cost()));
        }
        if (!sum(known.attempts()).equals(known.partialUsage())) {
            // Something was used outside of the attempts, and nobody says how much of it.
            Usage rest = known.attempts().isEmpty() ? known.partialUsage() : Usage.UNKNOWN;
            book(provider, model, request(rest, null));
        }
    }

    @Override
    public void cancelled(@Nullable CancelledException told) {
        if (told == null) {
            book(provider, model, Totals.FAILED);
            book(provider, model, request(Usage.UNKNOWN, null));
        } else {
            failed(told);
        }
    }

    private Totals saved() {
        Step.CacheLookup look = lookup;
        return look == null
                ? Totals.cached(0, null)
                : Totals.cached(look.saved().total().orElse(0), look.savedCost());
    }

    /** Whether the attempts are all there was. */
    private static boolean addUp(List<Attempt> attempts, Usage usage, Optional<Cost> cost) {
        return !attempts.isEmpty()
                && sum(attempts).equals(usage)
                && Attempt.totalCost(attempts).equals(cost);
    }

    private static Usage sum(List<Attempt> attempts) {
        return attempts.stream().map(Attempt::usage).reduce(Usage.NONE, Usage::plus);
    }

    private Totals request(Usage usage, @Nullable Cost cost) {
        return Totals.request(usage, cost, late);
    }

    private void book(String provider, String model, Totals totals) {
        if (!totals.equals(Totals.NONE)) {
            ledger.book(CostLine.of(ledger.today(), context, operation, provider, model), totals);
        }
    }
}
