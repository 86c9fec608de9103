package dev.plinth.rag.text;

import dev.plinth.api.retrieval.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** What a chunk is found by. Everything that embeds or indexes chunks uses the same text. */
public final class SearchText {
    private SearchText() {}

    /**
     * The headings above the chunk, joined by {@code " > "}, a line feed, and its text; a heading that the text itself
     * begins with is left out.
     */
    public static String of(Chunk chunk) {
        List<String> headings = chunk.headings();
        int last = headings.size();
        if (last > 0 && startsWithHeading(chunk.text(), headings.get(last - 1))) {
            last--;
        }
        return last == 0 ? chunk.text() : String.join(" > ", headings.subList(0, last)) + "\n" + chunk.text();
    }

    /**
     * What a server is asked for that counts the words itself.
     *
     * @param words how many it takes; a query of more is cut down to the first ones that differ, lower-case
     */
    public static String query(String text, int words) {
        List<String> terms = Analyzer.plain().terms(text);
        return wellFormed(
                terms.size() <= words
                        ? text
                        : terms.stream().distinct().limit(words).collect(Collectors.joining(" ")));
    }

    /** The text as UTF-8 and JSON can carry it: a question mark for every surrogate without its other half. */
    public static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static boolean startsWithHeading(String text, String heading) {
        int start = 0;
        while (start < text.length() && (text.charAt(start) == '#' || text.charAt(start) == ' ')) {
            start++;
        }
        return text.startsWith(heading, start);
    }
}
