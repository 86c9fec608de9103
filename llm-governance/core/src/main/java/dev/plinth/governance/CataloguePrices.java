package dev.plinth.governance;

import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.PriceBook;
import dev.plinth.governance.ListedModel.Kind;
import java.util.Optional;

/** The prices of a catalogue's models of one kind. */
record CataloguePrices(Catalogue catalogue, Kind kind) implements PriceBook {

    @Override
    public Optional<Price> price(String provider, String model) {
        return catalogue.find(kind, provider, model).flatMap(ListedModel::price);
    }

    @Override
    public boolean lists(String provider, String model) {
        return catalogue.find(kind, provider, model).isPresent();
    }
}
