package dev.plinth.rag.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words in lower case. */
final class PlainAnalyzer implements Analyzer {
    static final PlainAnalyzer INSTANCE = new PlainAnalyzer();

    private PlainAnalyzer() {}

    @Override
    public String name() {
        return "plain-1";
    }

    @Override
    public List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        Words.forEach(text, (start, end) -> terms.add(text.substring(start, end).toLowerCase(Locale.ROOT)));
        return terms;
    }
}
