package dev.plinth.providers.onnx;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of the BERT family: clean the text, split at spaces and around punctuation, cut words into pieces.
 * Same ids as the Hugging Face tokenizers library, also where a text spells a special token such as {@code [SEP]}.
 */
final class WordPieceTokenizer implements Tokenizer {

    private final BertNormalizer normalizer;
    private final WordPieces pieces;
    private final Map<String, Integer> added;
    private final @Nullable Pattern addedPattern;
    private final int start;
    private final int end;

    WordPieceTokenizer(BertNormalizer normalizer, WordPieces pieces, Map<String, Integer> added, int start, int end) {
        this.normalizer = normalizer;
        this.pieces = pieces;
        this.added = added;
        this.addedPattern = added.isEmpty() ? null : anyOf(added.keySet());
        this.start = start;
        this.end = end;
    }

    @Override
    public int[] encode(String text) {
        TokenIds ids = new TokenIds(text.length() / 3 + 2);
        ids.add(start);
        int from = 0;
        if (addedPattern != null) {
            Matcher matcher = addedPattern.matcher(text);
            while (matcher.find()) {
                appendWords(normalizer.normalize(text.substring(from, matcher.start())), ids);
                ids.add(added.getOrDefault(matcher.group(), start));
                from = matcher.end();
            }
        }
        appendWords(normalizer.normalize(text.substring(from)), ids);
        ids.add(end);
        return ids.toArray();
    }

    // The longest first: an alternation takes the first that fits.
    private static Pattern anyOf(Set<String> tokens) {
        return Pattern.compile(tokens.stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    }

    private void appendWords(String text, TokenIds ids) {
        int wordStart = 0;
        for (int i = 0, next; i < text.length(); i = next) {
            int c = text.codePointAt(i);
            next = i + Character.charCount(c);
            boolean punctuation = isPunctuation(c);
            if (!punctuation && !BertNormalizer.isSpace(c)) {
                continue;
            }
            appendWord(text, wordStart, i, ids);
            if (punctuation) {
                pieces.append(text.substring(i, next), ids);
            }
            wordStart = next;
        }
        appendWord(text, wordStart, text.length(), ids);
    }

    private void appendWord(String text, int from, int to, TokenIds ids) {
        if (from < to) {
            pieces.append(text.substring(from, to), ids);
        }
    }

    /** BERT counts every ASCII sign that is no letter, digit or space as punctuation, {@code $} and {@code +} too. */
    private static boolean isPunctuation(int c) {
        if (c < 0x80) {
            return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
        }
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }
}
