package dev.plinth.governance;

import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.PriceBook;
import dev.plinth.governance.ListedModel.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The prices of a catalogue's models of some kinds. A name that stands for several models has the price that all have. */
record CataloguePrices(Catalogue catalogue, Set<Kind> kinds) implements PriceBook {

    @Override
    public Optional<Price> price(String provider, String model) {
        List<Optional<Price>> prices = kinds.stream()
                .flatMap(kind -> catalogue.find(kind, provider, model).stream())
                .map(ListedModel::price)
                .distinct()
                .toList();
        return prices.size() == 1 ? prices.get(0) : Optional.empty();
    }

    @Override
    public boolean lists(String provider, String model) {
        return kinds.stream()
                .anyMatch(kind -> catalogue.find(kind, provider, model).isPresent());
    }
}
