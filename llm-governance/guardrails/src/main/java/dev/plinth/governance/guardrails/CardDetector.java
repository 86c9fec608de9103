package dev.plinth.governance.guardrails;

import java.util.ArrayList;
import java.util.List;

/**
 * Payment card numbers: 12 to 19 digits with an issuer's prefix and length and a right check digit, in one piece or in
 * groups. Groups that stand among other numbers have to be as cards are printed (4-4-4-4, 4-6-5 and so on); else a row
 * of a table would be one.
 */
final class CardDetector implements Detector {

    private static final int MOST_DIGITS = 19;
    /** 19 digits in groups of one, and two characters after them. */
    private static final int WINDOW = 2 * MOST_DIGITS + 2;

    /** As printed; sizes of groups from the first one. */
    private static final List<List<Integer>> PRINTED =
            List.of(List.of(4, 4, 4, 4), List.of(4, 6, 5), List.of(4, 6, 4), List.of(4, 4, 4, 4, 3));

    @Override
    public void find(CharSequence text, int from, List<Finding> found) {
        for (int i = Math.max(0, from - WINDOW); i < text.length(); i++) {
            if (isDigit(text, i) && !isDigit(text, i - 1) && startsFree(text, i)) {
                int end = cardEnd(text, i);
                if (end > from) {
                    found.add(new Finding(Finding.Kind.CARD, i, end));
                }
            }
        }
    }

    @Override
    public int undecidedFrom(CharSequence text) {
        int end = text.length();
        int undecided = end;
        for (int i = end - 1; i >= Math.max(0, end - WINDOW) && (isDigit(text, i) || isSeparator(text, i)); i--) {
            if (isDigit(text, i)) {
                undecided = i;
            }
        }
        return undecided;
    }

    /** Neither a part of a word nor the digits after a decimal point. */
    private static boolean startsFree(CharSequence text, int start) {
        if (start == 0) {
            return true;
        }
        char before = text.charAt(start - 1);
        boolean decimal = (before == '.' || before == ',') && isDigit(text, start - 2);
        return !Character.isLetter(before) && !decimal;
    }

    /** Where the longest card number from here ends; -1 when there is none. */
    private static int cardEnd(CharSequence text, int start) {
        boolean runStarts = !(isSeparator(text, start - 1) && isDigit(text, start - 2));
        StringBuilder digits = new StringBuilder();
        List<Integer> sizes = new ArrayList<>();
        int best = -1;
        int i = start;
        while (digits.length() <= MOST_DIGITS) {
            int group = i;
            while (isDigit(text, i) && digits.length() <= MOST_DIGITS) {
                digits.append(text.charAt(i++));
            }
            sizes.add(i - group);
            boolean runEnds = !(isSeparator(text, i) && isDigit(text, i + 1));
            boolean shaped = sizes.size() == 1 || (runStarts && runEnds) || PRINTED.contains(sizes);
            if (shaped && endsFree(text, i) && CardNumbers.isCard(digits)) {
                best = i;
            }
            if (runEnds) {
                return best;
            }
            i++;
        }
        return best;
    }

    private static boolean endsFree(CharSequence text, int end) {
        return end >= text.length() || !Character.isLetterOrDigit(text.charAt(end));
    }

    private static boolean isDigit(CharSequence text, int index) {
        return index >= 0 && index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    /** Blanks and hyphens, those that do not break a line too. */
    private static boolean isSeparator(CharSequence text, int index) {
        return index >= 0 && index < text.length() && " -\u00a0\u202f\u2011".indexOf(text.charAt(index)) >= 0;
    }
}
