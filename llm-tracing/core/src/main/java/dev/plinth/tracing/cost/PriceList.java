package dev.plinth.tracing.cost;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.PriceBook;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A list of prices with its day and its source: the one that is shipped, of public list prices, or a file of your own.
 *
 * <pre>{@code
 * PriceBook prices = PriceList.read(Path.of("prices.json")).orElse(PriceList.bundled());
 * Platform platform = Platform.builder().chat("support", openAi).layer(Pricing.by(prices)).build();
 * }</pre>
 *
 * <p>A model is found by a name that the list has for it, or, unless the list says otherwise, by its name with a day behind
 * it, such as {@code claude-haiku-4-5-20251001}. No other name is guessed at: {@code gpt-4.1-mini} is not
 * {@code gpt-4.1}.
 * The format is strict; its JSON Schema is {@code docs/formats/prices.schema.json}.
 *
 * <p>Immutable and thread-safe. A changed file is read as another list.
 */
public final class PriceList implements PriceBook {

    private static final String BUNDLED = "prices.json";

    /**
     * A price of the list.
     *
     * @param provider who serves the model
     * @param model its name
     * @param price what its tokens cost
     * @param source where the price comes from
     */
    public record Listed(String provider, String model, Price price, String source) {}

    /**
     * What the list says of a model.
     *
     * @param also its other names
     * @param dated whether its name with a day behind it means it, too
     */
    record Entry(Listed listed, List<String> also, boolean dated) {}

    private record Name(String provider, String model) {}

    private static final class Bundled {
        static final PriceList LIST = PriceListReader.read(resource(), BUNDLED);

        private static String resource() {
            try (InputStream in = PriceList.class.getResourceAsStream(BUNDLED)) {
                return new String(Check.notNull(in, BUNDLED).readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    private final LocalDate asOf;
    private final String source;
    private final List<Listed> prices;
    private final Map<Name, Entry> byName = new HashMap<>();

    PriceList(LocalDate asOf, String source, List<Entry> entries) {
        this.asOf = asOf;
        this.source = source;
        this.prices = entries.stream().map(Entry::listed).toList();
        for (Entry entry : entries) {
            String provider = entry.listed.provider();
            byName.put(new Name(provider, entry.listed.model()), entry);
            entry.also.forEach(name -> byName.put(new Name(provider, name), entry));
        }
    }

    /**
     * The list that is shipped: public list prices of text, in US dollars, of chat, embedding and rerank models that
     * Plinth's adapters call. Prices move: see {@link #asOf()}, and put your own list before it.
     */
    public static PriceList bundled() {
        return Bundled.LIST;
    }

    /**
     * Reads a list, UTF-8.
     *
     * @throws dev.plinth.api.error.InvalidFileException if it breaks the format, naming every place that does
     * @throws StoreException if the file cannot be read
     */
    public static PriceList read(Path file) {
        Path name = Check.notNull(file, "file").getFileName();
        try {
            return PriceListReader.read(Files.readString(file), name == null ? file.toString() : name.toString());
        } catch (IOException broken) {
            throw new StoreException(
                    "prices: " + file + " (expected: a readable UTF-8 file)", ErrorDetails.NONE, broken);
        }
    }

    /** The day of the list; a price may have another one. */
    public LocalDate asOf() {
        return asOf;
    }

    /** Where the list comes from; a price may have another source. */
    public String source() {
        return source;
    }

    /** All prices, in the order of the list. */
    public List<Listed> prices() {
        return prices;
    }

    /** What the list says of a model; the names are as in {@link #price}. */
    public Optional<Listed> find(String provider, String model) {
        return entry(provider, model).map(Entry::listed);
    }

    @Override
    public Optional<Price> price(String provider, String model) {
        return entry(provider, model).map(entry -> entry.listed.price());
    }

    private Optional<Entry> entry(String provider, String model) {
        Entry exact = byName.get(new Name(provider, model));
        if (exact != null) {
            return Optional.of(exact);
        }
        String plain = DatedName.withoutDay(model);
        return Optional.ofNullable(byName.get(new Name(provider, plain)))
                .filter(entry -> entry.dated && entry.listed.model().equals(plain));
    }

    @Override
    public String toString() {
        return "PriceList[" + prices.size() + " prices, " + asOf + ", " + source + "]";
    }
}
