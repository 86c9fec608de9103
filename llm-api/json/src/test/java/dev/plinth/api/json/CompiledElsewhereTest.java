package dev.plinth.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that were compiled without parameter names, or live in a module that keeps them closed. */
class CompiledElsewhereTest {

    @TempDir
    Path folder;

    @Test
    void saysWhatToDoWhenParameterNamesAreMissing() throws Exception {
        write(
                "p/Nameless.java",
                "package p; public class Nameless {"
                        + " @dev.plinth.api.json.ToolMethod(\"Adds.\") public int add(int one, int other)"
                        + " { return one + other; } }");
        compile("-cp", path(ToolMethod.class), folder.resolve("p/Nameless.java").toString());

        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ToolMethod.class.getClassLoader())) {
            Object nameless = loader.loadClass("p.Nameless").getConstructor().newInstance();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AnnotatedTools.of(nameless))
                    .withMessage("parameter: arg0 of Nameless.add (expected: its name in the class file;"
                            + " compile with -parameters)");
        }
    }

    @Test
    void saysWhatToDoWhenAModuleKeepsARecordClosed() throws Exception {
        write("m/module-info.java", "module m { exports m.shown; }");
        write("m/m/hidden/Secret.java", "package m.hidden; public record Secret(int one) {}");
        write("m/m/shown/Shown.java", "package m.shown; public record Shown(int one) {}");
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> sources.add(file.toString()));
        }
        compile(sources.toArray(new String[0]));
        ModuleLayer boot = ModuleLayer.boot();
        ModuleLayer layer = boot.defineModulesWithOneLoader(
                boot.configuration().resolve(ModuleFinder.of(folder.resolve("m")), ModuleFinder.of(), Set.of("m")),
                ClassLoader.getSystemClassLoader());
        Class<?> hidden = layer.findLoader("m").loadClass("m.hidden.Secret");
        Class<?> shown = layer.findLoader("m").loadClass("m.shown.Shown");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonType.of(hidden))
                .withMessageMatching("type: m.hidden.Secret in the closed package of module m"
                        + " \\(expected: 'opens m.hidden( to dev.plinth.api.json)?' in its module-info\\)");
        assertThat(JsonType.of(shown).read("{\"one\":1}")).hasToString("Shown[one=1]");
    }

    private void write(String file, String source) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, source);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void compile(String... arguments) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> files =
                Stream.of(arguments).filter(each -> each.endsWith(".java")).toList();
        List<String> options =
                Stream.of(arguments).filter(each -> !each.endsWith(".java")).toList();
        StringWriter said = new StringWriter();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(
                            said,
                            manager,
                            null,
                            options,
                            null,
                            manager.getJavaFileObjects(files.toArray(new String[0])))
                    .call();
            assertThat(done).as(said.toString()).isTrue();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String path(Class<?> type) {
        return Stream.of(type.getProtectionDomain().getCodeSource().getLocation())
                .map(url -> Path.of(url.getPath()).toString())
                .collect(Collectors.joining());
    }
}
