package dev.plinth.governance.guardrails;

import java.util.List;

/** What a number must be to be a payment card's: issuers by ISO/IEC 7812 prefix, and Luhn's check digit. */
final class CardNumbers {

    /** Prefixes from one to another, both of the same length, and the lengths of the whole number. */
    private record Issuer(int from, int to, int least, int most) {
        boolean issues(CharSequence digits) {
            if (digits.length() < least || digits.length() > most) {
                return false;
            }
            int size = Integer.toString(from).length();
            int prefix = Integer.parseInt(digits, 0, size, 10);
            return prefix >= from && prefix <= to;
        }
    }

    // Visa's numbers of 13 digits are long gone; article numbers (EAN) of 13 digits that start with 4 are everywhere.
    private static final List<Issuer> ISSUERS = List.of(
            new Issuer(4, 4, 16, 16), // Visa
            new Issuer(4, 4, 19, 19),
            new Issuer(51, 55, 16, 16), // Mastercard
            new Issuer(2221, 2720, 16, 16),
            new Issuer(34, 34, 15, 15), // American Express
            new Issuer(37, 37, 15, 15),
            new Issuer(300, 305, 14, 14), // Diners Club
            new Issuer(3095, 3095, 14, 14),
            new Issuer(36, 36, 14, 14),
            new Issuer(38, 39, 14, 14),
            new Issuer(6011, 6011, 16, 19), // Discover
            new Issuer(644, 659, 16, 19),
            new Issuer(3528, 3589, 16, 19), // JCB
            new Issuer(62, 62, 16, 19), // UnionPay
            new Issuer(81, 82, 16, 16), // RuPay
            new Issuer(2200, 2204, 16, 19), // Mir
            new Issuer(5018, 5018, 12, 19), // Maestro
            new Issuer(5020, 5020, 12, 19),
            new Issuer(5038, 5038, 12, 19),
            new Issuer(5893, 5893, 12, 19),
            new Issuer(6304, 6304, 12, 19),
            new Issuer(6759, 6759, 12, 19),
            new Issuer(6761, 6763, 12, 19));

    private CardNumbers() {}

    /** Whether these digits, without separators, are a card's number. */
    static boolean isCard(CharSequence digits) {
        return ISSUERS.stream().anyMatch(issuer -> issuer.issues(digits)) && passesLuhn(digits);
    }

    private static boolean passesLuhn(CharSequence digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int weighed = i % 2 == 0 ? digit : 2 * digit;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return sum % 10 == 0;
    }
}
