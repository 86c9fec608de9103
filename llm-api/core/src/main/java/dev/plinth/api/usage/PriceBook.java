package dev.plinth.api.usage;

import dev.plinth.api.check.Check;
import java.util.Optional;

/**
 * Knows prices: a list that is shipped or read from a file, a catalogue, or code.
 *
 * <p>Thread-safe; answers without a call.
 */
@FunctionalInterface
public interface PriceBook {

    /**
     * The price of a model's tokens; empty: not known.
     *
     * @param provider who serves it, as in {@link dev.plinth.api.model.ModelInfo#provider()}
     * @param model in the provider's words, as it is asked for or as an answer names it
     */
    Optional<Price> price(String provider, String model);

    /** Whether this book knows the model, be it without a price: then the price of another model is none for it. */
    default boolean lists(String provider, String model) {
        return price(provider, model).isPresent();
    }

    /** This book; for models whose price it does not know, the other one. */
    default PriceBook orElse(PriceBook other) {
        PriceBook first = this;
        Check.notNull(other, "other");
        return new PriceBook() {
            @Override
            public Optional<Price> price(String provider, String model) {
                return first.price(provider, model).or(() -> other.price(provider, model));
            }

            @Override
            public boolean lists(String provider, String model) {
                return first.lists(provider, model) || other.lists(provider, model);
            }
        };
    }
}
