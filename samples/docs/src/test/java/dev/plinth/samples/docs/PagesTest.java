package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.layer.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the pages say is true: their code is what tests run, their links lead somewhere, their tables hold. */
class PagesTest {

    private static final Path SOURCES = Repository.ROOT.resolve("samples/docs/src/test/java/dev/plinth/samples/docs");
    private static final Pattern REGION = Pattern.compile("(?s)\\n *// snippet: (\\S+)\\n(.*?)\\n *// end");
    private static final Path KOTLIN =
            Repository.ROOT.resolve("samples/coroutines/src/main/kotlin/dev/plinth/samples/coroutines");
    private static final Pattern BLOCK =
            Pattern.compile("(?s)(?:<!-- snippet: (\\S+) -->\\n)?```(?:java|kotlin)\\n(.*?)\\n```");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");

    @Test
    void blocksAreTheSnippetsThatAreCompiledAndRun() {
        Map<String, String> regions = regions();
        List<String> used = new ArrayList<>();
        for (Path page : Repository.pages()) {
            Matcher block = BLOCK.matcher(Repository.read(page));
            while (block.find()) {
                String name = block.group(1);
                assertThat(name)
                        .as("name of the block in %s:%n%s", page, block.group(2))
                        .isNotNull();
                assertThat(block.group(2)).as("%s in %s", name, page).isEqualTo(regions.get(name));
                used.add(name);
            }
        }
        assertThat(used).as("every snippet stands on a page").containsAll(regions.keySet());
    }

    @Test
    void linksLeadToFiles() {
        for (Path page : Repository.pages()) {
            Matcher link = LINK.matcher(Repository.read(page));
            while (link.find()) {
                String target = link.group(1);
                if (!target.startsWith("http")) {
                    assertThat(page.resolveSibling(target).normalize())
                            .as("link in %s", page)
                            .matches(Files::exists, "exists");
                }
            }
        }
    }

    @Test
    void tableOfStagesIsTheirOrder() {
        Matcher row = Pattern.compile("(?m)^\\| `([A-Z]+)` \\|")
                .matcher(Repository.read(Repository.ROOT.resolve("docs/guide/layers.md")));
        List<String> documented = new ArrayList<>();
        while (row.find()) {
            documented.add(row.group(1));
        }
        assertThat(documented)
                .isEqualTo(Arrays.stream(Stage.values()).map(Enum::name).toList());
    }

    private static Map<String, String> regions() {
        Map<String, String> regions = new TreeMap<>();
        for (Path source : List.of(
                SOURCES.resolve("SnippetsTest.java"),
                SOURCES.resolve("ResilienceSnippetsTest.java"),
                SOURCES.resolve("RetrievalSnippetsTest.java"),
                SOURCES.resolve("TracingSnippetsTest.java"),
                SOURCES.resolve("CostSnippetsTest.java"),
                KOTLIN.resolve("CallContexts.kt"))) {
            Matcher region = REGION.matcher(Repository.read(source));
            while (region.find()) {
                regions.put(region.group(1), region.group(2).stripIndent().strip());
            }
        }
        assertThat(regions).isNotEmpty();
        return regions;
    }
}
