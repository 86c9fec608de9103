package dev.plinth.providers.llamacpp;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes values as Python's {@code json.dumps} does, non-ASCII characters as they are. */
final class JinjaJson {

    private final StringBuilder out = new StringBuilder();
    private final int indent;

    private JinjaJson(int indent) {
        this.indent = indent;
    }

    /** @param indent spaces for each level; negative: all on one line */
    static String write(Object value, int indent) {
        JinjaJson json = new JinjaJson(indent);
        json.write(value, "\n");
        return json.out.toString();
    }

    private void write(Object value, String newLine) {
        if (value instanceof String text) {
            writeText(text);
        } else if (value instanceof List<?> list) {
            writeList(list, newLine);
        } else if (value instanceof Map<?, ?> map) {
            writeDict(map, newLine);
        } else if (value == JinjaValues.NONE) {
            out.append("null");
        } else if (JinjaValues.isNumber(value)) {
            out.append(value);
        } else {
            throw new JinjaException("tojson: " + JinjaValues.kind(value) + " (expected: text, numbers, lists, dicts)");
        }
    }

    private void writeList(List<?> list, String newLine) {
        String inner = deeper(newLine);
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            separate(i == 0, inner);
            write(list.get(i), inner);
        }
        close(list.isEmpty(), newLine).append(']');
    }

    private void writeDict(Map<?, ?> map, String newLine) {
        String inner = deeper(newLine);
        boolean first = true;
        out.append('{');
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            separate(first, inner);
            writeText(JinjaValues.string(entry.getKey()));
            out.append(": ");
            write(entry.getValue(), inner);
            first = false;
        }
        close(map.isEmpty(), newLine).append('}');
    }

    private String deeper(String newLine) {
        return newLine + " ".repeat(Math.max(0, indent));
    }

    private void separate(boolean first, String newLine) {
        out.append(first ? "" : indent < 0 ? ", " : ",").append(indent < 0 ? "" : newLine);
    }

    private StringBuilder close(boolean empty, String newLine) {
        return out.append(empty || indent < 0 ? "" : newLine);
    }

    private void writeText(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> out.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }
}
