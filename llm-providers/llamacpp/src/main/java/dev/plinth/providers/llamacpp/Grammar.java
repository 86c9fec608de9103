package dev.plinth.providers.llamacpp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a grammar in GBNF as llama.cpp does, to know beforehand whether it will: given one that it cannot read, the
 * engine says so to nobody and generates without it.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md">GBNF</a>
 */
final class Grammar {

    /** A part of a rule: the rule of that name, or characters when the name is empty. */
    private record Item(String rule, boolean mayBeEmpty) {}

    private static final int MAX_SIZE = 50_000;
    private static final int MAX_DEPTH = 100;

    private final String source;
    private final Map<String, List<List<Item>>> rules = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private int position;
    private int groups;
    private int depth;

    private Grammar(String source) {
        this.source = source;
    }

    /**
     * Returns the grammar.
     *
     * @throws IllegalArgumentException if the engine would not take it
     */
    static String checked(String source) {
        Grammar grammar = new Grammar(source);
        grammar.readRules();
        grammar.requireRules();
        grammar.requireNoLeftRecursion();
        return source;
    }

    private void readRules() {
        skipSpace(true);
        long size = 0;
        while (position < source.length()) {
            String name = readName();
            skipSpace(false);
            expect("::=");
            skipSpace(true);
            List<List<Item>> alternatives = new ArrayList<>();
            size += readAlternatives(name, alternatives, false);
            requireSize(size);
            rules.put(name, alternatives);
            require(position >= source.length() || isLineEnd(peek()), "one rule a line");
            skipSpace(true);
        }
    }

    /** Reads alternatives and returns their size once repetitions are written out, as the engine does. */
    private long readAlternatives(String rule, List<List<Item>> alternatives, boolean nested) {
        require(depth++ < MAX_DEPTH, "at most " + MAX_DEPTH + " groups in each other");
        long size = 0;
        while (true) {
            List<Item> sequence = new ArrayList<>();
            size += readSequence(rule, sequence, nested);
            alternatives.add(sequence);
            if (peek() != '|') {
                depth--;
                return size;
            }
            position++;
            skipSpace(true);
        }
    }

    private long readSequence(String rule, List<Item> sequence, boolean nested) {
        long size = 1;
        while (position < source.length()) {
            long itemSize = 1;
            Item item;
            char c = peek();
            if (c == '"') {
                int length = readLiteral();
                itemSize = Math.max(1, length);
                item = new Item("", length == 0);
            } else if (c == '[') {
                readClass();
                item = new Item("", false);
            } else if (c == '.') {
                position++;
                item = new Item("", false);
            } else if (c == '(') {
                position++;
                skipSpace(true);
                String group = rule + "#" + groups++;
                List<List<Item>> alternatives = new ArrayList<>();
                itemSize = readAlternatives(rule, alternatives, true);
                rules.put(group, alternatives);
                expect(")");
                item = new Item(group, false);
            } else if (isNamePart(c)) {
                String name = readName();
                used.add(name);
                item = new Item(name, false);
            } else {
                return size;
            }
            skipSpace(nested);
            long[] times = readRepetition(nested);
            sequence.add(times[0] == 0 ? new Item(item.rule(), true) : item);
            size += itemSize * Math.max(1, times[1]);
            requireSize(size);
        }
        return size;
    }

    /** How often the item before may come: least, and most or what that costs. */
    private long[] readRepetition(boolean nested) {
        long[] times = {1, 1};
        switch (peek()) {
            case '*', '?' -> {
                position++;
                times[0] = 0;
            }
            case '+' -> position++;
            case '{' -> {
                position++;
                times = readBounds();
                expect("}");
            }
            default -> {
                return times;
            }
        }
        skipSpace(nested);
        require(!"*?+{".contains(String.valueOf(peek())), "one repetition for each item");
        return times;
    }

    private long[] readBounds() {
        skipSpace(false);
        long least = readInteger();
        skipSpace(false);
        if (peek() != ',') {
            return new long[] {least, least};
        }
        position++;
        skipSpace(false);
        if (peek() == '}') {
            return new long[] {least, least + 1};
        }
        long most = readInteger();
        skipSpace(false);
        require(most >= least && most > 0, "at least as many times as least");
        return new long[] {least, most};
    }

    private long readInteger() {
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        require(position > start && position - start < 7, "a number of times");
        return Long.parseLong(source.substring(start, position));
    }

    private int readLiteral() {
        position++;
        int length = 0;
        while (peek() != '"') {
            readCharacter();
            length++;
        }
        position++;
        return length;
    }

    private void readClass() {
        position++;
        if (peek() == '^') {
            position++;
        }
        require(peek() != ']', "a character between [ and ]");
        while (peek() != ']') {
            int first = readCharacter();
            if (peek() == '-' && position + 1 < source.length() && source.charAt(position + 1) != ']') {
                position++;
                require(readCharacter() >= first, "a range from the lower character to the higher");
            }
        }
        position++;
    }

    private int readCharacter() {
        require(position < source.length() && !isLineEnd(peek()), "a character");
        int character = source.codePointAt(position);
        position += Character.charCount(character);
        if (character != '\\') {
            return character;
        }
        char escaped = peek();
        position++;
        return switch (escaped) {
            case 'x' -> readHex(2);
            case 'u' -> readHex(4);
            case 'U' -> readHex(8);
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            case '\\', '"', '[', ']' -> escaped;
            default -> throw refused("an escape that GBNF has");
        };
    }

    private int readHex(int digits) {
        int end = position + digits;
        require(
                end <= source.length()
                        && source.substring(position, end)
                                .chars()
                                .allMatch(c -> Character.digit(c, 16) >= 0 && c < 128),
                digits + " hexadecimal digits");
        long character = Long.parseLong(source.substring(position, end), 16);
        require(character <= Character.MAX_CODE_POINT, "a character of Unicode");
        position = end;
        return (int) character;
    }

    private String readName() {
        int start = position;
        while (isNamePart(peek())) {
            position++;
        }
        require(position > start, "a name of letters, digits and dashes");
        return source.substring(start, position);
    }

    private void skipSpace(boolean overLines) {
        while (position < source.length()) {
            char c = peek();
            if (c == '#') {
                while (position < source.length() && !isLineEnd(peek())) {
                    position++;
                }
            } else if (c == ' ' || c == '\t' || overLines && isLineEnd(c)) {
                position++;
            } else {
                return;
            }
        }
    }

    private void requireRules() {
        require(rules.containsKey("root"), "a rule named root");
        for (String name : used) {
            require(rules.containsKey(name), "a rule named " + name);
        }
    }

    private void requireNoLeftRecursion() {
        Set<String> empty = new HashSet<>();
        int before;
        do {
            before = empty.size();
            rules.forEach((name, alternatives) -> {
                if (alternatives.stream().anyMatch(items -> items.stream().allMatch(item -> mayBeEmpty(item, empty)))) {
                    empty.add(name);
                }
            });
        } while (empty.size() > before);
        Set<String> done = new HashSet<>();
        for (String name : rules.keySet()) {
            visit(name, empty, done, new HashSet<>());
        }
    }

    private static boolean mayBeEmpty(Item item, Set<String> empty) {
        return item.mayBeEmpty() || empty.contains(item.rule());
    }

    private void visit(String name, Set<String> empty, Set<String> done, Set<String> open) {
        require(open.add(name), "no rule that begins with itself, such as " + name);
        require(open.size() < 1000, "shorter chains of rules");
        if (done.add(name)) {
            for (List<Item> sequence : rules.getOrDefault(name, List.of())) {
                for (Item item : sequence) {
                    if (!item.rule().isEmpty()) {
                        visit(item.rule(), empty, done, open);
                    }
                    if (!mayBeEmpty(item, empty)) {
                        break;
                    }
                }
            }
        }
        open.remove(name);
    }

    private char peek() {
        return position < source.length() ? source.charAt(position) : '\n';
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-';
    }

    private void expect(String text) {
        require(source.startsWith(text, position), text);
        position += text.length();
    }

    private void requireSize(long size) {
        require(size <= MAX_SIZE, "at most " + MAX_SIZE + " parts, repetitions written out");
    }

    private void require(boolean holds, String expected) {
        if (!holds) {
            throw refused(expected);
        }
    }

    private IllegalArgumentException refused(String expected) {
        String read = source.substring(0, Math.min(position, source.length()));
        long line = read.chars().filter(c -> c == '\n').count() + 1;
        return new IllegalArgumentException("grammar: wrong at line " + line + " (expected: " + expected + ")");
    }
}
