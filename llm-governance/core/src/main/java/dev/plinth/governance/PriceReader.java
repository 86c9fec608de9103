package dev.plinth.governance;

import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Price.Rates;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the price of a model. What is wrong goes to the {@link Problems}, and the price is null then. */
final class PriceReader {

    private static final List<String> RATES = List.of("input", "cachedInput", "cacheWrite", "longCacheWrite", "output");
    private static final List<String> BATCH_KEYS = with("above");
    private static final List<String> TIER_KEYS = with("tier", "above");
    private static final List<String> LONG_KEYS = with("inputTokens");
    private static final List<String> KEYS = with("currency", "asOf", "above", "tiers", "batch");

    private final Problems problems;
    private final boolean withoutOutput;

    /** @param withoutOutput whether a price may be silent about output, which is none then */
    PriceReader(Problems problems, boolean withoutOutput) {
        this.problems = problems;
        this.withoutOutput = withoutOutput;
    }

    private static List<String> with(String... keys) {
        List<String> all = new ArrayList<>(RATES);
        all.addAll(List.of(keys));
        return List.copyOf(all);
    }

    /** The price at {@code key} of an entry. */
    @Nullable
    Price read(YamlMapping entry, String key) {
        Node node = entry.required(key);
        YamlMapping price = node == null ? null : YamlMapping.of(node, entry.at(key), problems, KEYS);
        if (price == null) {
            return null;
        }
        Rates rates = rates(price);
        Currency currency = price.read("currency", "an ISO 4217 code, such as USD", PriceReader::currency);
        LocalDate asOf = price.read("asOf", "a date, such as 2026-11-01", PriceReader::date);
        Price.Builder builder =
                rates == null || currency == null || asOf == null ? null : Price.builder(rates, currency, asOf);
        above(price, builder);
        tiers(price, builder, currency, asOf);
        if (price.has("batch")) {
            YamlMapping batch = mapping(price.required("batch"), price.at("batch"), BATCH_KEYS);
            Price read = batch == null ? null : variant(batch, currency, asOf);
            if (builder != null && read != null) {
                builder.batch(read);
            }
        }
        return builder == null ? null : builder.build();
    }

    private @Nullable Rates rates(YamlMapping price) {
        BigDecimal input = price.amount("input");
        BigDecimal cachedInput = price.has("cachedInput") ? price.amount("cachedInput") : null;
        BigDecimal cacheWrite = price.has("cacheWrite") ? price.amount("cacheWrite") : null;
        BigDecimal longCacheWrite = price.has("longCacheWrite") ? price.amount("longCacheWrite") : null;
        BigDecimal output = withoutOutput && !price.has("output") ? BigDecimal.ZERO : price.amount("output");
        return input == null || output == null
                ? null
                : new Rates(input, cachedInput, cacheWrite, longCacheWrite, output);
    }

    /** A price within a price: of the same currency and day. */
    private @Nullable Price variant(YamlMapping price, @Nullable Currency currency, @Nullable LocalDate asOf) {
        Rates rates = rates(price);
        Price.Builder builder =
                rates == null || currency == null || asOf == null ? null : Price.builder(rates, currency, asOf);
        above(price, builder);
        return builder == null ? null : builder.build();
    }

    private void above(YamlMapping price, Price.@Nullable Builder builder) {
        Set<Integer> limits = new HashSet<>();
        for (YamlMapping item : items(price, "above", LONG_KEYS)) {
            Integer limit = item.count("inputTokens");
            Rates rates = rates(item);
            if (limit != null && !limits.add(limit)) {
                problems.add(item.node(), item.at("inputTokens"), limit.toString(), "each limit once");
            } else if (builder != null && limit != null && rates != null) {
                builder.above(limit, rates);
            }
        }
    }

    private void tiers(
            YamlMapping price, Price.@Nullable Builder builder, @Nullable Currency currency, @Nullable LocalDate asOf) {
        Set<String> names = new HashSet<>();
        for (YamlMapping item : items(price, "tiers", TIER_KEYS)) {
            String tier = item.text("tier", PriceReader::isTier, "a tier in lower case, without blanks");
            Price read = variant(item, currency, asOf);
            if (tier != null && !names.add(tier)) {
                problems.add(item.node(), item.at("tier"), tier, "each tier once");
            } else if (builder != null && tier != null && read != null) {
                builder.tier(tier, read);
            }
        }
    }

    private static boolean isTier(String text) {
        return !text.isEmpty()
                && text.chars().noneMatch(letter -> Character.isWhitespace(letter) || Character.isUpperCase(letter));
    }

    private List<YamlMapping> items(YamlMapping price, String key, List<String> keys) {
        List<YamlMapping> items = new ArrayList<>();
        List<Node> nodes = price.has(key) ? price.list(key) : List.of();
        for (int i = 0; i < nodes.size(); i++) {
            YamlMapping item = mapping(nodes.get(i), price.at(key) + "[" + i + "]", keys);
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    private @Nullable YamlMapping mapping(@Nullable Node node, String path, List<String> keys) {
        return node == null ? null : YamlMapping.of(node, path, problems, keys);
    }

    private static @Nullable Currency currency(ScalarNode scalar) {
        try {
            return Currency.getInstance(scalar.getValue());
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }

    private static @Nullable LocalDate date(ScalarNode scalar) {
        try {
            return LocalDate.parse(scalar.getValue());
        } catch (DateTimeParseException broken) {
            return null;
        }
    }
}
