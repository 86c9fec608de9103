package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.kherud.llama.LlamaModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeLibraryTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/tmp/x/libjllama.so: libgomp.so.1: cannot open shared object file: No such file or directory"
                        + "| llama.cpp: libgomp.so.1 is missing (expected: the package libgomp1 of Debian and Ubuntu, libgomp of"
                        + " Fedora and Red Hat)",
                "/tmp/x/libjllama.so: libstdc++.so.6: cannot open shared object file: No such file or directory"
                        + "| llama.cpp: libstdc++.so.6 is missing (expected: the package libstdc++6 of Debian and Ubuntu,"
                        + " libstdc++ of Fedora and Red Hat)",
                "/tmp/x/libjllama.so: libother.so.3: cannot open shared object file: No such file or directory"
                        + "| llama.cpp: libother.so.3 is missing (expected: this library)",
                "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by libjllama.so)"
                        + "| llama.cpp: needs another C library (expected: glibc 2.17 or newer; Alpine has musl)",
                "libjllama.so: failed to map segment from shared object"
                        + "| llama.cpp: not loadable from java.io.tmpdir (expected: a folder that is not mounted noexec)",
                "whatever| llama.cpp: not loadable (expected: a library for this machine)"
            })
    void saysWhatIsMissingAndWhereItComesFrom(String message, String explained) {
        assertThat(NativeLibrary.explained(message)).isEqualTo(explained);
    }

    /** The real library, but for the name of one that it needs. */
    @Test
    void aLibraryThatIsReallyMissingIsNamed(@TempDir Path folder) throws IOException {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "machine: another one (expected: Linux on x86_64)");
        byte[] library;
        try (InputStream in = LlamaModel.class.getResourceAsStream("/de/kherud/llama/Linux/x86_64/libjllama.so")) {
            library = in.readAllBytes();
        }
        String text = new String(library, StandardCharsets.ISO_8859_1);
        Path changed = folder.resolve("libjllama.so");
        Files.write(changed, text.replace("libgomp.so.1", "libgonp.so.1").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> NativeLibrary.load(changed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("llama.cpp: libgonp.so.1 is missing (expected: this library)")
                .hasCauseInstanceOf(UnsatisfiedLinkError.class);
    }
}
