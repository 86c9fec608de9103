package dev.plinth.rag.split;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of a Markdown text after CommonMark and the table extension of GitHub, as far as a splitter needs them:
 * headings, fences, tables, list items, paragraphs. The patterns give nothing back that they have taken, so that no line
 * is too long for them.
 */
final class MarkdownBlocks {
    private static final Pattern ATX = Pattern.compile(" {0,3}+(#{1,6}+)(?:[ \\t]++(.*+))?+");
    private static final Pattern SETEXT = Pattern.compile(" {0,3}+(=++|-++)[ \\t]*+");
    private static final Pattern FENCE = Pattern.compile("[ \\t]*+(`{3,}+|~{3,}+)([^`]*+|(?<=~).*+)");
    private static final String RULE_CELL = "[ \\t]*+:?+-++:?+[ \\t]*+";
    private static final Pattern TABLE_RULE =
            Pattern.compile("[ \\t]*+\\|?+" + RULE_CELL + "(\\|" + RULE_CELL + ")*+\\|?+[ \\t]*+");
    private static final Pattern ITEM = Pattern.compile("[ \\t]*+(?:[-*+]|\\d{1,9}+[.)])(?:[ \\t].*+|$)");
    private static final Pattern THEMATIC_BREAK = Pattern.compile(" {0,3}+([-*_])[ \\t]*+(\\1[ \\t]*+){2,}+");

    private final Lines lines;
    private final List<Block> blocks = new ArrayList<>();
    private int line;

    private MarkdownBlocks(Lines lines) {
        this.lines = lines;
    }

    static List<Block> of(Lines lines) {
        return new MarkdownBlocks(lines).read();
    }

    private List<Block> read() {
        frontMatter();
        while (line < lines.count()) {
            if (lines.isBlank(line)) {
                line++;
            } else if (!atxHeading() && !fence() && !table()) {
                textOrSetextHeading();
            }
        }
        return blocks;
    }

    private void frontMatter() {
        if (lines.count() == 0 || !lines.content(0).equals("---")) {
            return;
        }
        for (int last = 1; last < lines.count(); last++) {
            if (lines.content(last).equals("---")) {
                add(Block.Kind.VERBATIM, last + 1);
                return;
            }
            if (lines.isBlank(last)) {
                return;
            }
        }
    }

    private boolean atxHeading() {
        Matcher matcher = ATX.matcher(lines.content(line));
        if (!matcher.matches()) {
            return false;
        }
        String title = matcher.group(2) == null ? "" : matcher.group(2);
        addHeading(line + 1, matcher.group(1).length(), withoutClosing(title.trim()));
        return true;
    }

    /** Without the marks at the end, if they stand alone or after white space. */
    private static String withoutClosing(String title) {
        int end = title.length();
        while (end > 0 && title.charAt(end - 1) == '#') {
            end--;
        }
        boolean closes = end == 0 || " \t".indexOf(title.charAt(end - 1)) >= 0;
        return closes ? title.substring(0, end).trim() : title;
    }

    private boolean fence() {
        Matcher opening = FENCE.matcher(lines.content(line));
        if (!opening.matches()) {
            return false;
        }
        String marks = opening.group(1);
        int last = line + 1;
        while (last < lines.count() && !closes(lines.content(last), marks)) {
            last++;
        }
        add(Block.Kind.VERBATIM, Math.min(last + 1, lines.count()));
        return true;
    }

    private static boolean closes(String content, String marks) {
        String trimmed = content.trim();
        char mark = marks.charAt(0);
        return trimmed.length() >= marks.length() && trimmed.chars().allMatch(c -> c == mark);
    }

    private boolean table() {
        if (!startsTable(line)) {
            return false;
        }
        int last = line + 2;
        while (last < lines.count()
                && !lines.isBlank(last)
                && lines.content(last).indexOf('|') >= 0) {
            last++;
        }
        add(Block.Kind.VERBATIM, last);
        return true;
    }

    private boolean startsTable(int candidate) {
        if (candidate + 1 >= lines.count() || lines.content(candidate).indexOf('|') < 0) {
            return false;
        }
        String rule = lines.content(candidate + 1);
        return rule.indexOf('|') >= 0 && TABLE_RULE.matcher(rule).matches();
    }

    /**
     * A paragraph or a list item runs to a blank line or the start of another block; a paragraph underlined with = or -
     * is a heading.
     */
    private void textOrSetextHeading() {
        boolean item = isItem(line);
        int last = line + 1;
        while (last < lines.count() && !lines.isBlank(last)) {
            String content = lines.content(last);
            if (!item && SETEXT.matcher(content).matches()) {
                addHeading(last + 1, content.indexOf('=') >= 0 ? 1 : 2, title(line, last));
                return;
            }
            if (startsBlock(last)) {
                break;
            }
            last++;
        }
        add(item ? Block.Kind.LIST_ITEM : Block.Kind.PARAGRAPH, last);
    }

    private boolean startsBlock(int candidate) {
        String content = lines.content(candidate);
        return ATX.matcher(content).matches()
                || FENCE.matcher(content).matches()
                || isItem(candidate)
                || startsTable(candidate);
    }

    private boolean isItem(int candidate) {
        String content = lines.content(candidate);
        return ITEM.matcher(content).matches()
                && !THEMATIC_BREAK.matcher(content).matches();
    }

    private String title(int from, int to) {
        StringBuilder title = new StringBuilder();
        for (int i = from; i < to; i++) {
            title.append(i == from ? "" : " ").append(lines.content(i).trim());
        }
        return title.toString();
    }

    private void add(Block.Kind kind, int nextLine) {
        blocks.add(Block.of(kind, lines.start(line), lines.end(nextLine - 1)));
        line = nextLine;
    }

    private void addHeading(int nextLine, int level, String title) {
        blocks.add(Block.heading(lines.start(line), lines.end(nextLine - 1), level, title));
        line = nextLine;
    }
}
