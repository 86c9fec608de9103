package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** One rule names everything: folder, artifact, package; and the BOM and README list every artifact. */
class LayoutTest {

    @TestFactory
    List<DynamicTest> folderArtifactAndPackageAgree() {
        return Modules.published().stream()
                .map(module -> DynamicTest.dynamicTest(module, () -> {
                    String pom = Repository.read(Repository.ROOT.resolve(module).resolve("pom.xml"));
                    assertThat(pom).contains("<artifactId>" + Modules.artifact(module) + "</artifactId>");
                    Path packages = Repository.ROOT
                            .resolve(module)
                            .resolve("src/main/java")
                            .resolve(Modules.rootPackage(module).replace('.', '/'));
                    assertThat(javaFilesOutside(packages, module)).isEmpty();
                }))
                .toList();
    }

    @Test
    void bomListsEveryPublishedArtifact() {
        String bom = Repository.read(Repository.ROOT.resolve("bom/pom.xml"));
        Set<String> listed = Modules.published().stream()
                .map(Modules::artifact)
                .filter(artifact -> bom.contains("<artifactId>" + artifact + "</artifactId>"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed).containsExactlyInAnyOrderElementsOf(artifacts());
    }

    @Test
    void readmeListsEveryPublishedArtifact() {
        assertThat(artifacts())
                .allSatisfy(artifact -> assertThat(Repository.read(Repository.ROOT.resolve("README.md")))
                        .contains("`" + artifact + "`"));
    }

    private static List<String> artifacts() {
        return Modules.published().stream().map(Modules::artifact).toList();
    }

    private static List<Path> javaFilesOutside(Path packages, String module) throws IOException {
        try (Stream<Path> files = Files.walk(Repository.ROOT.resolve(module).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .filter(file -> !file.startsWith(packages))
                    .toList();
        }
    }
}
