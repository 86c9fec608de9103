package dev.plinth.governance;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Usage;
import dev.plinth.governance.ListedModel.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says what answers and attempts cost. What already states its cost keeps it. */
final class Pricing {

    private final Catalogue catalogue;

    Pricing(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * The answer with its cost: that of all its attempts, each at the price of its own model.
     *
     * @param asked the models that may have answered
     */
    ChatResponse priced(ChatResponse response, List<ListedModel> asked) {
        List<Attempt> attempts = attempts(response);
        Optional<Cost> cost = response.cost();
        if (cost.isEmpty()) {
            Usage billed = response.cached() ? Usage.NONE : response.usage();
            cost = attempts.isEmpty()
                    ? cost(Kind.CHAT, response.provider(), response.model(), asked, billed)
                    : Attempt.totalCost(attempts);
        }
        return response.toBuilder().attempts(attempts).cost(cost.orElse(null)).build();
    }

    /** The vectors with their cost. */
    EmbeddingResponse priced(EmbeddingResponse response, List<ListedModel> asked) {
        if (response.cost() != null) {
            return response;
        }
        Optional<String> model = Optional.of(response.model());
        Optional<Cost> cost = cost(Kind.EMBEDDING, Optional.empty(), model, asked, response.usage());
        return new EmbeddingResponse(response.vectors(), response.model(), response.usage(), cost.orElse(null));
    }

    /** Prices what was tried before the call failed. */
    LlmException priced(LlmException failure, Kind kind) {
        List<Attempt> attempts = failure.attempts();
        return attempts.isEmpty()
                ? failure
                : failure.setAttempts(attempts.stream()
                        .map(attempt -> priced(attempt, kind, attempt.provider(), attempt.model()))
                        .toList());
    }

    /** The attempt that answered has the price of what says it did. */
    private List<Attempt> attempts(ChatResponse response) {
        List<Attempt> attempts = response.attempts();
        boolean clear = attempts.stream().filter(Attempt::succeeded).count() == 1;
        return attempts.stream()
                .map(attempt -> clear && attempt.succeeded()
                        ? priced(
                                attempt,
                                Kind.CHAT,
                                response.provider().orElse(attempt.provider()),
                                response.model().orElse(attempt.model()))
                        : priced(attempt, Kind.CHAT, attempt.provider(), attempt.model()))
                .toList();
    }

    private Attempt priced(Attempt attempt, Kind kind, String provider, String model) {
        if (attempt.cost() != null) {
            return attempt;
        }
        List<ListedModel> asked = catalogue.find(kind, attempt.provider(), attempt.model()).stream()
                .toList();
        return attempt.withCost(cost(kind, Optional.of(provider), Optional.of(model), asked, attempt.usage())
                .orElse(null));
    }

    private Optional<Cost> cost(
            Kind kind, Optional<String> provider, Optional<String> model, List<ListedModel> asked, Usage usage) {
        return price(kind, provider, model, asked).flatMap(price -> price.of(billed(kind, usage)));
    }

    /** Embeddings have no output, and many providers do not report a zero for it. */
    private static Usage billed(Kind kind, Usage usage) {
        if (kind != Kind.EMBEDDING || usage.output().isPresent()) {
            return usage;
        }
        return Usage.builder()
                .input(usage.input().orElse(-1))
                .cachedInput(usage.cachedInput().orElse(-1))
                .cacheWrite(usage.cacheWrite().orElse(-1))
                .output(0)
                .source(usage.source())
                .build();
    }

    /**
     * The price of what answered. Providers answer with dated names that no catalogue lists: such an answer has the
     * price of what was asked, as long as the same provider gave it, and as that is one price.
     */
    private Optional<Price> price(
            Kind kind, Optional<String> provider, Optional<String> model, List<ListedModel> asked) {
        Stream<String> providers = provider.map(Stream::of)
                .orElseGet(() -> asked.stream().map(ListedModel::provider).distinct());
        List<ListedModel> answered = providers
                .flatMap(each -> model.flatMap(name -> catalogue.find(kind, each, name)).stream())
                .toList();
        if (answered.isEmpty()) {
            answered = asked.stream()
                    .filter(each -> each.provider().equals(provider.orElse(each.provider())))
                    .toList();
        }
        List<Optional<Price>> prices =
                answered.stream().map(ListedModel::price).distinct().toList();
        return prices.size() == 1 ? prices.get(0) : Optional.empty();
    }
}
