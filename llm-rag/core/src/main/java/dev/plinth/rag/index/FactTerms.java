package dev.plinth.rag.index;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Filter.Operator;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.text.Sha256;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Metadata as terms: one says that a field is there, one what it is equal to, and one for each text of a set. For those
 * who write a store over a server that finds whole terms, and terms between two others: a {@link Filter} then needs no
 * field of its own for each field of the metadata, whose names may be anything and many, and means what it says, numbers
 * to the last digit.
 *
 * <p>Terms are made of letters and digits (ASCII), so that no query language sees anything else in them, and have at most
 * 8,700 of them. They sort as what they stand for.
 */
public final class FactTerms {
    private static final int LONGEST_FIELD = 200;
    private static final int LONGEST_TEXT = 4_000;

    private FactTerms() {}

    /**
     * Terms from one to another.
     *
     * @param from the first
     * @param until behind the last
     */
    public record Range(String from, String until) {}

    /** The terms of these facts. */
    public static Set<String> of(Metadata metadata) {
        Set<String> terms = new TreeSet<>();
        for (Map.Entry<String, Value> fact : metadata.values().entrySet()) {
            terms.add(exists(fact.getKey()));
            terms.add(equal(fact.getKey(), fact.getValue()));
            if (fact.getValue() instanceof Value.Texts texts) {
                texts.texts().forEach(text -> terms.add(contains(fact.getKey(), text)));
            }
        }
        return terms;
    }

    /** The terms of which a chunk that passes has one; empty if it cannot be said so. */
    public static Optional<Set<String>> anyOf(Filter filter) {
        Set<String> terms = new TreeSet<>();
        return addTo(terms, filter) ? Optional.of(terms) : Optional.empty();
    }

    private static boolean addTo(Set<String> terms, Filter filter) {
        if (filter instanceof Filter.Or or) {
            return or.filters().stream().allMatch(each -> addTo(terms, each));
        }
        if (filter instanceof Filter.Compare compare && compare.operator() == Operator.EQ) {
            terms.add(equal(compare.field(), compare.value()));
        } else if (filter instanceof Filter.In in) {
            in.values().forEach(value -> terms.add(equal(in.field(), value)));
        } else if (filter instanceof Filter.Contains contains) {
            terms.add(contains(contains.field(), contains.text()));
        } else if (filter instanceof Filter.Exists exists) {
            terms.add(exists(exists.field()));
        } else {
            return false;
        }
        return true;
    }

    /**
     * The terms of which a chunk that passes has one.
     *
     * @throws IllegalArgumentException if the value is a text of more than 1,333 characters, which might not be told from
     *     others that begin alike
     */
    public static Range between(Filter.Compare compare) {
        if (compare.value() instanceof Value.Text text) {
            int bytes = SortableBytes.of(text.text()).length;
            Check.that(bytes <= LONGEST_TEXT, "value", bytes + " bytes", "<= " + LONGEST_TEXT + " to be compared with");
        }
        String bound = equal(compare.field(), compare.value());
        String behind = bound + "0"; // the next term that can be
        String all = bound.charAt(0) + field(compare.field());
        return switch (compare.operator()) {
            case EQ -> new Range(bound, behind);
            case LT -> new Range(all + "x", bound);
            case LE -> new Range(all + "x", behind);
            case GT -> new Range(behind, all + "y");
            case GE -> new Range(bound, all + "y");
        };
    }

    /** A text as a term that sorts as the text does; one of more than 4,000 bytes, as it begins. */
    public static String of(String text) {
        byte[] bytes = SortableBytes.of(text);
        return bytes.length <= LONGEST_TEXT
                ? HexFormat.of().formatHex(bytes)
                : HexFormat.of().formatHex(Arrays.copyOf(bytes, LONGEST_TEXT)) + "z" + Sha256.of(bytes);
    }

    private static String exists(String field) {
        return "E" + field(field);
    }

    private static String contains(String field, String text) {
        return "C" + field(field) + "x" + of(text);
    }

    private static String equal(String field, Value value) {
        String name = field(field);
        if (value instanceof Value.Text text) {
            return "T" + name + "x" + of(text.text());
        }
        if (value instanceof Value.Flag flag) {
            return "F" + name + "x" + (flag.on() ? "1" : "0");
        }
        if (value instanceof Value.Texts texts) {
            StringBuilder all = new StringBuilder();
            new TreeSet<>(texts.texts()).forEach(text -> all.append(of(text)).append('x'));
            return "S" + name + "x" + Sha256.of(SortableBytes.of(all.toString()));
        }
        return "N" + name + "x" + HexFormat.of().formatHex(SortableBytes.ofNumber(value));
    }

    private static String field(String name) {
        byte[] bytes = SortableBytes.of(name);
        return bytes.length <= LONGEST_FIELD ? HexFormat.of().formatHex(bytes) : "z" + Sha256.of(bytes);
    }
}
