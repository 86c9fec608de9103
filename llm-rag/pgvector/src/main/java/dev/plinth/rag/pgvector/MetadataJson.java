package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Metadata as a column of type {@code jsonb}: texts as strings, sets of texts as arrays, and numbers exactly. A number
 * with a point is a {@link Value.Decimal}, one without a {@link Value.Whole}; the column keeps the digits after the
 * point, so that {@code 5.0} stays what it is, and {@code 0.00} stands for the negative zero that it does not have.
 * Names and texts are {@link PgText#ordered}.
 */
final class MetadataJson {
    private static final String NEGATIVE_ZERO = "0.00";

    private MetadataJson() {}

    static String of(Metadata metadata) {
        StringBuilder json = new StringBuilder("{");
        metadata.values().forEach((field, value) -> {
            json.append(json.length() == 1 ? "" : ",");
            appendFact(json, field, value);
        });
        return json.append('}').toString();
    }

    /** An object that metadata contains if the field has this value. */
    static String fact(String field, Value value) {
        StringBuilder json = new StringBuilder("{");
        appendFact(json, field, value);
        return json.append('}').toString();
    }

    private static void appendFact(StringBuilder json, String field, Value value) {
        appendText(json, field);
        json.append(':').append(of(value));
    }

    static String of(Value value) {
        if (value instanceof Value.Text text) {
            StringBuilder json = new StringBuilder();
            appendText(json, text.text());
            return json.toString();
        }
        if (value instanceof Value.Texts texts) {
            StringBuilder json = new StringBuilder("[");
            for (String text : new TreeSet<>(texts.texts())) {
                json.append(json.length() == 1 ? "" : ",");
                appendText(json, text);
            }
            return json.append(']').toString();
        }
        if (value instanceof Value.Flag flag) {
            return String.valueOf(flag.on());
        }
        return value instanceof Value.Decimal decimal
                ? decimal(decimal.number())
                : value.exact().toPlainString();
    }

    private static String decimal(double number) {
        if (number == 0 && 1 / number < 0) {
            return NEGATIVE_ZERO;
        }
        String digits = new BigDecimal(number).toPlainString();
        return digits.indexOf('.') < 0 ? digits + ".0" : digits;
    }

    private static void appendText(StringBuilder json, String text) {
        String ordered = PgText.ordered(text);
        json.append('"');
        for (int i = 0; i < ordered.length(); i++) {
            char unit = ordered.charAt(i);
            if (unit == '"' || unit == '\\') {
                json.append('\\').append(unit);
            } else if (unit < ' ') {
                json.append(unit < 16 ? "\\u000" : "\\u00").append(Integer.toHexString(unit));
            } else {
                json.append(unit);
            }
        }
        json.append('"');
    }

    /** What {@link #of(Metadata)} was given, from the text of the column. */
    static Metadata read(String json) {
        return new Reader(json).metadata();
    }

    /** Reads what PostgreSQL writes; it has checked the syntax. */
    private static final class Reader {
        private final String json;
        private int at;

        Reader(String json) {
            this.json = json;
        }

        Metadata metadata() {
            Map<String, Value> values = new TreeMap<>();
            for (take('{'); !ends('}'); ) {
                String field = text();
                take(':');
                values.put(field, value());
            }
            return Metadata.of(values);
        }

        private Value value() {
            char first = peek();
            if (first == '"') {
                return Value.of(text());
            }
            if (first == '[') {
                Set<String> texts = new HashSet<>();
                for (take('['); !ends(']'); ) {
                    texts.add(text());
                }
                return Value.of(texts);
            }
            int start = at;
            while (",} ".indexOf(json.charAt(at)) < 0) {
                at++;
            }
            String word = json.substring(start, at);
            if (first == 't' || first == 'f') {
                return Value.of(first == 't');
            }
            if (word.indexOf('.') < 0) {
                return Value.of(Long.parseLong(word));
            }
            return Value.of(word.equals(NEGATIVE_ZERO) ? -0.0 : Double.parseDouble(word));
        }

        private String text() {
            StringBuilder text = new StringBuilder();
            take('"');
            for (; json.charAt(at) != '"'; at++) {
                text.append(json.charAt(at) == '\\' ? escaped() : json.charAt(at));
            }
            at++;
            return PgText.unordered(text.toString());
        }

        private char escaped() {
            at++;
            char kind = json.charAt(at);
            return switch (kind) {
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    at += 4;
                    yield (char) Integer.parseInt(json, at - 3, at + 1, 16);
                }
                default -> kind;
            };
        }

        /** Whether the object or array ends here; passes over the comma if not. */
        private boolean ends(char close) {
            char next = peek();
            if (next == close || next == ',') {
                at++;
                peek();
            }
            return next == close;
        }

        private char peek() {
            while (at < json.length() && json.charAt(at) == ' ') {
                at++;
            }
            return at < json.length() ? json.charAt(at) : '\0';
        }

        private void take(char expected) {
            if (peek() != expected) {
                throw new IllegalStateException("metadata: no '" + expected + "' at " + at + " (expected: as written)");
            }
            at++;
        }
    }
}
