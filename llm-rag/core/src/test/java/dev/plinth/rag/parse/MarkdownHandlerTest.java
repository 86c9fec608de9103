package dev.plinth.rag.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

class MarkdownHandlerTest {
    private static final int MANY = 40_000; // so many rows of so many cells fit into no string

    private final MarkdownHandler handler = new MarkdownHandler(Set.of(), 1_000_000);

    private void start(String name) throws SAXException {
        handler.startElement("", name, name, new AttributesImpl());
    }

    private void end(String name) throws SAXException {
        handler.endElement("", name, name);
    }

    private void row(int cells) throws SAXException {
        start("tr");
        for (int i = 0; i < cells; i++) {
            start("td");
            handler.characters(new char[] {'x'}, 0, 1);
            end("td");
        }
        end("tr");
    }

    @Test
    void widthOfARowCountsForAllOfThem() throws SAXException {
        start("table");
        row(MANY);
        for (int i = 0; i < MANY; i++) {
            row(1);
        }
        assertThatThrownBy(() -> end("table")).matches(MarkdownHandler::isTooLong);
    }

    /** Each level would add to every item below it. */
    @Test
    void aDeepListIsIndentedNoFurtherThanTwelveLevels() throws SAXException {
        for (int level = 0; level < 1_000; level++) {
            start("ul");
            start("li");
            handler.characters(new char[] {'x'}, 0, 1);
        }
        handler.endDocument();
        assertThat(handler.text().lines())
                .hasSize(1_000)
                .startsWith("- x", "  - x")
                .endsWith(" ".repeat(22) + "- x");
    }
}
