package dev.plinth.api.layer;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.PriceBook;
import dev.plinth.api.usage.Usage;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says what one call and its attempts cost. What already states its cost keeps it. */
final class PricedCall {

    private final PriceBook book;
    private final boolean output;
    private final Optional<String> askedTier;
    private final Supplier<List<ModelInfo>> asked;

    private PricedCall(PriceBook book, boolean output, Optional<String> askedTier, Supplier<List<ModelInfo>> asked) {
        this.book = book;
        this.output = output;
        this.askedTier = askedTier;
        this.asked = asked;
    }

    /**
     * A call of a chat model.
     *
     * @param tier the tier of service that is asked for
     * @param asked the models that may answer; looked up when the answer does not say enough
     */
    static PricedCall chat(PriceBook book, Optional<String> tier, Supplier<List<ModelInfo>> asked) {
        return new PricedCall(book, true, tier, asked);
    }

    /** A call whose answer is no tokens: vectors or ranks. Many providers do not report a zero for it. */
    static PricedCall withoutOutput(PriceBook book, Supplier<List<ModelInfo>> asked) {
        return new PricedCall(book, false, Optional.empty(), asked);
    }

    /** The models that may answer a call which asks for this one: of several ends those that its rules let it go to. */
    static List<ModelInfo> mayAnswer(List<ModelInfo> ends, Optional<String> model, CallContext context) {
        return ends.stream()
                .map(end -> model.map(end::named).orElse(end))
                .filter(end ->
                        ends.size() == 1 || Admission.refusal(end, context).isEmpty())
                .toList();
    }

    /** The answer with its cost: that of all its attempts. */
    ChatResponse priced(ChatResponse response) {
        boolean clear = response.attempts().stream().filter(Attempt::succeeded).count() == 1;
        Answerer answerer = new Answerer(response.provider(), response.model(), tier(response));
        List<Attempt> attempts = priced(response.attempts(), clear ? answerer : null);
        Optional<Cost> cost = response.cost();
        if (cost.isEmpty()) {
            Usage billed = response.cached() ? Usage.NONE : response.usage();
            cost = areAll(attempts, response.usage())
                    ? Attempt.totalCost(attempts)
                    : cost(price(answerer.provider, answerer.model, asked), answerer.tier, billed);
        }
        return response.toBuilder().attempts(attempts).cost(cost.orElse(null)).build();
    }

    /** The vectors with their cost: that of all attempts, each of which may have brought some of them. */
    EmbeddingResponse priced(EmbeddingResponse response) {
        List<Attempt> attempts = attempts(response.attempts(), response.model());
        Cost cost = response.cost() == null ? cost(response.model(), response.usage(), attempts) : response.cost();
        return new EmbeddingResponse(response.vectors(), response.model(), response.usage(), cost, attempts);
    }

    /** The ranks with their cost: that of all attempts. */
    RerankResponse priced(RerankResponse response) {
        List<Attempt> attempts = attempts(response.attempts(), response.model());
        Cost cost = response.cost() == null ? cost(response.model(), response.usage(), attempts) : response.cost();
        return new RerankResponse(response.ranked(), response.model(), response.usage(), cost, attempts);
    }

    private List<Attempt> attempts(List<Attempt> attempts, String model) {
        return priced(attempts, new Answerer(Optional.empty(), Optional.of(model), Optional.empty()));
    }

    private @Nullable Cost cost(String model, Usage usage, List<Attempt> attempts) {
        Optional<Cost> cost = areAll(attempts, usage)
                ? Attempt.totalCost(attempts)
                : cost(price(Optional.empty(), Optional.of(model), asked), Optional.empty(), usage);
        return cost.orElse(null);
    }

    /** Whether these are all that was tried, so that the call costs as much as they do. */
    private static boolean areAll(List<Attempt> attempts, Usage usage) {
        return !attempts.isEmpty() && Attempt.addUp(attempts, usage);
    }

    /** Prices what was tried before the call failed. */
    LlmException priced(LlmException failure) {
        List<Attempt> attempts = failure.attempts();
        return attempts.isEmpty() ? failure : failure.setAttempts(priced(attempts, null));
    }

    /** Who says that it answered, and at which tier of service. */
    private record Answerer(Optional<String> provider, Optional<String> model, Optional<String> tier) {}

    /**
     * What answered has the price of who says it did.
     *
     * @param answerer null: nobody did, or it is not known which attempt it was
     */
    private List<Attempt> priced(List<Attempt> attempts, @Nullable Answerer answerer) {
        return attempts.stream()
                .map(attempt -> priced(attempt, attempt.succeeded() ? answerer : null))
                .toList();
    }

    private Attempt priced(Attempt attempt, @Nullable Answerer answerer) {
        if (attempt.cost() != null) {
            return attempt;
        }
        Optional<Price> price = answerer == null
                ? book.price(attempt.provider(), attempt.model())
                : price(
                        Optional.of(answerer.provider.orElse(attempt.provider())),
                        Optional.of(answerer.model.orElse(attempt.model())),
                        () -> List.of(ModelInfo.local(attempt.provider(), attempt.model())));
        Optional<String> tier = answerer == null ? askedTier : answerer.tier;
        return attempt.withCost(cost(price, tier, attempt.usage()).orElse(null));
    }

    private Optional<String> tier(ChatResponse response) {
        return response.serviceTier().or(() -> askedTier);
    }

    private Optional<Cost> cost(Optional<Price> price, Optional<String> tier, Usage usage) {
        Usage billed = output || usage.output().isPresent()
                ? usage
                : usage.toBuilder().output(0).build();
        return price.flatMap(base -> tier.map(base::at).orElse(price)).flatMap(found -> found.of(billed));
    }

    /**
     * The price of what says it answered; where the book does not list it, that of what may have. If several may have, it is
     * known only if it is one for all.
     */
    private Optional<Price> price(
            Optional<String> provider, Optional<String> model, Supplier<List<ModelInfo>> mayHave) {
        if (provider.isPresent() && model.isPresent() && book.lists(provider.get(), model.get())) {
            return book.price(provider.get(), model.get());
        }
        List<Optional<Price>> prices = mayHave.get().stream()
                .filter(each -> each.provider().equals(provider.orElse(each.provider())))
                .map(each -> model.filter(name -> book.lists(each.provider(), name))
                        .map(name -> book.price(each.provider(), name))
                        .orElseGet(() -> book.price(each.provider(), each.model())))
                .distinct()
                .toList();
        return prices.size() == 1 ? prices.get(0) : Optional.empty();
    }
}
