package dev.plinth.rag.index;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Value;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Texts and numbers as bytes that sort, compared as unsigned ones from the first, as {@link Filter} sorts what they stand
 * for: for those who write a store whose own order is another.
 */
public final class SortableBytes {
    private SortableBytes() {}

    /**
     * A text. Every UTF-16 code unit is written as UTF-8 writes a code point of that number (CESU-8), so that unpaired
     * surrogates stay what they are. The bytes 0xF0 to 0xFF do not occur.
     */
    public static byte[] of(String text) {
        byte[] bytes = new byte[3 * text.length()];
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit < 0x80) {
                bytes[size++] = (byte) unit;
            } else if (unit < 0x800) {
                bytes[size++] = (byte) (0xC0 | unit >> 6);
                bytes[size++] = (byte) (0x80 | unit & 0x3F);
            } else {
                bytes[size++] = (byte) (0xE0 | unit >> 12);
                bytes[size++] = (byte) (0x80 | unit >> 6 & 0x3F);
                bytes[size++] = (byte) (0x80 | unit & 0x3F);
            }
        }
        return Arrays.copyOf(bytes, size);
    }

    /** The text of these bytes. */
    public static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int at = 0;
        while (at < bytes.length) {
            int first = bytes[at++] & 0xFF;
            if (first < 0x80) {
                text.append((char) first);
            } else if (first < 0xE0) {
                text.append((char) ((first & 0x1F) << 6 | bytes[at++] & 0x3F));
            } else {
                int second = bytes[at++] & 0x3F;
                text.append((char) ((first & 0x0F) << 12 | second << 6 | bytes[at++] & 0x3F));
            }
        }
        return text.toString();
    }

    /**
     * A number, whole or with a fraction, as ten bytes: the largest double that is not above it, and what is left, which
     * is less than 1,024.
     *
     * @throws IllegalArgumentException if the value is no number
     */
    public static byte[] ofNumber(Value number) {
        Check.that(number.isNumber(), "number", number, "a number");
        if (number instanceof Value.Whole whole) {
            double below = below(whole.number());
            return ofNumber(below, whole.number() - (long) below);
        }
        double decimal = ((Value.Decimal) number).number();
        return ofNumber(decimal + 0.0, 0); // a negative zero becomes zero
    }

    private static double below(long number) {
        double nearest = (double) number;
        boolean above = nearest == 0x1p63 || (long) nearest > number;
        return above ? Math.nextDown(nearest) : nearest;
    }

    private static byte[] ofNumber(double below, long rest) {
        long bits = Double.doubleToLongBits(below);
        long sorted = bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
        return ByteBuffer.allocate(Long.BYTES + Short.BYTES)
                .putLong(sorted)
                .putShort((short) rest)
                .array();
    }
}
