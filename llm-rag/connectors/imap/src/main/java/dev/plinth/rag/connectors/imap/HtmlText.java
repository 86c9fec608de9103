package dev.plinth.rag.connectors.imap;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a mail written in HTML: what stands between the tags, a line for each block. */
final class HtmlText {
    // No tag goes over another one's start: or a mail of nothing but starts would take for ever.
    private static final Pattern HIDDEN =
            Pattern.compile("(?is)<!--.*?(-->|$)|<(script|style|head|title)\\b[^<>]*>.*?(</\\2\\s*>|$)");
    private static final Pattern BLOCK = Pattern.compile(
            "(?i)</?(address|article|blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|section|table|td|th|tr|ul)\\b[^<>]*>");
    private static final Pattern TAG = Pattern.compile("</?[A-Za-z!?][^<>]*>");
    private static final Pattern ENTITY = Pattern.compile("&(#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});");
    private static final Map<String, String> NAMED = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("nbsp", " "),
            Map.entry("auml", "\u00e4"),
            Map.entry("ouml", "\u00f6"),
            Map.entry("uuml", "\u00fc"),
            Map.entry("Auml", "\u00c4"),
            Map.entry("Ouml", "\u00d6"),
            Map.entry("Uuml", "\u00dc"),
            Map.entry("szlig", "\u00df"),
            Map.entry("eacute", "\u00e9"),
            Map.entry("egrave", "\u00e8"),
            Map.entry("agrave", "\u00e0"),
            Map.entry("ccedil", "\u00e7"),
            Map.entry("ntilde", "\u00f1"),
            Map.entry("euro", "\u20ac"),
            Map.entry("copy", "\u00a9"),
            Map.entry("hellip", "\u2026"),
            Map.entry("ndash", "\u2013"),
            Map.entry("mdash", "\u2014"),
            Map.entry("lsquo", "\u2018"),
            Map.entry("rsquo", "\u2019"),
            Map.entry("ldquo", "\u201c"),
            Map.entry("rdquo", "\u201d"),
            Map.entry("bull", "\u2022"));

    private HtmlText() {}

    static String of(String html) {
        String text = HIDDEN.matcher(html).replaceAll(" ").replaceAll("\\s+", " ");
        text = BLOCK.matcher(text).replaceAll("\n");
        text = TAG.matcher(text).replaceAll("");
        text = ENTITY.matcher(text).replaceAll(match -> Matcher.quoteReplacement(character(match.group(1))));
        // A run of spaces, such as tags between spaces leave, is gone through once and not from each of its spaces.
        text = text.replaceAll("\n +", "\n").replaceAll("(?<! ) +\n", "\n");
        return text.replaceAll("\n{3,}", "\n\n").strip();
    }

    /** An entity that is not known stays as it is. */
    private static String character(String entity) {
        if (entity.charAt(0) != '#') {
            return NAMED.getOrDefault(entity, "&" + entity + ";");
        }
        boolean hex = entity.toLowerCase(Locale.ROOT).startsWith("#x");
        int code = hex ? Integer.parseInt(entity.substring(2), 16) : Integer.parseInt(entity.substring(1));
        return Character.isValidCodePoint(code) && code != 0 ? Character.toString(code) : "\ufffd";
    }
}
