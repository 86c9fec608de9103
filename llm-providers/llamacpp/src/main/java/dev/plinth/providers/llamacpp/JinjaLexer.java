package dev.plinth.providers.llamacpp;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into its text and the words of its tags. Lines are trimmed as the authors of chat templates expect it
 * ({@code trim_blocks} and {@code lstrip_blocks}).
 */
final class JinjaLexer {

    enum Kind {
        TEXT,
        BEGIN_OUTPUT,
        END_OUTPUT,
        BEGIN_STATEMENT,
        END_STATEMENT,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    record Token(Kind kind, String text, int line) {
        boolean is(Kind wanted, String value) {
            return kind == wanted && text.equals(value);
        }
    }

    private static final List<String> OPERATORS = List.of(
            "==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "<", ">", "(", ")", "[", "]", "{", "}",
            ".", ",", ":", "|", "=");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private boolean trimsNext;
    private boolean atLineStart = true;

    private JinjaLexer(String source) {
        String lines = source.replace("\r\n", "\n").replace('\r', '\n');
        this.source = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    }

    static List<Token> tokens(String source) {
        JinjaLexer lexer = new JinjaLexer(source);
        try {
            lexer.readAll();
        } catch (JinjaException e) {
            throw e.at(lexer.line);
        }
        return lexer.tokens;
    }

    private void readAll() {
        while (position < source.length()) {
            int tag = nextTag();
            readText(tag);
            if (position < source.length()) {
                readTag();
            }
        }
        add(Kind.END, "");
    }

    private int nextTag() {
        int start = position;
        while (true) {
            int brace = source.indexOf('{', start);
            if (brace < 0 || brace + 1 >= source.length()) {
                return source.length();
            }
            char kind = source.charAt(brace + 1);
            if (kind == '{' || kind == '%' || kind == '#') {
                return brace;
            }
            start = brace + 1;
        }
    }

    private void readText(int end) {
        String text = source.substring(position, end);
        String shown = trimsNext ? text.stripLeading() : text;
        if (end < source.length()) {
            char mark = end + 2 < source.length() ? source.charAt(end + 2) : ' ';
            if (mark == '-') {
                shown = shown.stripTrailing();
            } else if (mark != '+' && source.charAt(end + 1) != '{') {
                shown = withoutIndentation(shown);
            }
        }
        if (!shown.isEmpty()) {
            add(Kind.TEXT, shown);
        }
        countLines(text);
        position = end;
        trimsNext = false;
    }

    /** What stands before a tag on its line is dropped when it is blank. */
    private String withoutIndentation(String text) {
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean wholeLine = lineStart > 0 || atLineStart;
        return wholeLine && text.substring(lineStart).isBlank() ? text.substring(0, lineStart) : text;
    }

    private void readTag() {
        char kind = source.charAt(position + 1);
        position += 2;
        if (kind == '#') {
            skipComment();
            return;
        }
        if (position < source.length() && (source.charAt(position) == '-' || source.charAt(position) == '+')) {
            position++;
        }
        boolean output = kind == '{';
        add(output ? Kind.BEGIN_OUTPUT : Kind.BEGIN_STATEMENT, "");
        int first = tokens.size();
        char mark = readWords(output ? "}}" : "%}");
        if (!output && first < tokens.size() && tokens.get(first).is(Kind.NAME, "raw")) {
            tokens.subList(first - 1, tokens.size()).clear();
            readRaw(mark);
            return;
        }
        add(output ? Kind.END_OUTPUT : Kind.END_STATEMENT, "");
        afterTag(mark, output);
    }

    private void skipComment() {
        int end = source.indexOf("#}", position);
        if (end < 0) {
            throw new JinjaException("comment: not closed (expected: #})");
        }
        countLines(source.substring(position, end));
        char mark = source.charAt(end - 1);
        position = end + 2;
        afterTag(mark, false);
    }

    /** Reads up to the end of the tag and returns the mark before it, if there is one. */
    private char readWords(String end) {
        int depth = 0;
        while (true) {
            skipBlanks();
            if (position >= source.length()) {
                throw new JinjaException("tag: not closed (expected: " + end + ")");
            }
            char c = source.charAt(position);
            if (depth == 0 && source.startsWith(end, position)) {
                position += 2;
                return ' ';
            }
            if (depth == 0 && (c == '-' || c == '+') && source.startsWith(end, position + 1)) {
                position += 3;
                return c;
            }
            depth += c == '{' || c == '(' || c == '[' ? 1 : 0;
            depth -= c == '}' || c == ')' || c == ']' ? 1 : 0;
            readWord(c);
        }
    }

    private void readWord(char c) {
        int start = position;
        if (c == '\'' || c == '"') {
            readString(c);
        } else if (isDigit(c)) {
            readNumber();
        } else if (isNamePart(c)) {
            while (position < source.length() && isNamePart(source.charAt(position))) {
                position++;
            }
            add(Kind.NAME, source.substring(start, position));
        } else {
            String operator = OPERATORS.stream()
                    .filter(candidate -> source.startsWith(candidate, start))
                    .findFirst()
                    .orElseThrow(() -> new JinjaException("tag: character " + (int) c + " (expected: an expression)"));
            position += operator.length();
            add(Kind.OPERATOR, operator);
        }
    }

    private void readNumber() {
        int start = position;
        skipDigits();
        boolean fraction = position + 1 < source.length()
                && source.charAt(position) == '.'
                && isDigit(source.charAt(position + 1));
        if (fraction) {
            position++;
            skipDigits();
        }
        add(fraction ? Kind.FLOAT : Kind.INTEGER, source.substring(start, position));
    }

    private void skipDigits() {
        while (position < source.length() && isDigit(source.charAt(position))) {
            position++;
        }
    }

    private void readString(char quote) {
        StringBuilder text = new StringBuilder();
        position++;
        while (position < source.length() && source.charAt(position) != quote) {
            char c = source.charAt(position++);
            text.append(c == '\\' ? escaped() : String.valueOf(c));
        }
        if (position >= source.length()) {
            throw new JinjaException("string: not closed (expected: " + quote + ")");
        }
        position++;
        add(Kind.STRING, text.toString());
        countLines(text);
    }

    private String escaped() {
        char c = position < source.length() ? source.charAt(position++) : ' ';
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'f' -> "\f";
            case 'b' -> "\b";
            case '\\', '\'', '"' -> String.valueOf(c);
            case '\n' -> "";
            case 'x' -> codePoint(2);
            case 'u' -> codePoint(4);
            default -> "\\" + c;
        };
    }

    private String codePoint(int digits) {
        int end = Math.min(position + digits, source.length());
        try {
            String text = Character.toString(Integer.parseInt(source.substring(position, end), 16));
            position = end;
            return text;
        } catch (IllegalArgumentException e) {
            throw new JinjaException("string: escape (expected: " + digits + " hexadecimal digits)");
        }
    }

    private void readRaw(char mark) {
        trimsNext = mark == '-';
        atLineStart = false;
        int search = position;
        while (true) {
            int begin = source.indexOf("{%", search);
            int end = begin < 0 ? -1 : source.indexOf("%}", begin);
            if (end < 0) {
                throw new JinjaException("raw: not closed (expected: endraw)");
            }
            String word = source.substring(begin + 2, end)
                    .replace("-", "")
                    .replace("+", "")
                    .strip();
            if (word.equals("endraw")) {
                readText(begin);
                position = end + 2;
                afterTag(source.charAt(end - 1), false);
                return;
            }
            search = end;
        }
    }

    /** The end of a tag takes the white space behind it along, or the end of its line. */
    private void afterTag(char mark, boolean output) {
        trimsNext = mark == '-';
        atLineStart = false;
        if (trimsNext) {
            int end = position;
            while (end < source.length() && Character.isWhitespace(source.charAt(end))) {
                end++;
            }
            atLineStart = end > position && source.charAt(end - 1) == '\n';
        } else if (!output && mark != '+' && position < source.length() && source.charAt(position) == '\n') {
            position++;
            line++;
            atLineStart = true;
        }
    }

    private void skipBlanks() {
        while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
            line += source.charAt(position) == '\n' ? 1 : 0;
            position++;
        }
    }

    private void countLines(CharSequence text) {
        line += (int) text.chars().filter(c -> c == '\n').count();
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_';
    }
}
