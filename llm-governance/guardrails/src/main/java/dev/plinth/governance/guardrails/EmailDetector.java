package dev.plinth.governance.guardrails;

import java.util.List;

/**
 * E-mail addresses as people write them: at most 64 characters before the at sign and 254 after it (RFC 5321, section
 * 4.5.3.1), a domain of at least two labels (RFC 1035), the last one of letters. Letters are those of any script (RFC
 * 6531). Of the local part's characters those are left out that more often delimit an address than belong to it.
 */
final class EmailDetector implements Detector {

    private static final int MOST_LOCAL = 64;
    private static final int MOST_DOMAIN = 254;
    private static final String LOCAL_MARKS = "._%+-'";

    @Override
    public void find(CharSequence text, int from, List<Finding> found) {
        for (int at = Math.max(1, from - MOST_DOMAIN - 1); at < text.length(); at++) {
            if (text.charAt(at) != '@') {
                continue;
            }
            int start = localStart(text, at);
            int end = start == at ? at : domainEnd(text, at + 1);
            if (end > from && end > at && !isGitRemote(text, start, at, end)) {
                found.add(new Finding(Finding.Kind.EMAIL, start, end));
            }
        }
    }

    @Override
    public int undecidedFrom(CharSequence text) {
        int end = text.length();
        int domain = end;
        while (domain > 0 && end - domain <= MOST_DOMAIN && isDomain(text.charAt(domain - 1))) {
            domain--;
        }
        boolean open = domain > 0 && end - domain <= MOST_DOMAIN && text.charAt(domain - 1) == '@';
        return runStart(text, open ? domain - 1 : end);
    }

    /** Where the characters begin that may stand before an at sign at this index. */
    private static int runStart(CharSequence text, int at) {
        int start = at;
        while (start > 0 && at - start < MOST_LOCAL && isLocal(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /** Where the local part begins; at the at sign when there is none. */
    private static int localStart(CharSequence text, int at) {
        int start = afterEscape(text, runStart(text, at), at);
        for (int i = at - 1; i > start; i--) {
            if (text.charAt(i) == '.' && text.charAt(i - 1) == '.') {
                start = i + 1;
            }
        }
        while (start < at && !isWordPart(text.charAt(start))) {
            start++;
        }
        return start;
    }

    /** In JSON the n of a line break written as \n touches the word after it; taking it away would break the escape. */
    private static int afterEscape(CharSequence text, int start, int at) {
        int backslashes = 0;
        while (backslashes < start && text.charAt(start - 1 - backslashes) == '\\') {
            backslashes++;
        }
        if (backslashes % 2 == 0 || start == at) {
            return start;
        }
        char escaped = text.charAt(start);
        return Math.min(at, start + (escaped == 'u' ? 5 : "nrtbf".indexOf(escaped) >= 0 ? 1 : 0));
    }

    /** Where the longest domain from here ends; -1 when there is none. */
    private static int domainEnd(CharSequence text, int start) {
        int most = Math.min(text.length(), start + MOST_DOMAIN);
        int best = -1;
        int label = start;
        while (label < most && text.charAt(label) != '-') {
            int end = label;
            while (end < most && text.charAt(end) != '.' && isDomain(text.charAt(end))) {
                end++;
            }
            if (label > start) {
                best = Math.max(best, topLevelEnd(text, label, end));
            }
            boolean more = end > label && end < most && text.charAt(end) == '.' && text.charAt(end - 1) != '-';
            if (!more) {
                return best;
            }
            label = end + 1;
        }
        return best;
    }

    /** Where the top-level domain at the start of this label ends, whatever is stuck to it; -1 when there is none. */
    private static int topLevelEnd(CharSequence text, int start, int labelEnd) {
        int end = start;
        while (end < labelEnd && text.charAt(end) != '-' && !Character.isDigit(text.charAt(end))) {
            end++;
        }
        boolean encoded = labelEnd - end > 2
                && text.subSequence(start, end).toString().equalsIgnoreCase("xn")
                && text.charAt(end + 1) == '-';
        if (encoded) {
            end = labelEnd;
            while (text.charAt(end - 1) == '-') {
                end--;
            }
        }
        return end - start >= 2 ? end : -1;
    }

    /** {@code git@host:path} is an address of a repository, not of a person. */
    private static boolean isGitRemote(CharSequence text, int start, int at, int end) {
        return end < text.length()
                && text.charAt(end) == ':'
                && text.subSequence(start, at).toString().equals("git");
    }

    private static boolean isLocal(char character) {
        return isLetterOrDigit(character) || LOCAL_MARKS.indexOf(character) >= 0;
    }

    private static boolean isWordPart(char character) {
        return isLetterOrDigit(character) || character == '_';
    }

    private static boolean isDomain(char character) {
        return isLetterOrDigit(character) || character == '-' || character == '.';
    }

    private static boolean isLetterOrDigit(char character) {
        // Marks: an accent may be a character of its own.
        return Character.isLetterOrDigit(character) || Character.getType(character) == Character.NON_SPACING_MARK;
    }
}
