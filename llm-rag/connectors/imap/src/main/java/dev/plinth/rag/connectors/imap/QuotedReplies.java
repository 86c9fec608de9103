package dev.plinth.rag.connectors.imap;

import java.util.List;
import java.util.regex.Pattern;

/** Leaves out what a reply repeats of the mails before it, where it stands at the end. */
final class QuotedReplies {
    /** After such a line everything is repeated, quoted or not. */
    private static final Pattern ORIGINAL = Pattern.compile(
            "(?i)\\s*-{2,}\\s*(original message|original appointment|urspr\u00fcngliche nachricht|message d'origine|mensaje original)\\s*-{2,}\\s*");

    /** Such a line tells who wrote what is quoted below it; it may be broken in two. */
    private static final Pattern WROTE =
            Pattern.compile("(?i).*(wrote|schrieb.*|a \u00e9crit|escribi\u00f3|ha scritto)\\s*:\\s*");

    private static final Pattern QUOTED = Pattern.compile("\\s*>.*");

    private QuotedReplies() {}

    /** The text as it is, if nothing would be left of it. */
    static String trim(String text) {
        List<String> lines = text.lines().toList();
        int end = lines.size();
        for (int i = 0; i < end; i++) {
            if (ORIGINAL.matcher(lines.get(i)).matches()) {
                end = i;
            }
        }
        int last = back(lines, end);
        boolean quoted = false;
        while (last > 0 && QUOTED.matcher(lines.get(last - 1)).matches()) {
            last = back(lines, last - 1);
            quoted = true;
        }
        if (quoted) {
            end = last;
            if (last > 0 && tellsWhoWrote(lines.get(last - 1))) {
                boolean broken = last > 1
                        && !lines.get(last - 2).isBlank()
                        && !lines.get(last - 1).matches("(?i)\\s*(on|am|le|el|il)\\b.*");
                end = last - (broken ? 2 : 1);
            }
        }
        String kept = String.join("\n", lines.subList(0, end)).stripTrailing();
        return kept.isBlank() ? text : kept;
    }

    private static boolean tellsWhoWrote(String line) {
        return line.length() < 500 && WROTE.matcher(line).matches();
    }

    /** Behind the last line that is not blank. */
    private static int back(List<String> lines, int from) {
        int end = from;
        while (end > 0 && lines.get(end - 1).isBlank()) {
            end--;
        }
        return end;
    }
}
