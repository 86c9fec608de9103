package dev.plinth.api.testkit;

import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/** Writes JSON, on one line, or so that people can read it and compare two versions of it. */
final class JsonWriter {
    private static final int WIDTH = 100;
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();
    private final boolean spaced;

    private JsonWriter(boolean spaced) {
        this.spaced = spaced;
    }

    /** On one line, without a space. */
    static String compact(Json value) {
        return onOneLine(value, false);
    }

    /** On as many lines as it takes; what is short, or only numbers, stands on one. */
    static String pretty(Json value) {
        JsonWriter writer = new JsonWriter(true);
        writer.lines(value, "\n");
        return writer.out.append('\n').toString();
    }

    private static String onOneLine(Json value, boolean spaced) {
        JsonWriter writer = new JsonWriter(spaced);
        writer.line(value);
        return writer.out.toString();
    }

    private void line(Json value) {
        if (value instanceof Json.Obj object) {
            out.append('{');
            String separator = "";
            for (Map.Entry<String, Json> member : object.members().entrySet()) {
                out.append(separator);
                name(member.getKey());
                line(member.getValue());
                separator = spaced ? ", " : ",";
            }
            out.append('}');
        } else if (value instanceof Json.Arr array) {
            out.append('[');
            String separator = "";
            for (Json element : array.elements()) {
                out.append(separator);
                line(element);
                separator = spaced ? ", " : ",";
            }
            out.append(']');
        } else {
            scalar(value);
        }
    }

    private void lines(Json value, String lineBreak) {
        if (fitsOnOneLine(value, lineBreak.length())) {
            line(value);
        } else if (value instanceof Json.Obj object) {
            out.append('{');
            Iterator<Map.Entry<String, Json>> members =
                    object.members().entrySet().iterator();
            while (members.hasNext()) {
                Map.Entry<String, Json> member = members.next();
                out.append(lineBreak).append(INDENT);
                name(member.getKey());
                lines(member.getValue(), lineBreak + INDENT);
                out.append(members.hasNext() ? "," : "");
            }
            out.append(lineBreak).append('}');
        } else if (value instanceof Json.Arr array) {
            out.append('[');
            Iterator<Json> elements = array.elements().iterator();
            while (elements.hasNext()) {
                out.append(lineBreak).append(INDENT);
                lines(elements.next(), lineBreak + INDENT);
                out.append(elements.hasNext() ? "," : "");
            }
            out.append(lineBreak).append(']');
        } else {
            scalar(value);
        }
    }

    private static boolean fitsOnOneLine(Json value, int indent) {
        boolean numbers = value instanceof Json.Arr array
                && array.elements().stream().allMatch(element -> element instanceof Json.Plain);
        return numbers || indent + onOneLine(value, true).length() <= WIDTH;
    }

    private void name(String name) {
        string(name);
        out.append(spaced ? ": " : ":");
    }

    private void scalar(Json value) {
        if (value instanceof Json.Str string) {
            string(string.value());
        } else if (value instanceof Json.Plain plain) {
            out.append(plain.text());
        }
    }

    private void string(String string) {
        out.append('"');
        for (int i = 0; i < string.length(); i++) {
            char unit = string.charAt(i);
            switch (unit) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (unit < ' ') {
                        out.append("\\u").append(String.format(Locale.ROOT, "%04x", (int) unit));
                    } else {
                        out.append(unit);
                    }
                }
            }
        }
        out.append('"');
    }
}
