package dev.plinth.providers;

import java.nio.charset.StandardCharsets;

/** Percent-encoding for addresses: of every byte of UTF-8 but the unreserved ones of RFC 3986. */
public final class Percent {

    private static final String HEX = "0123456789ABCDEF";

    private Percent() {}

    /** A text that stands for itself wherever it is put. */
    public static String encode(String text) {
        return encode(text, "");
    }

    /** The same, but for these ASCII characters. */
    public static String encode(String text, String kept) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            if (isUnreserved(character) || kept.indexOf(character) >= 0) {
                encoded.append(character);
            } else {
                encoded.append('%').append(HEX.charAt(character >> 4)).append(HEX.charAt(character & 0xf));
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '-'
                || character == '_'
                || character == '.'
                || character == '~';
    }
}
