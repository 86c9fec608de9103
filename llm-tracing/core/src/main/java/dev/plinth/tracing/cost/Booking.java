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

    static final String CHAT = "chat";

    private final CostLedger ledger;
    private final CallContext context;
    private final String operation;
    private final String provider;
    private final String model;
    private final boolean late;
    private final @Nullable Booking around; // of another ledger, which is told what this one is told
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
        this.around = context.attachment(Booking.class)
                .filter(other -> other.ledger != ledger)
                .orElse(null);
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
        if (around != null) {
            around.ended(step);
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
            boolean one =
                    response.attempts().stream().filter(Attempt::succeeded).count() == 1;
            for (Attempt attempt : response.attempts()) {
                boolean named = one && attempt.succeeded(); // of several rounds the answer names the last one only
                book(
                        named ? answeredBy : attempt.provider(),
                        named ? model : attempt.model(),
                        request(attempt.usage(), attempt.cost()));
            }
        } else {
            book(answeredBy, model, request(response.usage(), response.cost().orElse(null)));
        }
    }

    /** Vectors or ranks came, of all who were tried: the call is counted where it ended. */
    void done(String model, Usage usage, @Nullable Cost cost, List<Attempt> attempts) {
        String answeredBy = attempts.stream()
                .filter(Attempt::succeeded)
                .map(Attempt::provider)
                .reduce(provider, (before, last) -> last);
        book(answeredBy, model, Totals.ANSWERED);
        if (addUp(attempts, usage, Optional.ofNullable(cost))) {
            for (Attempt attempt : attempts) {
                book(
                        attempt.provider(),
                        attempt.succeeded() ? model : attempt.model(),
                        request(attempt.usage(), attempt.cost()));
            }
        } else {
            book(answeredBy, model, request(usage, cost));
        }
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
        if (Attempt.leavesOut(known.attempts(), known.partialUsage())) {
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
                && Attempt.addUp(attempts, usage)
                && Attempt.totalCost(attempts).equals(cost);
    }

    private Totals request(Usage usage, @Nullable Cost cost) {
        return Totals.request(operation.equals(CHAT) ? usage : withoutOutput(usage), cost, late);
    }

    /** What has no output reports none, and that is all of it. */
    private static Usage withoutOutput(Usage usage) {
        return usage.output().isPresent() ? usage : usage.toBuilder().output(0).build();
    }

    private void book(String provider, String model, Totals totals) {
        if (!totals.equals(Totals.NONE)) {
            ledger.book(CostLine.of(ledger.today(), context, operation, provider, model), totals);
        }
    }
}
