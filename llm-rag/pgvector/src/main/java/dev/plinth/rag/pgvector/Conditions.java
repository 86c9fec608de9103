package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Filters as conditions on the column {@code metadata}. Each is true or false, never null. What can be said as
 * containment is, since the index on the column serves it.
 */
final class Conditions {
    private static final String TRUE = "TRUE";

    private Conditions() {}

    static Sql of(Filter filter) {
        List<String> facts = facts(filter);
        if (facts != null) {
            return contains(facts);
        }
        if (filter instanceof Filter.Compare compare) {
            return compare(compare);
        }
        if (filter instanceof Filter.In in) {
            List<Filter> either = new ArrayList<>();
            in.values().forEach(value -> either.add(new Filter.Compare(in.field(), Filter.Operator.EQ, value)));
            return joined(either, " OR ");
        }
        if (filter instanceof Filter.Exists exists) {
            return Sql.of("jsonb_exists(metadata, ?::text)", PgText.ordered(exists.field()));
        }
        if (filter instanceof Filter.And and) {
            return joined(and.filters(), " AND ");
        }
        if (filter instanceof Filter.Or or) {
            return joined(or.filters(), " OR ");
        }
        return filter instanceof Filter.Not not
                ? Sql.of("(NOT ").add(of(not.filter())).add(")")
                : Sql.of(TRUE);
    }

    /** The objects of which metadata must contain one, if that is what the filter says. */
    private static @Nullable List<String> facts(Filter filter) {
        if (filter instanceof Filter.Compare compare) {
            boolean contained = compare.operator() == Filter.Operator.EQ && !(compare.value() instanceof Value.Texts);
            return contained ? List.of(MetadataJson.fact(compare.field(), compare.value())) : null;
        }
        if (filter instanceof Filter.Contains contains) {
            return List.of(MetadataJson.fact(contains.field(), Value.of(Set.of(contains.text()))));
        }
        List<String> all = new ArrayList<>();
        if (filter instanceof Filter.In in) {
            for (Value value : in.values()) {
                if (value instanceof Value.Texts) {
                    return null;
                }
                all.add(MetadataJson.fact(in.field(), value));
            }
            return all;
        }
        if (filter instanceof Filter.Or or) {
            for (Filter each : or.filters()) {
                List<String> some = facts(each);
                if (some == null) {
                    return null;
                }
                all.addAll(some);
            }
            return all;
        }
        return null;
    }

    private static Sql contains(List<String> facts) {
        return facts.size() == 1
                ? Sql.of("metadata @> ?::jsonb", facts.get(0))
                : Sql.of("metadata @> ANY (?::text[]::jsonb[])", (Object) facts.toArray(String[]::new));
    }

    /** What containment does not say: an order, or that two sets are the same. */
    private static Sql compare(Filter.Compare compare) {
        String field = PgText.ordered(compare.field());
        Value value = compare.value();
        if (value instanceof Value.Texts) {
            return Sql.of("COALESCE(metadata -> ?::text = ?::jsonb, FALSE)", field, MetadataJson.of(value));
        }
        String operator = operator(compare.operator());
        if (value instanceof Value.Text text) {
            return Sql.of(
                    "(CASE jsonb_typeof(metadata -> ?::text) WHEN 'string' THEN (metadata ->> ?::text) COLLATE \"C\" "
                            + operator + " ?::text ELSE FALSE END)",
                    field,
                    field,
                    PgText.ordered(text.text()));
        }
        return Sql.of(
                "(CASE jsonb_typeof(metadata -> ?::text) WHEN 'number' THEN (metadata -> ?::text)::numeric " + operator
                        + " ?::numeric ELSE FALSE END)",
                field,
                field,
                value.exact());
    }

    private static String operator(Filter.Operator operator) {
        return switch (operator) {
            case EQ -> "=";
            case LT -> "<";
            case LE -> "<=";
            case GT -> ">";
            case GE -> ">=";
        };
    }

    private static Sql joined(List<Filter> filters, String word) {
        Sql all = Sql.of("(");
        for (int i = 0; i < filters.size(); i++) {
            all.add(i == 0 ? "" : word).add(of(filters.get(i)));
        }
        return all.add(")");
    }
}
