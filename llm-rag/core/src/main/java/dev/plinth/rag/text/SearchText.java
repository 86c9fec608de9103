package dev.plinth.rag.text;

import dev.plinth.api.retrieval.Chunk;
import java.util.List;

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

    private static boolean startsWithHeading(String text, String heading) {
        int start = 0;
        while (start < text.length() && (text.charAt(start) == '#' || text.charAt(start) == ' ')) {
            start++;
        }
        return text.startsWith(heading, start);
    }
}
