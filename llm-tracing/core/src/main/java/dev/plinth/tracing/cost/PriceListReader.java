package dev.plinth.tracing.cost;

import dev.plinth.api.error.InvalidFileException;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Price.Rates;
import dev.plinth.tracing.cost.PriceList.Entry;
import dev.plinth.tracing.cost.PriceList.Listed;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a list of prices. Reads on after a mistake, to name them all. */
final class PriceListReader {

    private static final List<String> FILE_KEYS = List.of("asOf", "source", "currency", "prices");
    private static final List<String> RATES = List.of("input", "cachedInput", "cacheWrite", "longCacheWrite", "output");
    private static final List<String> LONG_KEYS = with("inputTokens");
    private static final List<String> TIER_KEYS = with("tier", "above");
    private static final List<String> BATCH_KEYS = with("above");
    private static final List<String> PRICE_KEYS =
            with("provider", "model", "also", "dated", "source", "asOf", "above", "tiers", "batch");
    private static final LocalDate NO_DAY = LocalDate.EPOCH;
    private static final Currency NO_CURRENCY = Currency.getInstance("XXX");

    private final List<String> problems;
    private final Set<List<String>> names = new HashSet<>();
    private Currency currency = NO_CURRENCY;

    private PriceListReader(List<String> problems) {
        this.problems = problems;
    }

    private static List<String> with(String... keys) {
        List<String> all = new ArrayList<>(List.of(keys));
        all.addAll(RATES);
        return List.copyOf(all);
    }

    /**
     * Reads the text of a file.
     *
     * @param file its name, for messages
     * @throws InvalidFileException if it breaks the format
     */
    static PriceList read(String text, String file) {
        List<String> problems = new ArrayList<>();
        PriceList list = new PriceListReader(problems).list(JsonFile.parse(text, file));
        if (list == null || !problems.isEmpty()) {
            throw new InvalidFileException(
                    problems.stream().map(problem -> file + ": " + problem).toList(), null);
        }
        return list;
    }

    private @Nullable PriceList list(Object root) {
        JsonEntry file = JsonEntry.of(root, "", problems, FILE_KEYS);
        if (file == null) {
            return null;
        }
        // What is missing here is a problem of its own: the prices are read all the same.
        LocalDate asOf = orElse(file.date("asOf"), NO_DAY);
        String source = orElse(source(file), "");
        currency = orElse(file.currency("currency"), currency);
        List<Entry> entries = new ArrayList<>();
        if (!file.has("prices")) {
            file.problem("prices", "missing", "a list");
        }
        for (JsonEntry price : file.entries("prices", PRICE_KEYS)) {
            Entry entry = entry(price, asOf, source);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return new PriceList(asOf, source, entries);
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private @Nullable Entry entry(JsonEntry entry, LocalDate listDay, String listSource) {
        String provider = entry.name("provider");
        String model = entry.name("model");
        List<String> also = entry.names("also");
        boolean dated = !entry.has("dated") || entry.flag("dated");
        String source = entry.has("source") ? source(entry) : listSource;
        LocalDate asOf = entry.has("asOf") ? entry.date("asOf") : listDay;
        Price.Builder price = price(entry, orElse(asOf, listDay));
        tiers(entry, price, orElse(asOf, listDay));
        JsonEntry batch = entry.entry("batch", BATCH_KEYS);
        Price.Builder batchPrice = batch == null ? null : price(batch, orElse(asOf, listDay));
        if (price != null && batchPrice != null) {
            price.batch(batchPrice.build());
        }
        if (provider == null || model == null || source == null || price == null) {
            return null;
        }
        unique(entry, "model", provider, model);
        also.forEach(name -> unique(entry, "also", provider, name));
        return new Entry(new Listed(provider, model, price.build(), source), also, dated);
    }

    private void unique(JsonEntry entry, String key, String provider, String name) {
        if (!names.add(List.of(provider, name))) {
            entry.problem(key, name, "a name no other price of this provider has");
        }
    }

    /** The rates of an object, for short calls and for long ones. */
    private Price.@Nullable Builder price(JsonEntry entry, LocalDate asOf) {
        Rates rates = rates(entry);
        Price.Builder price = rates == null ? null : Price.builder(rates, currency, asOf);
        Set<Integer> limits = new HashSet<>();
        for (JsonEntry item : entry.entries("above", LONG_KEYS)) {
            Integer limit = item.count("inputTokens");
            Rates longer = rates(item);
            if (limit != null && !limits.add(limit)) {
                item.problem("inputTokens", limit.toString(), "each limit once");
            } else if (price != null && limit != null && longer != null) {
                price.above(limit, longer);
            }
        }
        return price;
    }

    private void tiers(JsonEntry entry, Price.@Nullable Builder base, LocalDate asOf) {
        Set<String> tiers = new HashSet<>();
        for (JsonEntry item : entry.entries("tiers", TIER_KEYS)) {
            String tier = item.text("tier", PriceListReader::isTier, "a tier in lower case, without blanks");
            Price.Builder price = price(item, asOf);
            if (tier != null && !tiers.add(tier)) {
                item.problem("tier", tier, "each tier once");
            } else if (base != null && tier != null && price != null) {
                base.tier(tier, price.build());
            }
        }
    }

    private static boolean isTier(String text) {
        return !text.isEmpty()
                && text.chars().noneMatch(letter -> Character.isWhitespace(letter) || Character.isUpperCase(letter));
    }

    private static @Nullable Rates rates(JsonEntry entry) {
        BigDecimal input = entry.amount("input");
        BigDecimal cachedInput = entry.has("cachedInput") ? entry.amount("cachedInput") : null;
        BigDecimal cacheWrite = entry.has("cacheWrite") ? entry.amount("cacheWrite") : null;
        BigDecimal longCacheWrite = entry.has("longCacheWrite") ? entry.amount("longCacheWrite") : null;
        BigDecimal output = entry.amount("output");
        return input == null || output == null
                ? null
                : new Rates(input, cachedInput, cacheWrite, longCacheWrite, output);
    }

    private static @Nullable String source(JsonEntry entry) {
        return entry.text("source", text -> !text.isBlank(), "where the prices come from");
    }
}
