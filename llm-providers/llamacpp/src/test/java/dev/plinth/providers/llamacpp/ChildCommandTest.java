package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildCommandTest {

    @Test
    void jarsAndFoldersAreTakenWhereTheyAre(@TempDir Path folder) throws IOException {
        Path jar = Files.createFile(folder.resolve("a b+c.jar"));
        assertThat(ChildCommand.place(jar.toUri().toURL())).isEqualTo(jar);
        assertThat(ChildCommand.place(folder.toUri().toURL())).isEqualTo(folder);
    }

    @Test
    void aJarWithinAJarIsCopied(@TempDir Path folder) throws IOException {
        Path outer = folder.resolve("app.jar");
        try (OutputStream out = Files.newOutputStream(outer);
                JarOutputStream jar = new JarOutputStream(out)) {
            jar.putNextEntry(new JarEntry("BOOT-INF/lib/inner.jar"));
            jar.write(new byte[] {1, 2, 3});
            jar.closeEntry();
        }
        URL inner = new URL("jar:" + outer.toUri() + "!/BOOT-INF/lib/inner.jar!/");
        Path copy = ChildCommand.place(inner);
        assertThat(copy).hasBinaryContent(new byte[] {1, 2, 3}).hasExtension("jar");
        Files.delete(copy);
        assertThatThrownBy(() -> ChildCommand.place(new URL("jar:" + outer.toUri() + "!/BOOT-INF/lib/none.jar!/")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageEndingWith("none.jar!/ (expected: a jar to read)");
    }
}
