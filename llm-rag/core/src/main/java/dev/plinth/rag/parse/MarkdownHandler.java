package dev.plinth.rag.parse;

import dev.plinth.api.error.CancelledException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * For parsers: writes the body of an XHTML document as Markdown: headings, lists, tables and paragraphs, without links and
 * emphasis. Remembers where each page begins. Not thread-safe.
 */
public final class MarkdownHandler extends DefaultHandler {
    /** The text is longer than it may be. */
    static final class TooLongException extends SAXException {
        private static final long serialVersionUID = 1L;

        TooLongException(int maxCharacters) {
            super("more than " + maxCharacters + " characters of text");
        }
    }

    private static final Set<String> INLINE = Set.of(
            "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
            "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var");
    private static final Set<String> WITHOUT_TEXT = Set.of("head", "script", "style", "noscript", "template");
    private static final int DEEPEST_LIST = 12;
    private static final String BULLETS = "\u2022\u00b7\u25aa\u25e6\uf0b7";

    private final Set<String> pageClasses;
    private final MarkdownText out;
    private final StringBuilder block = new StringBuilder();
    private final Deque<OpenList> lists = new ArrayDeque<>();
    private String prefix = "";
    private int withoutText;
    private int preformatted;
    private int tables;
    private int tableCharacters;
    private List<List<String>> rows = new ArrayList<>();

    private static final class OpenList {
        final boolean numbered;
        int items;

        OpenList(boolean numbered) {
            this.numbered = numbered;
        }
    }

    /**
     * A handler of one document.
     *
     * @param pageClasses the classes of the elements that are pages; empty: there are none
     * @param maxCharacters the most that the text may have
     */
    public MarkdownHandler(Set<String> pageClasses, int maxCharacters) {
        this.pageClasses = pageClasses;
        this.out = new MarkdownText(maxCharacters);
    }

    /** What was written so far. */
    public String text() {
        return out.text();
    }

    /** Where each page begins in the text, the first at 0; empty when there are none. */
    public List<Integer> pages() {
        return out.pages();
    }

    /** Whether a handler has thrown this, or what has caused this, because its text became longer than it may be. */
    public static boolean isTooLong(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof TooLongException) {
                return true;
            }
        }
        return false;
    }

    /** The text with single spaces for all white space. */
    public static String oneLine(String text) {
        return text.replaceAll("[\\s\\u00a0]+", " ").strip();
    }

    @Override
    public void startElement(String uri, String localName, String qName, Attributes attributes) throws SAXException {
        String name = localName.toLowerCase(Locale.ROOT);
        if (withoutText > 0 || WITHOUT_TEXT.contains(name)) {
            withoutText++;
            return;
        }
        if (INLINE.contains(name)) {
            return;
        }
        if (name.equals("br")) {
            block.append(tables > 0 ? ' ' : '\n');
            return;
        }
        if (tables > 0) {
            startInTable(name);
            return;
        }
        endBlock();
        switch (name) {
            case "h1", "h2", "h3", "h4", "h5", "h6" -> prefix = "#".repeat(name.charAt(1) - '0') + " ";
            case "ul", "ol" -> lists.push(new OpenList(name.equals("ol")));
            case "li" -> startItem();
            case "pre" -> preformatted++;
            case "table" -> tables++;
            case "div" -> {
                if (pageClasses.contains(String.valueOf(attributes.getValue("class")))) {
                    out.startPage();
                }
            }
            default -> {}
        }
    }

    private void startInTable(String name) throws SAXException {
        switch (name) {
            case "table" -> tables++;
            case "tr" -> {
                if (tables == 1) {
                    endBlock(); // a caption
                    rows.add(new ArrayList<>());
                }
            }
            default -> block.append(' '); // what would be a block of its own elsewhere
        }
    }

    private void startItem() {
        OpenList list = lists.peek();
        String mark = list != null && list.numbered ? ++list.items + ". " : "- ";
        prefix = "  ".repeat(Math.max(0, Math.min(lists.size(), DEEPEST_LIST) - 1)) + mark;
    }

    @Override
    public void endElement(String uri, String localName, String qName) throws SAXException {
        String name = localName.toLowerCase(Locale.ROOT);
        if (withoutText > 0) {
            withoutText--;
            return;
        }
        if (INLINE.contains(name) || name.equals("br")) {
            return;
        }
        if (tables > 0) {
            endInTable(name);
            return;
        }
        endBlock();
        switch (name) {
            case "ul", "ol" -> lists.poll();
            case "pre" -> preformatted--;
            case "h1", "h2", "h3", "h4", "h5", "h6", "li" -> prefix = "";
            default -> {}
        }
    }

    private void endInTable(String name) throws SAXException {
        boolean outermost = tables == 1;
        switch (name) {
            case "td", "th" -> {
                if (outermost) {
                    if (rows.isEmpty()) {
                        rows.add(new ArrayList<>());
                    }
                    addCell(rows.get(rows.size() - 1), oneLine(block.toString()));
                    block.setLength(0);
                } else {
                    block.append(' ');
                }
            }
            case "table" -> {
                tables--;
                if (outermost) {
                    endTable();
                }
            }
            default -> block.append(' ');
        }
    }

    private void addCell(List<String> row, String cell) throws SAXException {
        tableCharacters += cell.length() + 3; // the marks around it
        out.room(tableCharacters);
        row.add(cell);
    }

    /** What stands in a table but in no cell follows it. */
    private void endTable() throws SAXException {
        out.table(rows);
        rows = new ArrayList<>();
        tableCharacters = 0;
        endBlock();
    }

    private void endBlock() throws SAXException {
        if (preformatted > 0) {
            out.code(block.toString());
        } else if (prefix.isEmpty()) {
            paragraph(MarkdownText.lines(block.toString()));
        } else if (out.block(prefix + oneLine(block.toString()), !prefix.startsWith("#"))) {
            prefix = "";
        }
        block.setLength(0);
    }

    /** Word processors hand lists over as paragraphs that begin with a bullet. */
    private void paragraph(String text) throws SAXException {
        boolean bullet =
                text.length() > 2 && BULLETS.indexOf(text.charAt(0)) >= 0 && Character.isWhitespace(text.charAt(1));
        out.block(bullet ? "- " + text.substring(2).strip() : text, bullet);
    }

    @Override
    public void characters(char[] characters, int start, int length) throws SAXException {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("thread: interrupted (expected: not before the file was read)");
        }
        if (withoutText == 0) {
            out.room((block.length() + length) / 2); // white space of it goes
            block.append(characters, start, length);
        }
    }

    @Override
    public void ignorableWhitespace(char[] characters, int start, int length) throws SAXException {
        characters(characters, start, length);
    }

    @Override
    public void endDocument() throws SAXException {
        endBlock();
    }
}
