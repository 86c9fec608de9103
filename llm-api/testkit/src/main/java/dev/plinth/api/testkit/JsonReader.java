package dev.plinth.api.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one JSON text, to the letter of RFC 8259. What readers do not agree on is refused: names that are repeated, halves
 * of surrogate pairs, nesting without a limit.
 */
final class JsonReader {
    private static final Pattern PLAIN =
            Pattern.compile("true|false|null|-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
    private static final int MAX_DEPTH = 500;

    private final String text;
    private int position;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * The value.
     *
     * @throws IllegalArgumentException if the text is not one JSON value
     */
    static Json read(String text) {
        JsonReader reader = new JsonReader(text);
        Json value = reader.value();
        if (reader.position < text.length()) {
            throw reader.refused("the end");
        }
        return value;
    }

    /** The value, if the text is an object or an array. */
    static Optional<Json> tryRead(String text) {
        String start = text.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(text));
        } catch (IllegalArgumentException notJson) {
            return Optional.empty();
        }
    }

    private Json value() {
        skipSpace();
        Json value = switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> new Json.Str(string());
            default -> plain();
        };
        skipSpace();
        return value;
    }

    private Json object() {
        Map<String, Json> members = new LinkedHashMap<>();
        open();
        while (peek() != '}') {
            if (!members.isEmpty()) {
                expect(',');
                skipSpace();
            }
            String name = string();
            skipSpace();
            expect(':');
            if (members.put(name, value()) != null) {
                throw refused("a name that is not there yet");
            }
        }
        close();
        return new Json.Obj(members);
    }

    private Json array() {
        List<Json> elements = new ArrayList<>();
        open();
        while (peek() != ']') {
            if (!elements.isEmpty()) {
                expect(',');
            }
            elements.add(value());
        }
        close();
        return new Json.Arr(elements);
    }

    private void open() {
        if (++depth > MAX_DEPTH) {
            throw refused("at most " + MAX_DEPTH + " levels");
        }
        position++;
        skipSpace();
    }

    private void close() {
        depth--;
        position++;
    }

    private Json plain() {
        Matcher plain = PLAIN.matcher(text).region(position, text.length());
        if (!plain.lookingAt()) {
            throw refused("a value");
        }
        position = plain.end();
        return new Json.Plain(plain.group());
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (peek() != '"') {
            char next = text.charAt(position++);
            if (next < ' ') {
                throw refused("no control character");
            }
            string.append(next == '\\' ? escaped() : next);
        }
        position++;
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(string)) {
            throw refused("no half of a surrogate pair");
        }
        return string.toString();
    }

    private char escaped() {
        char kind = peek();
        position++;
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw refused("an escape");
        };
    }

    private char unicode() {
        int end = position + 4;
        if (end > text.length() || !text.substring(position, end).matches("[0-9a-fA-F]{4}")) {
            throw refused("four hex digits");
        }
        char unit = (char) Integer.parseInt(text.substring(position, end), 16);
        position = end;
        return unit;
    }

    private void skipSpace() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw refused("'" + wanted + "'");
        }
        position++;
    }

    private char peek() {
        if (position >= text.length()) {
            throw refused("more");
        }
        return text.charAt(position);
    }

    private IllegalArgumentException refused(String expected) {
        long line = text.substring(0, Math.min(position, text.length()))
                        .chars()
                        .filter(unit -> unit == '\n')
                        .count()
                + 1;
        return new IllegalArgumentException("JSON: wrong in line " + line + " (expected: " + expected + ")");
    }
}
