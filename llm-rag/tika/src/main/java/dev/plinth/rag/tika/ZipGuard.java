package dev.plinth.rag.tika;

import java.io.IOException;
import java.io.InputStream;
import java.util.Enumeration;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TemporaryResources;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.ParserDecorator;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** Unpacks a ZIP file before its parser does, to see how large it is: the parser takes it into memory as a whole. */
final class ZipGuard extends ParserDecorator {
    private static final long serialVersionUID = 1L;
    private static final long ALWAYS_ALLOWED = 1 << 20;
    private static final long MOST = 256 << 20;
    private static final int RATIO = 100;

    /** A file unpacks to far more than it should. */
    static final class BombException extends TikaException {
        private static final long serialVersionUID = 1L;

        BombException(long bytes) {
            super("zip bomb: more than " + bytes + " bytes");
        }
    }

    ZipGuard(Parser parser) {
        super(parser);
    }

    @Override
    public void parse(InputStream stream, ContentHandler handler, Metadata metadata, ParseContext context)
            throws IOException, SAXException, TikaException {
        try (TemporaryResources temporary = new TemporaryResources()) {
            TikaInputStream content = TikaInputStream.get(stream, temporary, metadata);
            check(content);
            super.parse(content, handler, metadata, context);
        }
    }

    private static void check(TikaInputStream content) throws IOException, TikaException {
        long room = Math.min(MOST, ALWAYS_ALLOWED + RATIO * content.getLength());
        long left = room;
        byte[] buffer = new byte[8192];
        try (ZipFile zip = ZipFile.builder().setPath(content.getPath()).get()) {
            Enumeration<ZipArchiveEntry> entries = zip.getEntries();
            while (entries.hasMoreElements()) {
                try (InputStream entry = zip.getInputStream(entries.nextElement())) {
                    for (int read = entry.read(buffer); read >= 0; read = entry.read(buffer)) {
                        left -= read;
                        if (left < 0) {
                            throw new BombException(room);
                        }
                    }
                }
            }
        }
    }
}
