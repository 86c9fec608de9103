package dev.plinth.providers.llamacpp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Says what a grammar lets pass: random texts of it. Reads GBNF by itself, and only what Plinth writes. */
final class GrammarSampler {

    private interface Part {
        void write(StringBuilder out, int depth);
    }

    private static final int MAX_DEPTH = 12;

    private final Random random;
    private final Map<String, Part> rules = new HashMap<>();
    private String source = "";
    private int position;

    private GrammarSampler(Random random) {
        this.random = random;
    }

    static List<String> sample(String grammar, int count, Random random) {
        GrammarSampler sampler = new GrammarSampler(random);
        grammar.lines().forEach(sampler::readRule);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder out = new StringBuilder();
            sampler.rules.get("root").write(out, 0);
            texts.add(out.toString());
        }
        return texts;
    }

    private void readRule(String line) {
        String[] sides = line.split(" ::= ", 2);
        source = sides[1];
        position = 0;
        rules.put(sides[0], readAlternatives());
    }

    private Part readAlternatives() {
        List<Part> alternatives = new ArrayList<>();
        do {
            alternatives.add(readSequence());
        } while (accept('|'));
        // Deep down the last one, which ends in the grammars at hand: null of JSON's values, nothing of optional
        // members.
        return (out, depth) -> {
            int last = alternatives.size() - 1;
            alternatives
                    .get(depth > MAX_DEPTH ? last : random.nextInt(last + 1))
                    .write(out, depth + 1);
        };
    }

    private Part readSequence() {
        List<Part> parts = new ArrayList<>();
        while (true) {
            skipBlanks();
            if (position >= source.length() || source.charAt(position) == '|' || source.charAt(position) == ')') {
                return (out, depth) -> parts.forEach(part -> part.write(out, depth));
            }
            parts.add(repeated(readPart()));
        }
    }

    private Part readPart() {
        char c = source.charAt(position);
        if (c == '"') {
            position++;
            StringBuilder text = new StringBuilder();
            while (source.charAt(position) != '"') {
                text.appendCodePoint(readCharacter());
            }
            position++;
            return (out, depth) -> out.append(text);
        }
        if (c == '[') {
            return readClass();
        }
        if (c == '(') {
            position++;
            Part group = readAlternatives();
            position++;
            return group;
        }
        int start = position;
        while (position < source.length()
                && (Character.isLetterOrDigit(source.charAt(position)) || source.charAt(position) == '-')) {
            position++;
        }
        String name = source.substring(start, position);
        return (out, depth) -> rules.get(name).write(out, depth);
    }

    private Part readClass() {
        position++;
        boolean negated = source.charAt(position) == '^';
        position += negated ? 1 : 0;
        StringBuilder characters = new StringBuilder();
        while (source.charAt(position) != ']') {
            int first = readCharacter();
            int last = first;
            if (source.charAt(position) == '-' && source.charAt(position + 1) != ']') {
                position++;
                last = readCharacter();
            }
            for (int c = first; c <= last; c++) {
                characters.appendCodePoint(c);
            }
        }
        position++;
        return (out, depth) -> {
            if (!negated) {
                out.append(characters.charAt(random.nextInt(characters.length())));
                return;
            }
            int c;
            do {
                c = random.nextInt(10) == 0 ? 0x1F600 + random.nextInt(50) : 1 + random.nextInt(0x2FF);
            } while (characters.indexOf(Character.toString(c)) >= 0);
            out.appendCodePoint(c);
        };
    }

    private int readCharacter() {
        int c = source.codePointAt(position);
        position += Character.charCount(c);
        if (c != '\\') {
            return c;
        }
        char escaped = source.charAt(position++);
        if (escaped == 'x') {
            position += 2;
            return Integer.parseInt(source.substring(position - 2, position), 16);
        }
        return escaped == 'n' ? '\n' : escaped;
    }

    private Part repeated(Part part) {
        if (position >= source.length()) {
            return part;
        }
        int least = 0;
        int most;
        switch (source.charAt(position)) {
            case '?' -> most = 1;
            case '*' -> most = 3;
            case '+' -> {
                least = 1;
                most = 3;
            }
            case '{' -> {
                int end = source.indexOf('}', position);
                String[] bounds = source.substring(position + 1, end).split(",", -1);
                least = Integer.parseInt(bounds[0]);
                most = bounds.length == 1 ? least : bounds[1].isEmpty() ? least + 3 : Integer.parseInt(bounds[1]);
                position = end;
            }
            default -> {
                return part;
            }
        }
        position++;
        int from = least;
        int to = most;
        return (out, depth) -> {
            int usual = from + random.nextInt(Math.min(to - from, 40) + 1);
            int times = depth > MAX_DEPTH ? from : random.nextInt(8) == 0 ? to : usual;
            for (int i = 0; i < times; i++) {
                part.write(out, depth + 1);
            }
        };
    }

    private boolean accept(char c) {
        skipBlanks();
        boolean there = position < source.length() && source.charAt(position) == c;
        position += there ? 1 : 0;
        return there;
    }

    private void skipBlanks() {
        while (position < source.length() && source.charAt(position) == ' ') {
            position++;
        }
    }
}
