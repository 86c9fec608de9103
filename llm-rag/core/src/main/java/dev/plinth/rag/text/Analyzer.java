package dev.plinth.rag.text;

import java.util.List;

/**
 * Turns a text into the terms that lexical search counts and compares. Documents and queries must pass the same
 * analyzer.
 *
 * <p>Implementations are safe for use by several threads at once and give the same terms for the same text always.
 */
public interface Analyzer {
    /** A stable name, written into a saved index: terms made under another name are made anew on loading. */
    String name();

    /** The terms in the order of the text, repeated as often as they occur; empty when the text has none. */
    List<String> terms(String text);

    /**
     * Words cut at Unicode word borders, lower-case, without possessive 's and English stop words, stemmed after
     * Porter.
     */
    static Analyzer english() {
        return EnglishAnalyzer.INSTANCE;
    }

    /** Words cut at Unicode word borders and lower-cased, nothing more: for other languages and for identifiers. */
    static Analyzer plain() {
        return PlainAnalyzer.INSTANCE;
    }
}
