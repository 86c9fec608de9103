package dev.plinth.rag.sqlite;

import dev.plinth.rag.index.SortableBytes;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Words that an analyzer made, written so that SQLite splits and compares them as they are: it only sees letters from a
 * to z, digits, and for all others their bytes in hexadecimal behind an underscore.
 */
final class Words {
    /** The tokenizer that fits. */
    static final String TOKENIZER = "ascii tokenchars '_'";

    private Words() {}

    static String text(List<String> words) {
        return words.stream().map(Words::token).collect(Collectors.joining(" "));
    }

    /** A query for what has one of these words. */
    static String query(List<String> words) {
        return words.stream().map(word -> '"' + token(word) + '"').collect(Collectors.joining(" OR "));
    }

    private static String token(String word) {
        boolean plain = word.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9');
        return plain ? word : "_" + HexFormat.of().formatHex(SortableBytes.of(word));
    }
}
