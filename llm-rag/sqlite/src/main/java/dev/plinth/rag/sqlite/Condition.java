package dev.plinth.rag.sqlite;

import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Filter.Operator;
import dev.plinth.rag.index.SortableBytes;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A filter as SQL over the table of facts. Everything that the filter names is a parameter. */
final class Condition {
    private final String row;
    private final String facts;
    private final List<Object> parameters = new ArrayList<>();
    private final String sql;

    /**
     * Makes SQL of a filter.
     *
     * @param row the column with the row of the chunk
     * @param facts the table
     */
    Condition(Filter filter, String row, String facts) {
        this.row = row;
        this.facts = facts;
        this.sql = sql(filter);
    }

    String sql() {
        return sql;
    }

    /** Sets its parameters, of which the first has this number, and returns the number behind the last. */
    int setOn(PreparedStatement statement, int first) throws SQLException {
        int next = first;
        for (Object parameter : parameters) {
            statement.setObject(next++, parameter);
        }
        return next;
    }

    private String sql(Filter filter) {
        if (filter instanceof Filter.All) {
            return "1";
        }
        if (filter instanceof Filter.And and) {
            return joined(" AND ", and.filters().stream().map(this::sql).toList());
        }
        if (filter instanceof Filter.Or or) {
            return any(or.filters());
        }
        if (filter instanceof Filter.Not not) {
            return "NOT " + sql(not.filter());
        }
        if (filter instanceof Filter.Exists exists) {
            parameters.add(SortableBytes.of(exists.field()));
            return rowsWith("field = ?");
        }
        return filter instanceof Filter.Compare compare && compare.operator() != Operator.EQ
                ? ordered(compare)
                : oneOf(facts(filter));
    }

    /** Conditions that are met by one of some facts become one, however many they are: such as those on readers. */
    private String any(List<Filter> filters) {
        List<String> conditions = new ArrayList<>();
        List<Fact> all = new ArrayList<>();
        for (Filter filter : filters) {
            List<Fact> own = facts(filter);
            all.addAll(own);
            if (own.isEmpty()) {
                conditions.add(sql(filter));
            }
        }
        if (!all.isEmpty()) {
            conditions.add(oneOf(all));
        }
        return joined(" OR ", conditions);
    }

    /** The facts of which a chunk that passes has one; empty if it cannot be said so. */
    private static List<Fact> facts(Filter filter) {
        if (filter instanceof Filter.Compare compare && compare.operator() == Operator.EQ) {
            return List.of(Fact.of(compare.field(), compare.value()));
        }
        if (filter instanceof Filter.In in) {
            return in.values().stream().map(value -> Fact.of(in.field(), value)).toList();
        }
        return filter instanceof Filter.Contains contains
                ? List.of(Fact.element(contains.field(), contains.text()))
                : List.of();
    }

    private String oneOf(List<Fact> wanted) {
        for (Fact fact : wanted) {
            Collections.addAll(parameters, fact.field(), fact.kind(), fact.value());
        }
        return rowsWith(
                wanted.size() == 1
                        ? "field = ? AND kind = ? AND value = ?"
                        : "(field, kind, value) IN (VALUES "
                                + String.join(", ", Collections.nCopies(wanted.size(), "(?, ?, ?)")) + ")");
    }

    private String ordered(Filter.Compare compare) {
        Fact bound = Fact.of(compare.field(), compare.value());
        Collections.addAll(parameters, bound.field(), bound.kind(), bound.value());
        String sign = switch (compare.operator()) {
            case EQ -> "=";
            case LT -> "<";
            case LE -> "<=";
            case GT -> ">";
            case GE -> ">=";
        };
        return rowsWith("field = ? AND kind = ? AND value " + sign + " ?");
    }

    private String rowsWith(String what) {
        return row + " IN (SELECT row FROM " + facts + " WHERE " + what + ")";
    }

    /** In halves, since SQLite takes no expression that is deeper than 1,000. */
    private static String joined(String operator, List<String> conditions) {
        int size = conditions.size();
        if (size == 1) {
            return conditions.get(0);
        }
        return "("
                + joined(operator, conditions.subList(0, size / 2))
                + operator
                + joined(operator, conditions.subList(size / 2, size))
                + ")";
    }
}
