package dev.plinth.rag.tika;

import java.io.IOException;
import java.io.InputStream;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.io.RandomAccessStreamCache.StreamCacheCreateFunction;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentCatalog;
import org.apache.pdfbox.pdmodel.common.PDMetadata;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.pdf.PDFParser;

/** Leaves out XMP metadata that may unpack to more than memory holds: they are unpacked as a whole to be read. */
final class PdfGuard extends PDFParser {
    private static final long serialVersionUID = 1L;
    private static final int MOST_PACKED = 64 << 10; // deflate packs a thousandfold at most

    @Override
    protected PDDocument getPDDocument(
            InputStream stream,
            TikaInputStream container,
            String password,
            StreamCacheCreateFunction cache,
            Metadata metadata,
            ParseContext context)
            throws IOException, EncryptedDocumentException {
        PDDocument document = super.getPDDocument(stream, container, password, cache, metadata, context);
        PDDocumentCatalog catalog = document.getDocumentCatalog();
        PDMetadata xmp = catalog.getMetadata();
        if (xmp != null && mayBeLarge(xmp.getCOSObject())) {
            catalog.setMetadata(null);
        }
        return document;
    }

    private static boolean mayBeLarge(COSStream packed) {
        return packed.getLength() > MOST_PACKED
                || packed.getFilters() instanceof COSArray filters && filters.size() > 1;
    }
}
