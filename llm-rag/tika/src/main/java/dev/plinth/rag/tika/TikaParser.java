package dev.plinth.rag.tika;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.connect.Interruption;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.FileNames;
import dev.plinth.rag.parse.MarkdownHandler;
import dev.plinth.rag.parse.Parsed;
import java.io.IOException;
import java.util.Date;
import java.util.Locale;
import org.apache.tika.Tika;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/**
 * Reads PDF, Office (doc, docx, ppt, pptx, xls, xlsx, odt, ods, odp), HTML, e-mail (eml, msg), RTF and EPUB files with
 * Apache Tika.
 *
 * <p>The text is Markdown: headings, lists and tables as the file has them. PDF files have pages, ppt and pptx files have
 * their slides as pages. Metadata are {@link Document#MEDIA_TYPE}, that of the text, {@code author},
 * {@link Document#MODIFIED} and, if documents inside the file, such
 * as attachments, could not be read, their names as {@code unread}. Pictures are not read.
 *
 * <p>Starts no other program and asks no network. Files of more than 64 MiB or of more than 20 million characters of
 * text are refused, and so is what unpacks to far more than it should; how long a file may take is the caller's to
 * limit: reading ends when the thread is interrupted. Temporary files are gone when the call returns. (PDFBox keeps a
 * list of the machine's fonts in the user's home folder, or where the system property {@code pdfbox.fontcache} says.)
 *
 * <p>Immutable and thread-safe.
 */
public final class TikaParser implements DocumentParser {
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_CHARACTERS = 20_000_000;

    private final int maxBytes;
    private final int maxCharacters;

    private TikaParser(int maxBytes, int maxCharacters) {
        this.maxBytes = maxBytes;
        this.maxCharacters = maxCharacters;
    }

    /** A parser with the limits above. */
    public static TikaParser create() {
        return new TikaParser(MAX_BYTES, MAX_CHARACTERS);
    }

    /** The same for files of at most this many bytes. */
    public TikaParser maxBytes(int bytes) {
        return new TikaParser(Check.positive(bytes, "maxBytes"), maxCharacters);
    }

    /** The same for texts of at most this many characters. */
    public TikaParser maxCharacters(int characters) {
        return new TikaParser(maxBytes, Check.positive(characters, "maxCharacters"));
    }

    @Override
    public boolean accepts(String name, @Nullable String mediaType) {
        return FileKind.of(name, mediaType).isPresent();
    }

    @Override
    public Parsed parse(String name, @Nullable String mediaType, byte[] content) {
        FileKind kind = FileKind.of(name, mediaType)
                .orElseThrow(() -> new StoreException("file: " + name + " is of no kind that is read"));
        if (content.length > maxBytes) {
            throw new StoreException(
                    "file: " + name + " has " + content.length + " bytes (expected: at most " + maxBytes + ")");
        }
        MarkdownHandler handler = new MarkdownHandler(kind.pageClasses(), maxCharacters);
        Metadata metadata = new Metadata();
        metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name.substring(name.lastIndexOf('/') + 1));
        if (mediaType != null) {
            metadata.set(Metadata.CONTENT_TYPE, mediaType);
        }
        Parser parser = TikaSetup.parser();
        ParseContext context = TikaSetup.context(mediaType);
        Attachments attachments = new Attachments(parser, context);
        context.set(EmbeddedDocumentExtractor.class, attachments);
        try (TikaInputStream stream = TikaInputStream.get(content)) {
            parser.parse(stream, handler, metadata, context);
        } catch (EncryptedDocumentException exception) {
            throw refused(name, "is encrypted (expected: to be read without a password)", exception);
        } catch (TikaException | IOException | SAXException | StackOverflowError | OutOfMemoryError exception) {
            Interruption.check(name);
            throw refused(name, reason(kind, exception), exception);
        }
        if (!TikaSetup.wasRead(metadata)) {
            String found = String.valueOf(metadata.get(Metadata.CONTENT_TYPE)).split(";", 2)[0];
            throw refused(name, "is " + found + " (expected: " + kind + ")", null);
        }
        return new Parsed(title(name, metadata), handler.text(), handler.pages(), facts(metadata, attachments));
    }

    @Override
    public String fingerprint() {
        return "tika-1/" + Tika.getString();
    }

    private String reason(FileKind kind, Throwable exception) {
        if (MarkdownHandler.isTooLong(exception)) {
            return "holds more than " + maxCharacters + " characters of text (expected: at most that)";
        }
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return "needs more memory than there is (expected: a smaller file)";
            }
            if (TikaSetup.isBomb(cause)) {
                return "unpacks to far more than it should (expected: an ordinary file)";
            }
        }
        return "cannot be read (expected: a sound file of the kind " + kind + ")";
    }

    private static StoreException refused(String name, String what, @Nullable Throwable cause) {
        return new StoreException("file: " + name + " " + what, ErrorDetails.NONE, cause);
    }

    private static String title(String name, Metadata metadata) {
        String title = metadata.get(TikaCoreProperties.TITLE);
        return title == null || title.isBlank() ? FileNames.stem(name) : MarkdownHandler.oneLine(title);
    }

    private static dev.plinth.api.retrieval.Metadata facts(Metadata metadata, Attachments attachments) {
        dev.plinth.api.retrieval.Metadata facts =
                dev.plinth.api.retrieval.Metadata.NONE.with(Document.MEDIA_TYPE, "text/markdown");
        String author = String.join(", ", metadata.getValues(TikaCoreProperties.CREATOR));
        if (!author.isBlank()) {
            facts = facts.with("author", MarkdownHandler.oneLine(author));
        }
        Date modified = metadata.getDate(TikaCoreProperties.MODIFIED);
        Date known = modified == null ? metadata.getDate(TikaCoreProperties.CREATED) : modified;
        if (known != null) {
            facts = facts.with(Document.MODIFIED, Value.of(known.toInstant().toEpochMilli()));
        }
        return attachments.unread().isEmpty() ? facts : facts.with("unread", Value.of(attachments.unread()));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "TikaParser[%d bytes, %d characters]", maxBytes, maxCharacters);
    }
}
