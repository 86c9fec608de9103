package dev.plinth.rag.lucene;

import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Filter.Operator;
import dev.plinth.api.retrieval.Value;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/** Makes a query of a filter, over what {@link Facts} wrote. Not thread-safe, for one filter. */
final class FilterQuery {
    /** Together with the words of a query this stays below the 1,024 clauses that Lucene allows. */
    private static final int MOST_CONDITIONS = 400;

    private int conditions;

    private FilterQuery() {}

    static Query of(Filter filter) {
        FilterQuery made = new FilterQuery();
        try {
            Query query = made.query(filter);
            if (made.conditions <= MOST_CONDITIONS) {
                return query;
            }
        } catch (IndexSearcher.TooManyClauses tooMany) {
            // the same as too many conditions
        }
        return new CheckedQuery(new TermQuery(new Term(Facts.TERMS, Facts.CHUNK)), filter);
    }

    private Query query(Filter filter) {
        if (filter instanceof Filter.And and) {
            return all(and.filters());
        }
        if (filter instanceof Filter.Or or) {
            return any(or.filters());
        }
        conditions++;
        if (filter instanceof Filter.Not not) {
            return new BooleanQuery.Builder()
                    .add(new MatchAllDocsQuery(), Occur.FILTER)
                    .add(query(not.filter()), Occur.MUST_NOT)
                    .build();
        }
        if (filter instanceof Filter.All) {
            return new MatchAllDocsQuery();
        }
        return filter instanceof Filter.Compare compare && compare.operator() != Operator.EQ
                ? ordered(compare)
                : oneOf(terms(filter));
    }

    private Query all(List<Filter> filters) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        filters.forEach(filter -> all.add(query(filter), Occur.FILTER));
        return all.build();
    }

    /** Conditions that are met by one of some terms become one, however many they are: such as those on readers. */
    private Query any(List<Filter> filters) {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        List<BytesRef> terms = new ArrayList<>();
        for (Filter filter : filters) {
            List<BytesRef> own = terms(filter);
            terms.addAll(own);
            if (own.isEmpty()) {
                any.add(query(filter), Occur.SHOULD);
            }
        }
        if (!terms.isEmpty()) {
            conditions++;
            any.add(oneOf(terms), Occur.SHOULD);
        }
        return any.build();
    }

    /** The terms of which a chunk that passes has one; empty if it cannot be said so. */
    private static List<BytesRef> terms(Filter filter) {
        if (filter instanceof Filter.Compare compare && compare.operator() == Operator.EQ) {
            return List.of(Facts.equal(compare.field(), compare.value()));
        }
        if (filter instanceof Filter.In in) {
            return in.values().stream()
                    .map(value -> Facts.equal(in.field(), value))
                    .toList();
        }
        if (filter instanceof Filter.Contains contains) {
            return List.of(Facts.contains(contains.field(), contains.text()));
        }
        return filter instanceof Filter.Exists exists ? List.of(Facts.exists(exists.field())) : List.of();
    }

    private static Query oneOf(List<BytesRef> terms) {
        return terms.size() == 1
                ? new TermQuery(new Term(Facts.TERMS, terms.get(0)))
                : new TermInSetQuery(Facts.TERMS, terms);
    }

    private Query ordered(Filter.Compare compare) {
        if (!(compare.value() instanceof Value.Text text)) {
            return Facts.numbers(compare.field(), compare.operator(), compare.value());
        }
        if (!TextBytes.isLong(text.text())) {
            BytesRef bound = Facts.text(compare.field(), TextBytes.part(text.text()));
            BytesRef next = TextBytes.justAfter(bound);
            return switch (compare.operator()) {
                case LT -> textsBelow(compare.field(), bound);
                case LE -> textsBelow(compare.field(), next);
                case GT -> textsFrom(compare.field(), next);
                case GE -> textsFrom(compare.field(), bound);
                case EQ -> new TermQuery(new Term(Facts.TERMS, bound));
            };
        }
        // Long texts that begin alike are sorted by their hashes: those are looked at one by one.
        conditions++;
        BytesRef alike = Facts.text(compare.field(), TextBytes.cutStart(text.text()));
        BytesRef afterAlike = TextBytes.after(alike);
        boolean below = compare.operator() == Operator.LT || compare.operator() == Operator.LE;
        return new BooleanQuery.Builder()
                .add(below ? textsBelow(compare.field(), alike) : textsFrom(compare.field(), afterAlike), Occur.SHOULD)
                .add(new CheckedQuery(new TermsBetween(alike, afterAlike), compare), Occur.SHOULD)
                .build();
    }

    private static Query textsBelow(String field, BytesRef bound) {
        return new TermsBetween(Facts.text(field, new byte[0]), bound);
    }

    private static Query textsFrom(String field, BytesRef bound) {
        return new TermsBetween(bound, TextBytes.after(Facts.text(field, new byte[0])));
    }
}
