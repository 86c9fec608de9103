package dev.plinth.rag.tika;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.sax.BodyContentHandler;
import org.apache.tika.sax.EmbeddedContentHandler;
import org.apache.tika.sax.XHTMLContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/**
 * Reads the documents inside a document, such as the attachments of an e-mail, into its text, and remembers which could
 * not be read.
 */
final class Attachments implements EmbeddedDocumentExtractor {
    private static final int MOST = 1000;

    private final Parser parser;
    private final ParseContext context;
    private final Set<String> unread = new TreeSet<>();
    private int count;

    Attachments(Parser parser, ParseContext context) {
        this.parser = parser;
        this.context = context;
    }

    /** Names of those that could not be read. */
    Set<String> unread() {
        return unread;
    }

    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
        return true;
    }

    @Override
    public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml)
            throws SAXException, IOException {
        if (++count > MOST) {
            throw new SAXException("more than " + MOST + " documents inside");
        }
        String name = metadata.get(TikaCoreProperties.RESOURCE_NAME_KEY);
        AttributesImpl attributes = new AttributesImpl();
        attributes.addAttribute("", "class", "class", "CDATA", "package-entry"); // by which the depth is counted
        handler.startElement(XHTMLContentHandler.XHTML, "div", "div", attributes);
        try (TikaInputStream content = TikaInputStream.get(CloseShieldInputStream.wrap(stream))) {
            if (stream instanceof TikaInputStream container && container.getOpenContainer() != null) {
                content.setOpenContainer(container.getOpenContainer());
            }
            parser.parse(content, new EmbeddedContentHandler(new BodyContentHandler(handler)), metadata, context);
        } catch (TikaException broken) {
            unread.add(name == null || name.isBlank() ? "document " + count : name);
        }
        handler.endElement(XHTMLContentHandler.XHTML, "div", "div");
    }
}
