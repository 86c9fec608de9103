package dev.plinth.providers.onnx;

import java.util.Map;
import java.util.stream.Collectors;

/** A WordPiece vocabulary: cuts one word into its longest known pieces, from the left. */
final class WordPieces {

    private final Map<String, Integer> first;
    private final Map<String, Integer> following;
    private final int unknown;
    private final int longestWord;
    private final int longestPiece;

    /**
     * @param prefix what marks a piece inside a word in the vocabulary, such as {@code ##}
     * @param longestWord in code points; a longer word is unknown as a whole
     */
    WordPieces(Map<String, Integer> vocabulary, String unknownToken, String prefix, int longestWord) {
        Integer unknownId = vocabulary.get(unknownToken);
        if (unknownId == null) {
            throw new IllegalArgumentException(
                    "unk_token: '" + unknownToken + "' (expected: an entry of the vocabulary)");
        }
        this.first = vocabulary;
        this.following = withoutPrefix(vocabulary, prefix);
        this.unknown = unknownId;
        this.longestWord = longestWord;
        this.longestPiece =
                vocabulary.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    /** Appends the ids of the word, or the one id for an unknown word if any part of it has no piece. */
    void append(String word, TokenIds ids) {
        if (word.length() > longestWord && word.codePointCount(0, word.length()) > longestWord) {
            ids.add(unknown);
            return;
        }
        int before = ids.size();
        int start = 0;
        while (start < word.length()) {
            Map<String, Integer> pieces = start == 0 ? first : following;
            int end = Math.min(word.length(), start + longestPiece);
            Integer id = null;
            while (end > start && (id = pieces.get(word.substring(start, end))) == null) {
                end--;
            }
            if (id == null) {
                ids.truncate(before);
                ids.add(unknown);
                return;
            }
            ids.add(id);
            start = end;
        }
    }

    private static Map<String, Integer> withoutPrefix(Map<String, Integer> vocabulary, String prefix) {
        return vocabulary.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toMap(entry -> entry.getKey().substring(prefix.length()), Map.Entry::getValue));
    }
}
