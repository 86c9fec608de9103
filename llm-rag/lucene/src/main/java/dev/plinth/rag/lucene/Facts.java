package dev.plinth.rag.lucene;

import dev.plinth.api.retrieval.Filter.Operator;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.index.SortableBytes;
import dev.plinth.rag.text.Sha256;
import java.util.Arrays;
import java.util.Map;
import org.apache.lucene.document.BinaryPoint;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BytesRef;

/**
 * How the metadata of a chunk stands in the index. One Lucene field of terms for all fields of all metadata, so that
 * their names may be anything and many: a term says that a field is there, has a value, or holds a text. Numbers are
 * points as well, of two dimensions: which field, and which number.
 */
final class Facts {
    static final String TERMS = "facts";

    /** The term that every chunk has. */
    static final BytesRef CHUNK = TextBytes.term('K');

    private static final String NUMBERS = "numbers";
    private static final int POINT = 16;

    private Facts() {}

    static void addTo(Document document, Metadata metadata) {
        addTerm(document, CHUNK);
        for (Map.Entry<String, Value> fact : metadata.values().entrySet()) {
            String field = fact.getKey();
            Value value = fact.getValue();
            addTerm(document, exists(field));
            addTerm(document, equal(field, value));
            if (value instanceof Value.Texts texts) {
                texts.texts().forEach(text -> addTerm(document, contains(field, text)));
            }
            if (value.isNumber()) {
                document.add(new BinaryPoint(NUMBERS, field(field), number(value, 0x80)));
            }
        }
    }

    private static void addTerm(Document document, BytesRef term) {
        document.add(new StringField(TERMS, term, Field.Store.NO));
    }

    static BytesRef exists(String field) {
        return TextBytes.term('E', TextBytes.part(field));
    }

    static BytesRef contains(String field, String text) {
        return TextBytes.term('C', TextBytes.part(field), TextBytes.part(text));
    }

    static BytesRef equal(String field, Value value) {
        byte[] name = TextBytes.part(field);
        if (value instanceof Value.Text text) {
            return text(field, TextBytes.part(text.text()));
        }
        if (value instanceof Value.Flag flag) {
            return TextBytes.term('F', name, new byte[] {(byte) (flag.on() ? 1 : 0)});
        }
        if (value instanceof Value.Texts texts) {
            return TextBytes.term('S', name, TextBytes.part(texts.texts()));
        }
        return TextBytes.term('N', name, SortableBytes.ofNumber(value));
    }

    /** The term of a text, or the first of those whose texts begin so. */
    static BytesRef text(String field, byte[] part) {
        return TextBytes.term('T', TextBytes.part(field), part);
    }

    /** Numbers in this relation to the value, which is not that of being equal. */
    static Query numbers(String field, Operator operator, Value value) {
        boolean below = operator == Operator.LT || operator == Operator.LE;
        boolean included = operator == Operator.LE || operator == Operator.GE;
        byte[] least = new byte[POINT];
        byte[] most = new byte[POINT];
        Arrays.fill(most, (byte) 0xFF);
        if (below) {
            most = number(value, included ? 0xFF : 0);
        } else {
            least = number(value, included ? 0 : 0xFF);
        }
        return BinaryPoint.newRangeQuery(
                NUMBERS, new byte[][] {field(field), least}, new byte[][] {field(field), most});
    }

    private static byte[] field(String name) {
        return Arrays.copyOf(Sha256.bytes(SortableBytes.of(name)), POINT);
    }

    /** The number, and what puts a bound before or behind all numbers that are equal to it. */
    private static byte[] number(Value value, int side) {
        byte[] bytes = SortableBytes.ofNumber(value);
        byte[] point = Arrays.copyOf(bytes, POINT);
        point[bytes.length] = (byte) side;
        return point;
    }
}
