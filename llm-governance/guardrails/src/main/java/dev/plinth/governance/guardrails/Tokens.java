package dev.plinth.governance.guardrails;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Which token stands for which value, within one call. Not thread-safe: a request is masked before its answer is read,
 * and an answer is read by one thread at a time.
 */
final class Tokens {

    private final Map<String, String> tokens = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private final Map<Finding.Kind, Integer> last = new EnumMap<>(Finding.Kind.class);
    private final Map<Finding.Kind, Set<String>> found = new EnumMap<>(Finding.Kind.class);
    private boolean requestRead;

    /** The token of a value, the same for all its spellings. */
    String tokenOf(Finding.Kind kind, String value) {
        String key = key(kind, value);
        found.computeIfAbsent(kind, none -> new HashSet<>()).add(key);
        String known = tokens.get(key);
        if (known != null) {
            return known;
        }
        int number = last.merge(kind, 1, Integer::sum);
        String token = "<" + kind + "_" + number + ">";
        tokens.put(key, token);
        if (!requestRead) {
            values.put(token, value);
        }
        return token;
    }

    /** From here on, what gets a token comes from the model: it has no value to be restored. */
    void endOfRequest() {
        requestRead = true;
    }

    /** How many different values of each kind got a token since this was asked last. */
    Map<String, Integer> takeFindings() {
        Map<String, Integer> findings = new TreeMap<>();
        found.forEach((kind, values) -> findings.put(kind.name().toLowerCase(Locale.ROOT), values.size()));
        found.clear();
        return findings;
    }

    /** What the request's token stands for, or null. */
    @Nullable
    String valueOf(String token) {
        return values.get(token);
    }

    /** Whether the request held this value. */
    boolean isAskers(Finding.Kind kind, String value) {
        String token = tokens.get(key(kind, value));
        return token != null && values.containsKey(token);
    }

    /** A text that has tokens in it, from an earlier answer or by somebody's hand: new ones get higher numbers. */
    void passOver(String text) {
        if (text.indexOf('<') < 0) {
            return;
        }
        Matcher matcher = TokenDetector.TOKEN.matcher(text);
        while (matcher.find()) {
            Finding.Kind kind = Finding.Kind.valueOf(matcher.group(1));
            last.merge(kind, Integer.parseInt(matcher.group(2)), Math::max);
        }
    }

    private static String key(Finding.Kind kind, String value) {
        return kind == Finding.Kind.EMAIL
                ? value.toLowerCase(Locale.ROOT)
                : value.codePoints()
                        .filter(character -> character >= '0' && character <= '9')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }
}
