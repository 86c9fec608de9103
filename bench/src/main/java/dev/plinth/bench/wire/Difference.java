package dev.plinth.bench.wire;

/**
 * Something that is not the same.
 *
 * @param place a JSON pointer into the body, the name of a part of the request, or of a fact that was read
 * @param expected the official client's
 * @param actual ours
 */
record Difference(String place, String expected, String actual) {

    private static final int LONGEST = 160;

    @Override
    public String toString() {
        return place + ": " + brief(actual) + " (client: " + brief(expected) + ")";
    }

    private static String brief(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
