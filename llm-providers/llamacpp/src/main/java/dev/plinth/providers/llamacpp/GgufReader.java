package dev.plinth.providers.llamacpp;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The primitives of GGUF, little-endian. Whatever the bytes are, it reads no further than the file and takes no more
 * memory than the file has bytes for.
 */
final class GgufReader implements Closeable {

    /** An array of the metadata; its values are kept only where somebody looks at them. */
    record Array(int elementType, long length, @Nullable List<Object> values) {}

    static final int INT32 = 5;
    static final int FLOAT32 = 6;
    static final int STRING = 8;
    private static final int ARRAY = 9;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final long MAX_STRING_BYTES = 1 << 24;
    private static final long MAX_KEPT_VALUES = 1 << 22;

    private final InputStream in;
    private final long size;
    private final byte[] word = new byte[8];
    private final ByteBuffer number = ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN);
    private long position;

    GgufReader(Path file) throws IOException {
        this.size = Files.size(file);
        this.in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    }

    long position() {
        return position;
    }

    long size() {
        return size;
    }

    int u8() throws IOException {
        fill(1);
        return word[0] & 0xff;
    }

    int i32() throws IOException {
        fill(4);
        return number.getInt(0);
    }

    long u32() throws IOException {
        return i32() & 0xffff_ffffL;
    }

    long i64() throws IOException {
        fill(8);
        return number.getLong(0);
    }

    /** A count or an offset: more than half of what 64 bits hold is none. */
    long count(String name, long most) throws IOException {
        long value = i64();
        GgufFile.require(value >= 0 && value <= most, name, Long.toUnsignedString(value), "at most " + most);
        return value;
    }

    String string(String name) throws IOException {
        byte[] bytes = new byte[(int) count(name + ".length", Math.min(MAX_STRING_BYTES, size - position))];
        if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
            throw new EOFException();
        }
        position += bytes.length;
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A value of the metadata: Long, Double, Boolean, String or {@link Array}. */
    Object value(String key, boolean keepArray) throws IOException {
        int type = i32();
        return type == ARRAY ? array(key, keepArray) : scalar(key, type);
    }

    private Object scalar(String key, int type) throws IOException {
        return switch (type) {
            case 0 -> (long) u8();
            case 1 -> (long) (byte) u8();
            case 2 -> (long) (u8() | u8() << 8);
            case 3 -> (long) (short) (u8() | u8() << 8);
            case 4 -> u32();
            case INT32 -> (long) i32();
            case FLOAT32 -> (double) Float.intBitsToFloat(i32());
            case 7 -> u8() != 0;
            case STRING -> string(key);
            case 10, 11 -> i64();
            case 12 -> Double.longBitsToDouble(i64());
            default -> throw GgufFile.refused(key + ".type", Integer.toString(type), "0 to 12");
        };
    }

    private Array array(String key, boolean keep) throws IOException {
        int type = i32();
        GgufFile.require(type != ARRAY, key + ".type", "array of arrays", "an array of simple values");
        long length = count(key + ".length", size - position);
        if (!keep) {
            for (long i = 0; i < length; i++) {
                scalar(key, type);
            }
            return new Array(type, length, null);
        }
        GgufFile.require(
                length <= MAX_KEPT_VALUES, key + ".length", Long.toString(length), "at most " + MAX_KEPT_VALUES);
        List<Object> values = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            values.add(scalar(key, type));
        }
        return new Array(type, length, values);
    }

    private void fill(int bytes) throws IOException {
        if (in.readNBytes(word, 0, bytes) < bytes) {
            throw new EOFException();
        }
        position += bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
