package dev.plinth.rag.lucene;

import dev.plinth.rag.text.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;
import org.apache.lucene.util.BytesRef;

/**
 * Texts as bytes that sort as the UTF-16 code units of the texts do, which UTF-8 does not, and that keep unpaired
 * surrogates apart, which UTF-8 cannot: every code unit is written as UTF-8 writes a code point of that number (CESU-8).
 * The bytes 0xF0 to 0xFF never occur, so some of them serve as marks.
 */
final class TextBytes {
    /** What is longer is cut, since a term has at most 32,766 bytes: three parts and their marks fit into that. */
    static final int LONGEST = 8_000;

    /** Ends a part of a term. */
    static final byte END = (byte) 0xFD;

    private static final byte CUT = (byte) 0xFE;

    private TextBytes() {}

    static byte[] of(String text) {
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

    static String text(BytesRef bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int at = bytes.offset;
        int end = bytes.offset + bytes.length;
        while (at < end) {
            int first = bytes.bytes[at++] & 0xFF;
            if (first < 0x80) {
                text.append((char) first);
            } else if (first < 0xE0) {
                text.append((char) ((first & 0x1F) << 6 | bytes.bytes[at++] & 0x3F));
            } else {
                int second = bytes.bytes[at++] & 0x3F;
                text.append((char) ((first & 0x0F) << 12 | second << 6 | bytes.bytes[at++] & 0x3F));
            }
        }
        return text.toString();
    }

    static boolean isLong(String text) {
        return of(text).length > LONGEST;
    }

    /** The text as a part of a term: whole, or if it is long, {@link #cutStart} and its hash. */
    static byte[] part(String text) {
        byte[] bytes = of(text);
        if (bytes.length <= LONGEST) {
            return bytes;
        }
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        part.writeBytes(cutStart(text));
        part.writeBytes(Sha256.of(bytes).getBytes(StandardCharsets.US_ASCII));
        return part.toByteArray();
    }

    /** How the parts of all long texts begin that are the same for as far as is kept. */
    static byte[] cutStart(String text) {
        byte[] start = Arrays.copyOf(of(text), LONGEST + 1);
        start[LONGEST] = CUT;
        return start;
    }

    /** A set of texts as a part of a term. */
    static byte[] part(Collection<String> texts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String text : new TreeSet<>(texts)) {
            all.writeBytes(of(text));
            all.write(END);
        }
        return Sha256.of(all.toByteArray()).getBytes(StandardCharsets.US_ASCII);
    }

    /** A term: its kind, and parts of which all but the last are ended. */
    static BytesRef term(char kind, byte[]... parts) {
        ByteArrayOutputStream term = new ByteArrayOutputStream();
        term.write(kind);
        for (int i = 0; i < parts.length; i++) {
            term.writeBytes(parts[i]);
            if (i < parts.length - 1) {
                term.write(END);
            }
        }
        return new BytesRef(term.toByteArray());
    }

    /** The term behind this one; none is between them. */
    static BytesRef justAfter(BytesRef term) {
        byte[] bytes = Arrays.copyOfRange(term.bytes, term.offset, term.offset + term.length + 1);
        bytes[term.length] = 0;
        return new BytesRef(bytes);
    }

    /** Behind all terms that begin so, and before all others that are behind these. */
    static BytesRef after(BytesRef start) {
        BytesRef after = BytesRef.deepCopyOf(start);
        after.bytes[after.offset + after.length - 1]++;
        return after;
    }
}
