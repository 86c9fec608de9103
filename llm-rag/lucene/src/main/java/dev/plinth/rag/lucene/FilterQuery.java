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
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
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
        if (filter instanceof Filter.Not not) {
            return new BooleanQuery.Builder()
                    .add(new MatchAllDocsQuery(), Occur.FILTER)
                    .add(query(not.filter()), Occur.MUST_NOT)
                    .build();
        }
        conditions++;
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
        String field = compare.field();
        if (!TextBytes.isLong(text.text())) {
            return texts(field, compare.operator(), Facts.text(field, TextBytes.part(text.text())));
        }
        // Long texts that begin alike are sorted by their hashes: those are looked at one by one.
        BytesRef alike = Facts.text(field, TextBytes.cutStart(text.text()));
        conditions++;
        boolean below = compare.operator() == Operator.LT || compare.operator() == Operator.LE;
        return new BooleanQuery.Builder()
                .add(
                        texts(field, below ? Operator.LT : Operator.GT, below ? alike : TextBytes.after(alike)),
                        Occur.SHOULD)
                .add(new CheckedQuery(new PrefixQuery(new Term(Facts.TERMS, alike)), compare), Occur.SHOULD)
                .build();
    }

    private static Query texts(String field, Operator operator, BytesRef bound) {
        BytesRef first = Facts.text(field, new byte[0]);
        boolean included = operator == Operator.LE || operator == Operator.GE;
        return operator == Operator.LT || operator == Operator.LE
                ? new TermRangeQuery(Facts.TERMS, first, bound, true, included)
                : new TermRangeQuery(Facts.TERMS, bound, TextBytes.after(first), included, false);
    }
}
