package dev.plinth.rag.split;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads HTML tag by tag; what is no markup is text, whatever it looks like. In a time linear in the text. */
final class HtmlTokens {
    private static final Set<String> HIDDEN = Set.of("script", "style", "template");
    private static final Pattern REFERENCE = Pattern.compile("&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-z]{2,6});");

    enum Kind {
        TEXT,
        START,
        END,
        COMMENT,
        /** An element whose content nobody reads, as a whole. */
        HIDDEN
    }

    /** @param name of a tag, in lower case, else empty */
    record Token(Kind kind, int start, int end, String name) {}

    private final String text;
    private final int end;
    /** Of the last {@code >}: no tag ends after it. */
    private final int lastClosing;

    private int position;
    /** Whether quotes in tags are heeded: no longer once one has swallowed the rest of the text. */
    private boolean quotes = true;

    HtmlTokens(String text, int start, int end) {
        this.text = text;
        this.position = start;
        this.end = end;
        this.lastClosing = text.lastIndexOf('>', end - 1);
    }

    /** The next part, or null at the end. */
    @Nullable
    Token next() {
        if (position >= end) {
            return null;
        }
        Token markup = text.charAt(position) == '<' ? markup() : null;
        Token token = markup == null ? text() : markup;
        position = token.end();
        return token;
    }

    /** Goes to the end of the element whose start tag was read last, with the like elements inside; returns it. */
    int skipElement(String name) {
        int depth = 1;
        Token token = next();
        while (token != null) {
            if (token.name().equals(name)) {
                depth += token.kind() == Kind.START ? 1 : -1;
                if (depth == 0) {
                    return token.end();
                }
            }
            token = next();
        }
        return end;
    }

    /** The words of a piece of HTML, without tags. */
    static String text(String html, int start, int end) {
        HtmlTokens tokens = new HtmlTokens(html, start, end);
        StringBuilder words = new StringBuilder();
        Token token = tokens.next();
        while (token != null) {
            if (token.kind() == Kind.TEXT) {
                words.append(html, token.start(), token.end());
            } else if (token.name().equals("br")) {
                words.append(' ');
            }
            token = tokens.next();
        }
        return REFERENCE
                .matcher(words)
                .replaceAll(reference -> Matcher.quoteReplacement(character(reference.group(1), reference.group())))
                .replaceAll("[\\s\\u00A0]+", " ")
                .trim();
    }

    private static String character(String name, String otherwise) {
        if (name.charAt(0) == '#') {
            boolean hex = Character.toLowerCase(name.charAt(1)) == 'x';
            int codePoint = hex ? Integer.parseInt(name.substring(2), 16) : Integer.parseInt(name.substring(1));
            return Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : otherwise;
        }
        return switch (name) {
            case "amp" -> "&";
            case "lt" -> "<";
            case "gt" -> ">";
            case "quot" -> "\"";
            case "apos" -> "'";
            case "nbsp" -> " ";
            case "ndash" -> "\u2013";
            case "mdash" -> "\u2014";
            default -> otherwise;
        };
    }

    private Token text() {
        int next = position + 1;
        while (next < end && text.charAt(next) != '<') {
            next++;
        }
        return new Token(Kind.TEXT, position, next, "");
    }

    /** What starts with the {@code <} here, or null if that is text. */
    private @Nullable Token markup() {
        if (text.startsWith("<!--", position)) {
            return new Token(Kind.COMMENT, position, after("-->", position + 4), "");
        }
        if (position + 1 < end && "!?".indexOf(text.charAt(position + 1)) >= 0) {
            return new Token(Kind.COMMENT, position, after(">", position + 2), "");
        }
        boolean endTag = text.startsWith("</", position);
        int nameStart = position + (endTag ? 2 : 1);
        int nameEnd = nameStart;
        while (nameEnd < end && isNamePart(text.charAt(nameEnd), nameEnd == nameStart)) {
            nameEnd++;
        }
        if (nameEnd == nameStart || nameEnd > lastClosing) {
            return null;
        }
        String name = text.substring(nameStart, nameEnd).toLowerCase(Locale.ROOT);
        int tagEnd = tagEnd(nameEnd);
        if (!endTag && HIDDEN.contains(name)) {
            return new Token(Kind.HIDDEN, position, hiddenEnd(name, tagEnd), "");
        }
        return new Token(endTag ? Kind.END : Kind.START, position, tagEnd, name);
    }

    private static boolean isNamePart(char c, boolean first) {
        boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        return letter || !first && (c >= '0' && c <= '9' || c == '-' || c == ':');
    }

    /** After the {@code >} that is in no quotes; if there is none, after the first one, here and in all tags to come. */
    private int tagEnd(int from) {
        char quote = 0;
        for (int i = from; i < end && quotes; i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '>') {
                return i + 1;
            } else if ((c == '"' || c == '\'') && text.charAt(i - 1) == '=') {
                quote = c;
            }
        }
        quotes = false;
        return after(">", from);
    }

    private int hiddenEnd(String name, int from) {
        for (int i = from; i < end; i++) {
            if (text.regionMatches(true, i, "</" + name, 0, name.length() + 2)) {
                return after(">", i);
            }
        }
        return end;
    }

    private int after(String mark, int from) {
        for (int i = from; i + mark.length() <= end; i++) {
            if (text.startsWith(mark, i)) {
                return i + mark.length();
            }
        }
        return end;
    }
}
