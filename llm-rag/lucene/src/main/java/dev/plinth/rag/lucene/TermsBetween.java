package dev.plinth.rag.lucene;

import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.index.FilteredTermsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.util.AttributeSource;
import org.apache.lucene.util.BytesRef;

/** Chunks with a term in a range. Lucene's own queries make an automaton of the bounds, which must be short for that. */
final class TermsBetween extends MultiTermQuery {
    private final BytesRef from;
    private final BytesRef below;

    TermsBetween(BytesRef from, BytesRef below) {
        super(Facts.TERMS, CONSTANT_SCORE_BLENDED_REWRITE);
        this.from = from;
        this.below = below;
    }

    @Override
    protected TermsEnum getTermsEnum(Terms terms, AttributeSource attributes) throws IOException {
        return new Between(terms.iterator(), from, below);
    }

    private static final class Between extends FilteredTermsEnum {
        private final BytesRef below;

        Between(TermsEnum terms, BytesRef from, BytesRef below) {
            super(terms);
            this.below = below;
            setInitialSeekTerm(from);
        }

        @Override
        protected AcceptStatus accept(BytesRef term) {
            return term.compareTo(below) < 0 ? AcceptStatus.YES : AcceptStatus.END;
        }
    }

    @Override
    public void visit(QueryVisitor visitor) {
        visitor.visitLeaf(this);
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof TermsBetween that
                && from.equals(that.from)
                && below.equals(that.below);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), from, below);
    }

    @Override
    public String toString(String field) {
        return "TermsBetween[" + from + " to " + below + "]";
    }
}
