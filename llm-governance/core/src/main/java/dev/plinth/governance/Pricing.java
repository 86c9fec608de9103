package dev.plinth.governance;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Usage;
import dev.plinth.governance.ListedModel.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what answers cost. An answer that already states its cost keeps it. */
final class Pricing {

    private final Catalogue catalogue;

    Pricing(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    ChatResponse priced(ChatResponse response, ListedModel asked) {
        if (response.cost().isPresent()) {
            return response;
        }
        String provider = response.provider().orElse(asked.provider());
        String model = response.model().orElse(asked.model());
        Usage billed = response.cached() ? Usage.NONE : response.usage();
        Optional<Cost> cost = price(Kind.CHAT, provider, model, asked).flatMap(price -> price.of(billed));
        return cost.isEmpty() ? response : response.toBuilder().cost(cost.get()).build();
    }

    EmbeddingResponse priced(EmbeddingResponse response, ListedModel asked) {
        if (response.cost() != null) {
            return response;
        }
        Usage usage = response.usage();
        // Embeddings have no output, and many providers do not report a zero for it.
        Usage billed = Usage.builder()
                .input(usage.input().orElse(-1))
                .cachedInput(usage.cachedInput().orElse(-1))
                .cacheWrite(usage.cacheWrite().orElse(-1))
                .output(usage.output().orElse(0))
                .source(usage.source())
                .build();
        @Nullable
        Cost cost = price(Kind.EMBEDDING, asked.provider(), response.model(), asked)
                .flatMap(price -> price.of(billed))
                .orElse(null);
        return new EmbeddingResponse(response.vectors(), response.model(), usage, cost);
    }

    /**
     * The price of what answered. Providers answer with dated names that no catalogue lists: such an answer has the
     * price of what was asked, as long as the same provider gave it.
     */
    private Optional<Price> price(Kind kind, String provider, String model, ListedModel asked) {
        Optional<ListedModel> listed = catalogue.find(kind, provider, model);
        if (listed.isPresent()) {
            return listed.get().price();
        }
        return provider.equals(asked.provider()) ? asked.price() : Optional.empty();
    }
}
