package dev.plinth.rag.connectors.web;

import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/** Tells a handler of SAX what is in a tree of jsoup, element by element; of attributes only the class. */
final class SaxEvents implements NodeVisitor {
    private final ContentHandler handler;

    /** The handler gave up. */
    private static final class GaveUpException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SAXException why;

        GaveUpException(SAXException why) {
            super(why);
            this.why = why;
        }
    }

    private SaxEvents(ContentHandler handler) {
        this.handler = handler;
    }

    static void send(Element root, ContentHandler handler) throws SAXException {
        try {
            handler.startDocument();
            root.traverse(new SaxEvents(handler));
            handler.endDocument();
        } catch (GaveUpException gaveUp) {
            throw gaveUp.why;
        }
    }

    @Override
    public void head(Node node, int depth) {
        try {
            if (node instanceof Element element) {
                AttributesImpl attributes = new AttributesImpl();
                attributes.addAttribute("", "class", "class", "CDATA", element.className());
                handler.startElement("", element.normalName(), element.normalName(), attributes);
            } else if (node instanceof TextNode text) {
                characters(text.getWholeText());
            } else if (node instanceof DataNode data) {
                characters(data.getWholeData());
            }
        } catch (SAXException gaveUp) {
            throw new GaveUpException(gaveUp);
        }
    }

    private void characters(String text) throws SAXException {
        handler.characters(text.toCharArray(), 0, text.length());
    }

    @Override
    public void tail(Node node, int depth) {
        try {
            if (node instanceof Element element) {
                handler.endElement("", element.normalName(), element.normalName());
            }
        } catch (SAXException gaveUp) {
            throw new GaveUpException(gaveUp);
        }
    }
}
