package dev.plinth.governance.guardrails;

/**
 * Something found in a text.
 *
 * @param start index of its first character
 * @param end index after its last character
 */
record Finding(Kind kind, int start, int end) {

    enum Kind {
        EMAIL,
        CARD,
        /** A token that may stand for a value. */
        TOKEN
    }
}
