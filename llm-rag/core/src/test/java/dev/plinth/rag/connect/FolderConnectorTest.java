package dev.plinth.rag.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Connector.Page;
import dev.plinth.api.retrieval.Connector.Skipped;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderConnectorTest {
    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void folder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("docs"));
        Files.writeString(folder.resolve("a.md"), "Apples");
    }

    private static Path deep(Path start) throws IOException {
        Path deepest = start;
        for (int i = 0; i < 10; i++) {
            deepest = deepest.resolve("d".repeat(220));
        }
        return Files.createDirectories(deepest);
    }

    @Test
    void folderThatCannotBeReadLeavesTheListIncomplete() throws IOException {
        assertThat(FolderConnector.of(folder).list(null).complete()).isTrue();
        Path upper = deep(folder.resolve("sub"));
        Path lower = temporary.resolve("lower");
        deep(lower);
        Path tooLong = upper.resolve("lower"); // with paths that no system call takes
        try {
            Files.move(lower, tooLong);
        } catch (FileSystemException otherLimits) {
            Assumptions.abort("paths may not be as long as this");
        }
        try {
            Page page = FolderConnector.of(folder).list(null);
            assertThat(page.complete()).isFalse();
            assertThat(page.items()).extracting(Item::id).containsExactly("a.md");
            assertThat(page.skipped())
                    .extracting(Skipped::id)
                    .singleElement()
                    .asString()
                    .startsWith("sub/");
        } finally {
            Files.move(tooLong, lower);
        }
    }

    @Test
    void fileThatCannotBeReadIsNamed() throws IOException {
        Files.createSymbolicLink(folder.resolve("b.md"), folder.resolve("none.md"));
        Page page = FolderConnector.of(folder).list(null);
        assertThat(page.complete()).isTrue();
        assertThat(page.skipped()).extracting(Skipped::id).containsExactly("b.md");
    }

    @Test
    void whatBecameALinkThatLeadsOutsideIsNotRead() throws IOException {
        Path secret = Files.writeString(temporary.resolve("secret.md"), "Secret");
        FolderConnector connector = FolderConnector.of(folder);
        Item item = connector.list(null).items().get(0);
        Files.delete(folder.resolve("a.md"));
        Files.createSymbolicLink(folder.resolve("a.md"), secret);
        assertThatThrownBy(() -> connector.fetch(item))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("outside");
        assertThatThrownBy(() -> connector.fetch(new Item("../secret.md", "1"))).isInstanceOf(StoreException.class);
    }

    @Test
    void whatBecameTooLargeIsNotRead() throws IOException {
        FolderConnector connector = FolderConnector.of(folder).maxBytes(6);
        Item item = connector.list(null).items().get(0);
        assertThat(connector.fetch(item).text()).isEqualTo("Apples");
        Files.writeString(folder.resolve("a.md"), "Apricots");
        assertThatThrownBy(() -> connector.fetch(item))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("8 bytes");
    }
}
