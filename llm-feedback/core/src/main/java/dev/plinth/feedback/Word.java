package dev.plinth.feedback;

/**
 * A word, a sign or a symbol of a text.
 *
 * @param start where it begins in the text
 * @param key what it is compared by: its own text in Unicode normal form C
 */
record Word(int start, String key) {}
