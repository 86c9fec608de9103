package dev.plinth.providers.llamacpp;

import java.util.ArrayList;
import java.util.List;

/** Grammars of the numbers between two bounds, digit by digit. */
final class NumberGrammar {

    /** The most a bound may be away from zero: 16 digits. */
    static final long MOST = 9_999_999_999_999_999L;

    private static final String FRACTION = "(\".\" [0-9]{1,15})?";
    private static final String NO_FRACTION = "(\".\" \"0\"{1,15})?";

    private NumberGrammar() {}

    /** The integers from least to most, which are in order and at most {@link #MOST} away from zero. */
    static String integers(long least, long most) {
        List<String> alternatives = new ArrayList<>();
        if (least < 0) {
            alternatives.add("\"-\" (" + natural(Math.max(1, -most), -least) + ")");
        }
        if (most >= 0) {
            alternatives.add(natural(Math.max(0, least), most));
        }
        return String.join(" | ", alternatives);
    }

    /** The numbers from least to most, fractions included. */
    static String numbers(long least, long most) {
        List<String> alternatives = new ArrayList<>();
        if (least < 0) {
            alternatives.add("\"-\" (" + decimal(Math.max(0, -most), -least) + ")");
        }
        if (most >= 0) {
            alternatives.add(decimal(Math.max(0, least), most));
        }
        return String.join(" | ", alternatives);
    }

    private static String decimal(long least, long most) {
        String last = "\"" + most + "\" " + NO_FRACTION;
        return least == most ? last : "(" + natural(least, most - 1) + ") " + FRACTION + " | " + last;
    }

    private static String natural(long least, long most) {
        List<String> alternatives = new ArrayList<>();
        long from = least;
        while (from <= most) {
            long sameLength = (long) Math.pow(10, Long.toString(from).length()) - 1;
            long to = Math.min(most, sameLength);
            alternatives.add(digits(Long.toString(from), Long.toString(to)));
            from = to + 1;
        }
        return String.join(" | ", alternatives);
    }

    /** The numbers of one length from one to the other. */
    private static String digits(String least, String most) {
        if (least.equals(most)) {
            return "\"" + least + "\"";
        }
        int rest = least.length() - 1;
        char first = least.charAt(0);
        char last = most.charAt(0);
        if (rest == 0) {
            return digit(first, last);
        }
        String restLeast = least.substring(1);
        String restMost = most.substring(1);
        if (first == last) {
            return "\"" + first + "\" (" + digits(restLeast, restMost) + ")";
        }
        List<String> alternatives = new ArrayList<>();
        char low = first;
        char high = last;
        if (!restLeast.equals("0".repeat(rest))) {
            alternatives.add("\"" + first + "\" (" + digits(restLeast, "9".repeat(rest)) + ")");
            low++;
        }
        boolean cutAbove = !restMost.equals("9".repeat(rest));
        high -= (char) (cutAbove ? 1 : 0);
        if (low <= high) {
            alternatives.add(digit(low, high) + " [0-9]{" + rest + "}");
        }
        if (cutAbove) {
            alternatives.add("\"" + last + "\" (" + digits("0".repeat(rest), restMost) + ")");
        }
        return String.join(" | ", alternatives);
    }

    private static String digit(char low, char high) {
        return low == high ? "\"" + low + "\"" : "[" + low + "-" + high + "]";
    }
}
