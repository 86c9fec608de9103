package dev.plinth.api.tck;

import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Filter.Operator;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Random metadata and filters over few fields and few values, so that filters hit. The values are those that stores get
 * wrong: quotes, wildcards, empty texts, numbers at the edge of their type, U+0000, surrogates without their pair, and
 * texts that UTF-16 orders in another way than UTF-8.
 */
final class FilterCases {
    private static final List<String> FIELDS =
            List.of("team", "year", "price", "o'clock", "dot.ted", "$where", "naïve field", "say \"hi\"");
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "A",
            "b",
            "b'c",
            "100%",
            "under_score",
            "back\\slash",
            "日本語",
            "😀",
            "\uE000",
            "\uFFFF",
            "\uD83D",
            "\uDE00",
            "\u0000",
            "a\u0000",
            "null",
            "true",
            "5",
            "x; drop --");
    private static final long TWO_53 = 1L << 53;
    private static final List<Long> WHOLES =
            List.of(0L, 1L, -1L, 5L, 2024L, TWO_53, TWO_53 + 1, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE);
    private static final List<Double> DECIMALS =
            List.of(0.0, -0.0, 0.1, 0.5, 5.0, -1.5, (double) TWO_53, 0x1p63, 1e300, Double.MIN_VALUE);

    private final Random random;

    FilterCases(long seed) {
        this.random = new Random(seed);
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    Metadata metadata() {
        Metadata metadata = Metadata.NONE;
        for (String field : FIELDS) {
            if (random.nextInt(3) > 0) {
                metadata = metadata.with(field, value());
            }
        }
        return metadata;
    }

    private Value value() {
        return switch (random.nextInt(6)) {
            case 0, 1 -> Value.of(any(TEXTS));
            case 2 -> Value.of(any(WHOLES));
            case 3 -> Value.of(any(DECIMALS));
            case 4 -> Value.of(random.nextBoolean());
            default -> Value.of(texts());
        };
    }

    private Set<String> texts() {
        Set<String> texts = new HashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            texts.add(any(TEXTS));
        }
        return texts;
    }

    Filter filter() {
        return filter(3);
    }

    private Filter filter(int depth) {
        int kind = random.nextInt(depth == 0 ? 6 : 9);
        return switch (kind) {
            case 0, 1 -> new Filter.Compare(any(FIELDS), Operator.EQ, value());
            case 2 -> new Filter.Compare(any(FIELDS), any(List.of(Operator.values())), ordered());
            case 3 -> new Filter.In(any(FIELDS), List.of(value(), value(), value()));
            case 4 -> new Filter.Contains(any(FIELDS), any(TEXTS));
            case 5 -> new Filter.Exists(any(FIELDS));
            case 6 -> new Filter.And(some(depth));
            case 7 -> new Filter.Or(some(depth));
            default -> new Filter.Not(filter(depth - 1));
        };
    }

    private Value ordered() {
        return switch (random.nextInt(3)) {
            case 0 -> Value.of(any(TEXTS));
            case 1 -> Value.of(any(WHOLES));
            default -> Value.of(any(DECIMALS));
        };
    }

    private List<Filter> some(int depth) {
        List<Filter> filters = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            filters.add(random.nextInt(12) == 0 ? Filter.all() : filter(depth - 1));
        }
        return filters;
    }
}
