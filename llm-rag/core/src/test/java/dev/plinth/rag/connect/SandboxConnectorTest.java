package dev.plinth.rag.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.testkit.FakeConnector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SandboxConnectorTest {
    private static final UnaryOperator<String> NO_NAMES = text -> text.replace("Ada Lovelace", "[person]");

    private final FakeConnector source = FakeConnector.create("wiki").pageSize(3);

    private Document document(String text, List<Integer> pages) {
        Metadata metadata = Metadata.NONE
                .with("author", "Ada Lovelace")
                .with("seen", Value.of(Set.of("Ada Lovelace", "group:hr")))
                .with("year", Value.of(1843));
        return new Document(
                "a", "Notes of Ada Lovelace", text, "wiki/a", Readers.of("user:Ada Lovelace"), metadata, pages);
    }

    private static Document fetch(Connector connector) {
        return connector.fetch(connector.list(null).items().get(0));
    }

    private static List<String> ids(Connector connector) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            Connector.Page page = connector.list(cursor);
            assertThat(page.complete()).isTrue();
            assertThat(page.since()).as("no list of changes").isNull();
            page.items().forEach(item -> ids.add(item.id()));
            cursor = page.next();
        } while (cursor != null);
        return ids;
    }

    @Test
    void isASourceOfItsOwn() {
        assertThat(SandboxConnector.of(source, 5, NO_NAMES).name()).isEqualTo("sandbox:wiki");
    }

    @Test
    void offersTheFirstDocumentsAndNoMore() {
        for (int i = 0; i < 10; i++) {
            source.put("doc" + i, "text");
        }
        assertThat(ids(SandboxConnector.of(source, 1, NO_NAMES))).containsExactly("doc0");
        assertThat(ids(SandboxConnector.of(source, 3, NO_NAMES))).hasSize(3);
        assertThat(ids(SandboxConnector.of(source, 7, NO_NAMES))).hasSize(7).endsWith("doc6");
        assertThat(ids(SandboxConnector.of(source, 20, NO_NAMES))).hasSize(10);
        assertThat(SandboxConnector.of(source, 7, NO_NAMES).list(null).total()).isEqualTo(7);
        assertThat(SandboxConnector.of(source, 20, NO_NAMES).list(null).total()).isEqualTo(10);
    }

    /** A source that lists what it can, such as a folder with a folder in it that cannot be read. */
    private static final class Incomplete implements Connector {
        @Override
        public String name() {
            return "incomplete";
        }

        @Override
        public Page list(@Nullable String cursor) {
            List<Item> items = List.of(new Item("a", "1"), new Item("b", "1"));
            return new Page(items, List.of(), List.of(), null, null, false, -1);
        }

        @Override
        public Document fetch(Item item) {
            throw new UnsupportedOperationException(item.id());
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    @Test
    void isAsCompleteAsItsSourceUnlessItIsFull() {
        assertThat(SandboxConnector.of(new Incomplete(), 3, NO_NAMES).list(null).complete())
                .isFalse();
        assertThat(SandboxConnector.of(new Incomplete(), 2, NO_NAMES).list(null).complete())
                .isTrue();
    }

    @Test
    void masksEveryText() {
        source.put(document("By Ada Lovelace.", List.of(0, 3)));
        Document masked = fetch(SandboxConnector.of(source, 5, NO_NAMES));
        assertThat(masked.text()).isEqualTo("By [person].");
        assertThat(masked.title()).isEqualTo("Notes of [person]");
        assertThat(masked.metadata())
                .isEqualTo(Metadata.NONE
                        .with("author", "[person]")
                        .with("seen", Value.of(Set.of("[person]", "group:hr")))
                        .with("year", Value.of(1843)));
        assertThat(masked.readers()).isEqualTo(Readers.of("user:Ada Lovelace"));
        assertThat(masked.pages()).as("pages of a text that has another length").isEmpty();
    }

    @Test
    void keepsThePagesOfATextThatKeepsItsLength() {
        source.put(document("By Ada Lovelace.", List.of(0, 3)));
        Document masked = fetch(SandboxConnector.of(source, 5, text -> text.replaceAll("\\S", "x")));
        assertThat(masked.text()).isEqualTo("xx xxx xxxxxxxxx");
        assertThat(masked.pages()).containsExactly(0, 3);
    }

    @Test
    void withholdsADocumentWhoseMaskFails() {
        source.put(document("By Ada Lovelace.", List.of()));
        UnaryOperator<String> broken = text -> {
            throw new IllegalStateException("cannot mask " + text);
        };
        assertThatThrownBy(() -> fetch(SandboxConnector.of(source, 5, broken)))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "document: a is withheld, its mask failed with IllegalStateException (expected: the masked text)")
                .hasNoCause();
        assertThatThrownBy(() -> fetch(SandboxConnector.of(source, 5, text -> null)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("returned null");
    }

    @Test
    void listsEverythingAfterACursorOfTheSource() {
        for (int i = 0; i < 5; i++) {
            source.put("doc" + i, "text");
        }
        SandboxConnector sandbox = SandboxConnector.of(source, 10, NO_NAMES);
        source.put("doc9", "text");
        assertThat(sandbox.list("changes 5 now").items()).hasSize(3);
        assertThat(sandbox.list("changes 5 now")).isEqualTo(sandbox.list(null));
    }
}
