package dev.plinth.rag.split;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The declarations of source code in any language that nests by brackets or by indentation: what starts at one line and
 * goes on as long as a bracket is open or lines are indented deeper, with the comments and annotations right before it.
 * Its parts are its first line and what is declared inside.
 */
final class CodeBlocks {
    private static final Set<String> HASH_COMMENTS = Set.of("bash ex exs jl pl ps1 py pyi r rb sh".split(" "));
    private static final Set<String> SLASH_COMMENTS =
            Set.of(("c cc cjs cpp cs css cu cxx dart go gradle groovy h hpp java"
                            + " js jsx kt kts less lua m mjs mm php proto rs scala scss swift ts tsx zig")
                    .split(" "));

    private static final int DEEPEST = 12;
    private static final int LONGEST_TITLE = 120;

    private static final Pattern LEADING = Pattern.compile("//|/\\*|\\*|#|@|--|\\[.*\\]$");
    private static final Pattern GOES_ON = Pattern.compile("[{})\\]>]|(end|else|catch|finally|except|elif)\\b");
    private static final Pattern STATEMENT = Pattern.compile(
            "(if|for|foreach|while|switch|match|when|try|else|do|with|case|default|return|catch|finally|synchronized)\\b");

    private final Lines lines;
    private final CodeLines code;
    private final boolean hashComments;

    private CodeBlocks(Lines lines, boolean hashComments) {
        this.lines = lines;
        this.code = new CodeLines(lines, hashComments);
        this.hashComments = hashComments;
    }

    /** Whether files with this ending are source code. */
    static boolean isCode(String ending) {
        return HASH_COMMENTS.contains(ending) || SLASH_COMMENTS.contains(ending);
    }

    /** @param ending of the file, by which comments are known */
    static List<Block> of(Lines lines, String ending) {
        return new CodeBlocks(lines, HASH_COMMENTS.contains(ending)).between(0, lines.count(), 1);
    }

    /** The blocks of these lines, end exclusive. */
    private List<Block> between(int from, int to, int level) {
        List<Block> blocks = new ArrayList<>();
        int line = from;
        while (line < to) {
            if (lines.isBlank(line)) {
                line++;
                continue;
            }
            int declaration = declaration(line, to);
            int next = end(declaration, to);
            blocks.add(block(line, declaration, next, level));
            line = next;
        }
        return blocks;
    }

    /** The first line that is no comment and no annotation before the declaration; the last of these if none follows. */
    private int declaration(int first, int to) {
        int line = first;
        while (isLeading(line)) {
            int next = end(line, to);
            if (next == to || lines.isBlank(next)) {
                return line;
            }
            line = next;
        }
        return line;
    }

    /** Whether a line is a comment, an annotation or an attribute with nothing declared after it. */
    private boolean isLeading(int line) {
        String content = lines.content(line).strip();
        boolean mayDeclare = content.startsWith("@") || content.startsWith("#") && !hashComments;
        boolean declares = mayDeclare && "{;}".indexOf(content.charAt(content.length() - 1)) >= 0;
        return LEADING.matcher(content).lookingAt() && !declares;
    }

    /** After the last line of what starts at a line, without blank lines. */
    private int end(int first, int to) {
        int end = first + 1;
        for (int line = first + 1; line < to && goesOn(line, first); line++) {
            end = lines.isBlank(line) ? end : line + 1;
        }
        return end;
    }

    private boolean goesOn(int line, int first) {
        return lines.isBlank(line)
                || code.startsInside(line)
                || code.depth(line) > code.depth(first)
                || code.indent(line) > code.indent(first)
                || GOES_ON.matcher(lines.content(line).strip()).lookingAt();
    }

    private Block block(int first, int declaration, int end, int level) {
        int start = lines.start(first);
        int last = lines.end(end - 1);
        if (end - declaration < 3 || level == DEEPEST || isLeading(declaration)) {
            return Block.whole(start, last, 0, "", List.of());
        }
        List<Block> parts = new ArrayList<>();
        parts.add(Block.whole(start, lines.end(declaration), 0, "", List.of()));
        parts.addAll(between(declaration + 1, end, level + 1));
        return Block.whole(start, last, level, title(declaration), parts);
    }

    /** The line without what opens the body; a statement has no title. */
    private String title(int declaration) {
        String line = lines.content(declaration).strip();
        if (STATEMENT.matcher(line).lookingAt()) {
            return "";
        }
        int end = Math.min(line.length(), LONGEST_TITLE);
        end -= Cutter.splitsPair(line, end) ? 1 : 0;
        while (end > 0 && " \t{:(".indexOf(line.charAt(end - 1)) >= 0) {
            end--;
        }
        return line.substring(0, end);
    }
}
