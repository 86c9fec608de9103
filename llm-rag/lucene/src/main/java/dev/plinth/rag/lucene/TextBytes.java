package dev.plinth.rag.lucene;

import dev.plinth.rag.index.SortableBytes;
import dev.plinth.rag.text.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;
import org.apache.lucene.util.BytesRef;

/**
 * Texts as terms, and as parts of terms: the bytes of {@link SortableBytes}, which leave 0xF0 to 0xFF as marks.
 */
final class TextBytes {
    /** What is longer is cut, since a term has at most 32,766 bytes: three parts and their marks fit into that. */
    static final int LONGEST = 8_000;

    /** Ends a part of a term. */
    static final byte END = (byte) 0xFD;

    private static final byte CUT = (byte) 0xFE;

    private TextBytes() {}

    static boolean isLong(String text) {
        return SortableBytes.of(text).length > LONGEST;
    }

    /** The text as a part of a term: whole, or if it is long, {@link #cutStart} and its hash. */
    static byte[] part(String text) {
        byte[] bytes = SortableBytes.of(text);
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
        byte[] start = Arrays.copyOf(SortableBytes.of(text), LONGEST + 1);
        start[LONGEST] = CUT;
        return start;
    }

    /** A set of texts as a part of a term. */
    static byte[] part(Collection<String> texts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String text : new TreeSet<>(texts)) {
            all.writeBytes(SortableBytes.of(text));
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
