package dev.plinth.samples.docs;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The modules of the build. */
final class Modules {

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    private Modules() {}

    /** The folders of the published jars, such as {@code llm-rag/core}, as the parent lists them. */
    static List<String> published() {
        Matcher module = MODULE.matcher(Repository.read(Repository.ROOT.resolve("pom.xml")));
        return module.results()
                .map(result -> result.group(1))
                .filter(folder -> folder.startsWith("llm-"))
                .sorted()
                .toList();
    }

    /** The artifact of a folder: {@code llm-rag/core} is llm-rag, {@code llm-rag/lucene} is llm-rag-lucene. */
    static String artifact(String module) {
        return module.replace("/core", "").replace('/', '-');
    }

    /** The root package of a folder: {@code llm-rag/lucene} is dev.plinth.rag.lucene. */
    static String rootPackage(String module) {
        return "dev.plinth." + module.replace("/core", "").replace("llm-", "").replace('/', '.');
    }

    /** The compiled classes of a folder. */
    static Path classes(String module) {
        Path classes = Repository.ROOT.resolve(module).resolve("target/classes");
        if (!Files.isDirectory(classes)) {
            throw new IllegalStateException(classes + ": missing (expected: compiled before this module)");
        }
        return classes;
    }

    /** The module a class belongs to. */
    static String of(Map<String, JavaClasses> modules, JavaClass javaClass) {
        return modules.entrySet().stream()
                .filter(module -> module.getValue().contain(javaClass.getName()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("outside: " + javaClass.getName());
    }
}
