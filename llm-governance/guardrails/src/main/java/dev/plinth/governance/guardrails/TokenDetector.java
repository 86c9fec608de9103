package dev.plinth.governance.guardrails;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens that stand for masked values. */
final class TokenDetector implements Detector {

    /** The groups are the kind and the number. */
    static final Pattern TOKEN = Pattern.compile("<(EMAIL|CARD)_([1-9][0-9]{0,5})>");

    private static final int LONGEST = "<EMAIL_999999>".length();

    @Override
    public void find(CharSequence text, int from, List<Finding> found) {
        Matcher matcher = TOKEN.matcher(text).region(Math.max(0, from - LONGEST), text.length());
        while (matcher.find()) {
            if (matcher.end() > from) {
                found.add(new Finding(Finding.Kind.TOKEN, matcher.start(), matcher.end()));
            }
        }
    }

    @Override
    public int undecidedFrom(CharSequence text) {
        for (int i = text.length() - 1; i >= Math.max(0, text.length() - LONGEST); i--) {
            char character = text.charAt(i);
            if (character == '<') {
                return i;
            }
            boolean inside = (character >= 'A' && character <= 'Z') || Character.isDigit(character) || character == '_';
            if (!inside) {
                break;
            }
        }
        return text.length();
    }
}
