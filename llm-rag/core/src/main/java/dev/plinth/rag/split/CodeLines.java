package dev.plinth.rag.split;

/**
 * What a line of source code starts in: how many brackets are open, whether a comment or a string goes on. Knows the
 * strings and comments of the usual languages; where it is mistaken, as with an apostrophe that quotes nothing, the
 * mistake ends with the line.
 */
final class CodeLines {
    private static final String QUOTES = "\"'`";

    private final int[] depths;
    private final int[] indents;
    private final boolean[] inside;
    private final boolean hashComments;

    private int depth;
    /** What ends the comment or string that goes on over lines, or empty. */
    private String open = "";
    /** Marks that nothing closes in the rest of this line. */
    private String unclosed = "";

    CodeLines(Lines lines, boolean hashComments) {
        this.hashComments = hashComments;
        this.depths = new int[lines.count()];
        this.indents = new int[lines.count()];
        this.inside = new boolean[lines.count()];
        for (int line = 0; line < lines.count(); line++) {
            depths[line] = depth;
            inside[line] = !open.isEmpty();
            String content = lines.content(line);
            indents[line] = indent(content);
            read(content);
        }
    }

    /** How many brackets are open at the start of a line. */
    int depth(int line) {
        return depths[line];
    }

    /** How far a line is indented; a tab reaches the next multiple of 4. */
    int indent(int line) {
        return indents[line];
    }

    /** Whether a line starts inside a comment or a string. */
    boolean startsInside(int line) {
        return inside[line];
    }

    private static int indent(String content) {
        int indent = 0;
        for (int i = 0; i < content.length() && Character.isWhitespace(content.charAt(i)); i++) {
            indent += content.charAt(i) == '\t' ? 4 - indent % 4 : 1;
        }
        return indent;
    }

    private void read(String content) {
        int position = 0;
        unclosed = "";
        while (position < content.length()) {
            position = open.isEmpty() ? readCode(content, position) : readOpen(content, position);
        }
    }

    private int readOpen(String content, int position) {
        int end = content.indexOf(open, position);
        if (end < 0) {
            return content.length();
        }
        end += open.length();
        open = "";
        return end;
    }

    private int readCode(String content, int position) {
        char c = content.charAt(position);
        if (content.startsWith("/*", position)) {
            open = "*/";
            return position + 2;
        }
        if (content.startsWith("//", position) && !hashComments || c == '#' && hashComments) {
            return content.length();
        }
        if (QUOTES.indexOf(c) >= 0) {
            return string(content, position, c);
        }
        if (c == '/' && startsPattern(content, position)) {
            return closing(content, position, c);
        }
        if ("{([".indexOf(c) >= 0) {
            depth++;
        } else if ("})]".indexOf(c) >= 0) {
            depth = Math.max(0, depth - 1);
        }
        return position + 1;
    }

    /** Three quotes and a back quote open a string over lines, others one that ends in its line. */
    private int string(String content, int position, char quote) {
        String three = String.valueOf(quote).repeat(3);
        if (content.startsWith(three, position)) {
            open = three;
            return position + 3;
        }
        if (quote == '`' && !hashComments) {
            open = "`";
            return position + 1;
        }
        return closing(content, position, quote);
    }

    /** A slash where a value may stand starts a regular expression, as JavaScript has it. */
    private static boolean startsPattern(String content, int position) {
        int before = position - 1;
        while (before >= 0 && Character.isWhitespace(content.charAt(before))) {
            before--;
        }
        return before >= 0 && "(,=:[!&|?{};".indexOf(content.charAt(before)) >= 0;
    }

    /** After the mark that closes the one here; if there is none in this line, only after this one. */
    private int closing(String content, int position, char mark) {
        if (unclosed.indexOf(mark) >= 0) {
            return position + 1;
        }
        for (int i = position + 1; i < content.length(); i++) {
            if (content.charAt(i) == '\\') {
                i++;
            } else if (content.charAt(i) == mark) {
                return i + 1;
            }
        }
        unclosed += mark;
        return position + 1;
    }
}
