package dev.plinth.rag.answer;

import dev.plinth.rag.text.Analyzer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The words of a question that an answer should share: stems, without the words that only ask. */
final class QueryTerms {
    private static final Set<String> ASKING = Set.copyOf(Analyzer.english()
            .terms("what which who whom whose when where why how do does did can could would should may might have has"
                    + " had were been i you we he she me my your our us many much long often any some there about"
                    + " tell please explain describe name called"));

    private final Set<String> terms;

    QueryTerms(String question) {
        Set<String> content = new LinkedHashSet<>(Analyzer.english().terms(question));
        Set<String> all = Set.copyOf(content);
        content.removeAll(ASKING);
        this.terms = content.isEmpty() ? all : content;
    }

    /** The share of the question's words that the text has, 0 to 1. */
    double coverage(String text) {
        if (terms.isEmpty()) {
            return 0;
        }
        Set<String> found = new HashSet<>(Analyzer.english().terms(text));
        List<String> shared = terms.stream().filter(found::contains).toList();
        return (double) shared.size() / terms.size();
    }
}
