package dev.plinth.rag.index;

import dev.plinth.api.check.Check;
import java.util.HexFormat;

/**
 * The names in a ledger, of sources and of documents, as terms of letters and digits that tell the name again. For those
 * who write a ledger over a server that finds whole terms.
 */
public final class LedgerTerms {
    private static final int LONGEST_SOURCE = 1_000;

    private LedgerTerms() {}

    /**
     * The term of a source.
     *
     * @throws IllegalArgumentException if its name is blank or has more than 1,000 characters, so that the term might be
     *     longer than a server takes
     */
    public static String ofSource(String source) {
        Check.notBlank(source, "source");
        Check.that(source.length() <= LONGEST_SOURCE, "source.length", source.length(), "<= " + LONGEST_SOURCE);
        return of(source);
    }

    /** The term of any name; it is at most six times as long. */
    public static String of(String name) {
        return HexFormat.of().formatHex(SortableBytes.of(name));
    }

    /** The name that this is the term of. */
    public static String name(String term) {
        return SortableBytes.text(HexFormat.of().parseHex(term));
    }
}
