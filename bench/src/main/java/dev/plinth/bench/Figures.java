package dev.plinth.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Figures by name, printed in the order they were set. */
final class Figures {
    private final Map<String, String> values = new LinkedHashMap<>();

    void set(String name, String value) {
        values.put(name, value);
    }

    void set(String name, long value) {
        set(name, Long.toString(value));
    }

    void set(String name, double value, int decimals) {
        set(name, String.format(Locale.ROOT, "%." + decimals + "f", value));
    }

    void print(PrintStream out) {
        values.forEach((name, value) -> out.println(name + "=" + value));
    }
}
