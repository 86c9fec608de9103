package dev.plinth.rag.index;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.file.ReplacedFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The file of an index: a header of 28 bytes (magic, format version, length and CRC-32C of what follows, all
 * big-endian) and the content that {@link IndexContent} writes. The header is written last and the checksum is tested
 * before anything is read, so a file that was cut short or damaged is never half loaded.
 */
final class IndexFile {
    static final int VERSION = 2;
    private static final byte[] MAGIC = {'P', 'L', 'N', 'T', 'H', 'I', 'D', 'X'};
    static final int HEADER = MAGIC.length + Integer.BYTES + 2 * Long.BYTES;
    private static final int BUFFER = 1 << 16;

    private IndexFile() {}

    static void write(Path file, IndexSettings settings, IndexState state) {
        try {
            new ReplacedFile(file).replaceBy(fresh -> writeTo(fresh, settings, state));
        } catch (IOException exception) {
            throw failed("index file: " + file + " cannot be written", exception);
        }
    }

    /** Returns how long the content is. */
    private static long writeTo(FileChannel fresh, IndexSettings settings, IndexState state) throws IOException {
        fresh.position(HEADER);
        CRC32C checksum = new CRC32C();
        OutputStream checked = new CheckedOutputStream(Channels.newOutputStream(fresh), checksum);
        DataOutputStream content = new DataOutputStream(new BufferedOutputStream(checked, BUFFER));
        IndexContent.write(content, settings, state);
        content.flush();
        long length = fresh.position() - HEADER;
        ByteBuffer header =
                ByteBuffer.allocate(HEADER).put(MAGIC).putInt(VERSION).putLong(length);
        header.putLong(checksum.getValue()).flip();
        while (header.hasRemaining()) {
            fresh.write(header, header.position());
        }
        return length;
    }

    static IndexState read(Path file, IndexSettings settings) {
        try (InputStream raw = Files.newInputStream(file)) {
            long expected = checkedHeader(file, raw);
            checkContent(file, raw, expected);
        } catch (NoSuchFileException exception) {
            throw failed("index file: " + file + " does not exist", exception);
        } catch (IOException exception) {
            throw failed("index file: " + file + " cannot be read", exception);
        }
        return readContent(file, settings);
    }

    /** Returns the checksum the content must have. */
    private static long checkedHeader(Path file, InputStream raw) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(raw.readNBytes(HEADER));
        int known = Math.min(header.limit(), MAGIC.length);
        if (!header.slice(0, known).equals(ByteBuffer.wrap(MAGIC, 0, known))) {
            throw new StoreException("index file: " + file + " is not an index (expected: its mark at the start)");
        }
        long size = Files.size(file);
        if (header.limit() < HEADER) {
            throw new StoreException(
                    "index file: " + file + " is cut short at " + size + " bytes (expected: at least " + HEADER + ")");
        }
        int version = header.getInt(MAGIC.length);
        if (version != VERSION) {
            throw new StoreException(
                    "index file: " + file + " has format version " + version + " (expected: " + VERSION + ")");
        }
        long length = header.getLong(MAGIC.length + Integer.BYTES);
        if (size - HEADER != length) {
            String what = size - HEADER < length ? " is cut short at " : " is too long with ";
            throw new StoreException(
                    "index file: " + file + what + size + " bytes (expected: " + (length + HEADER) + ")");
        }
        return header.getLong(MAGIC.length + Integer.BYTES + Long.BYTES);
    }

    private static void checkContent(Path file, InputStream raw, long expected) throws IOException {
        CRC32C checksum = new CRC32C();
        InputStream checked = new CheckedInputStream(raw, checksum);
        checked.transferTo(OutputStream.nullOutputStream());
        if (checksum.getValue() != expected) {
            throw new StoreException("index file: " + file + " is damaged, checksum " + checksum.getValue()
                    + " (expected: " + expected + ")");
        }
    }

    private static IndexState readContent(Path file, IndexSettings settings) {
        try (InputStream raw = Files.newInputStream(file);
                DataInputStream content = new DataInputStream(new BufferedInputStream(raw, BUFFER))) {
            content.skipNBytes(HEADER);
            return IndexContent.read(content, settings, file);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException exception) {
            throw failed("index file: " + file + " is damaged inside a right checksum", exception);
        }
    }

    private static StoreException failed(String message, Exception cause) {
        return new StoreException(message + ": " + cause, ErrorDetails.NONE, cause);
    }
}
