package dev.plinth.rag.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The chain usual for English: words, possessive, lower case, stop words, Porter stems. */
final class EnglishAnalyzer implements Analyzer {
    static final EnglishAnalyzer INSTANCE = new EnglishAnalyzer();

    /** Words so frequent that they tell nothing about a passage. */
    private static final Set<String> STOP_WORDS = Set.of(
            "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not",
            "of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was",
            "will", "with");

    private EnglishAnalyzer() {}

    @Override
    public String name() {
        return "english-1";
    }

    @Override
    public List<String> terms(String text) {
        List<String> terms = new ArrayList<>(text.length() / 8 + 1);
        Words.forEach(text, (start, end) -> {
            String word = withoutPossessive(text.substring(start, end).toLowerCase(Locale.ROOT));
            if (!STOP_WORDS.contains(word)) {
                terms.add(PorterStemmer.stem(word));
            }
        });
        return terms;
    }

    private static String withoutPossessive(String word) {
        int end = word.length() - 2;
        return end > 0 && word.charAt(end + 1) == 's' && Words.isApostrophe(word.charAt(end))
                ? word.substring(0, end)
                : word;
    }
}
