package dev.plinth.rag.parse;

import dev.plinth.rag.parse.MarkdownHandler.TooLongException;
import java.util.ArrayList;
import java.util.List;

/** Markdown as it grows, block by block. */
final class MarkdownText {
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> pages = new ArrayList<>();
    private final int maxCharacters;
    private int pagesToBegin;
    private boolean afterItem;

    MarkdownText(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    String text() {
        return text.toString();
    }

    /** Pages that hold nothing begin where the next one does; what stands before the first one belongs to it. */
    List<Integer> pages() {
        List<Integer> all = new ArrayList<>(pages);
        for (int i = 0; i < pagesToBegin; i++) {
            all.add(all.isEmpty() ? 0 : text.length());
        }
        return all;
    }

    void startPage() {
        pagesToBegin++;
    }

    /** Refuses text that would no longer fit. */
    void room(int characters) throws TooLongException {
        if (text.length() + (long) characters > maxCharacters) {
            throw new TooLongException(maxCharacters);
        }
    }

    /** Adds a block, unless it is blank or nothing but its mark; items of a list stand close together. */
    boolean block(String block, boolean item) throws TooLongException {
        if (block.isBlank() || block.strip().matches("#{1,6}|-|\\d+\\.")) {
            return false;
        }
        room(block.length());
        if (!text.isEmpty()) {
            text.append(item && afterItem && pagesToBegin == 0 ? "\n" : "\n\n");
        }
        for (; pagesToBegin > 0; pagesToBegin--) {
            pages.add(pages.isEmpty() ? 0 : text.length());
        }
        text.append(block);
        afterItem = item;
        return true;
    }

    /** Adds text whose white space matters. */
    void code(String code) throws TooLongException {
        if (!code.isBlank()) {
            block("```\n" + code.strip() + "\n```", false);
        }
    }

    /** Adds a table; the first row is its head. Rows and columns that are empty are left out. */
    void table(List<List<String>> cells) throws TooLongException {
        List<List<String>> rows = cells.stream()
                .filter(row -> row.stream().anyMatch(cell -> !cell.isEmpty()))
                .toList();
        int columns = rows.stream().mapToInt(MarkdownText::width).max().orElse(0);
        if (columns == 0) {
            return;
        }
        if (columns == 1) { // a frame, not a table
            for (List<String> row : rows) {
                block(row.get(0), false);
            }
            return;
        }
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            String row = row(rows.get(i), columns);
            room(table.length() + row.length()); // a row is as wide as the widest one, however little it holds
            table.append(i == 0 ? "" : "\n").append(row);
            if (i == 0) {
                table.append('\n').append('|').append(" --- |".repeat(columns));
            }
        }
        block(table.toString(), false);
    }

    private static int width(List<String> row) {
        int width = row.size();
        while (width > 0 && row.get(width - 1).isEmpty()) {
            width--;
        }
        return width;
    }

    private static String row(List<String> cells, int columns) {
        StringBuilder row = new StringBuilder("|");
        for (int column = 0; column < columns; column++) {
            String cell = column < cells.size() ? cells.get(column) : "";
            row.append(' ').append(cell.replace("|", "\\|")).append(" |");
        }
        return row.toString();
    }

    /** The text without blank lines, and without white space around its lines. */
    static String lines(String text) {
        StringBuilder lines = new StringBuilder();
        for (String line : text.split("[\\n\\r]+")) {
            String clean = MarkdownHandler.oneLine(line);
            if (!clean.isEmpty()) {
                lines.append(lines.isEmpty() ? "" : "\n").append(clean);
            }
        }
        return lines.toString();
    }
}
