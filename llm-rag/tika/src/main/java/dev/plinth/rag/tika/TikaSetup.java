package dev.plinth.rag.tika;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.Arrays;
import java.util.Locale;
import org.apache.tika.detect.CompositeDetector;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.detect.microsoft.POIFSContainerDetector;
import org.apache.tika.detect.zip.DefaultZipContainerDetector;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypes;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.epub.EpubParser;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.parser.mail.RFC822Parser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.apache.tika.parser.odf.OpenDocumentParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.apache.tika.parser.txt.TXTParser;
import org.jspecify.annotations.Nullable;

/** The parts of Tika that are used: named here, so that nothing else on the class path comes in. */
final class TikaSetup {
    private static final AutoDetectParser PARSER = new AutoDetectParser(
            new CompositeDetector(
                    MimeTypes.getDefaultMimeTypes(), new POIFSContainerDetector(), new DefaultZipContainerDetector()),
            new PdfGuard(),
            new OfficeParser(),
            new ZipGuard(new OOXMLParser()),
            new ZipGuard(new OpenDocumentParser()),
            new RTFParser(),
            new JSoupParser(),
            new RFC822Parser(),
            new ZipGuard(new EpubParser()),
            new TXTParser());

    private TikaSetup() {}

    /** Guards itself against documents that unpack to far more than they should. */
    static Parser parser() {
        return PARSER;
    }

    /**
     * A new context: it remembers things of one file.
     *
     * @param mediaType what a server says of it; its charset counts more than what the file says
     */
    static ParseContext context(@Nullable String mediaType) {
        PDFParserConfig pdf = new PDFParserConfig();
        pdf.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
        pdf.setExtractInlineImages(false);
        pdf.setExtractBookmarksText(false);
        pdf.setCatchIntermediateIOExceptions(false); // half of a text is not passed off as the whole
        OfficeParserConfig office = new OfficeParserConfig();
        office.setExtractMacros(false);
        office.setIncludeDeletedContent(false);
        office.setIncludeMoveFromContent(false);
        ParseContext context = new ParseContext();
        context.set(PDFParserConfig.class, pdf);
        context.set(OfficeParserConfig.class, office);
        context.set(Parser.class, PARSER);
        MediaType type = MediaType.parse(mediaType);
        String charset = type == null ? null : type.getParameters().get("charset");
        if (charset != null && isKnown(charset)) {
            context.set(EncodingDetector.class, (stream, metadata) -> Charset.forName(charset));
        }
        return context;
    }

    private static boolean isKnown(String charset) {
        try {
            return Charset.isSupported(charset);
        } catch (IllegalCharsetNameException nonsense) {
            return false;
        }
    }

    /** Whether the file was read as what it is; what is text or of an unknown kind was not. */
    static boolean wasRead(Metadata metadata) {
        return Arrays.stream(metadata.getValues(TikaCoreProperties.TIKA_PARSED_BY))
                .noneMatch(parser -> parser.endsWith(".EmptyParser") || parser.endsWith(".TXTParser"));
    }

    /** The guard of Tika has no type of its own. */
    static boolean isBomb(Throwable cause) {
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("zip bomb");
    }
}
