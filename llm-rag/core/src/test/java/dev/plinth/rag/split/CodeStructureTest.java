package dev.plinth.rag.split;

import static dev.plinth.rag.split.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodeStructureTest {
    private static final String JAVA = """
            package a;

            import b.C;

            /** What it is: "{". */
            @Fine
            public final class Box<T> extends Base {
                private int size; // {

                /** Puts it in. */
                @Override
                public void put(T thing) {
                    if (thing == null) {
                        throw new Error("}}}");
                    }
                    char c = '{';
                    size++;
                }

                // Two lines
                // of comment.
                int size()
                {
                    return size;
                }
            }

            enum Kind { A, B }
            """;

    private static List<Chunk> split(int size, String name, String code) {
        return StructureSplitter.create().maxSize(size).split(document(name, code));
    }

    private static List<String> texts(int size, String name, String code) {
        return split(size, name, code).stream().map(Chunk::text).toList();
    }

    @Test
    void aFileThatFitsIsOneChunkWithoutHeadings() {
        assertThat(split(1000, "Box.java", JAVA)).singleElement().satisfies(chunk -> {
            assertThat(chunk.text()).isEqualTo(JAVA.strip());
            assertThat(chunk.headings()).isEmpty();
        });
    }

    @Test
    void aDeclarationThatFitsStaysWholeWithItsComment() {
        String type = JAVA.substring(JAVA.indexOf("/** What"), JAVA.indexOf("\n\nenum"));
        assertThat(texts(type.length(), "Box.java", JAVA))
                .containsExactly("package a;\n\nimport b.C;", type, "enum Kind { A, B }");
    }

    @Test
    void theMembersOfALargeOneStandUnderItsFirstLine() {
        List<Chunk> chunks = split(260, "Box.java", JAVA);

        assertThat(chunks)
                .extracting(chunk -> chunk.text().lines().findFirst().orElseThrow())
                .containsExactly(
                        "package a;",
                        "/** What it is: \"{\". */",
                        "    /** Puts it in. */",
                        "    // Two lines",
                        "enum Kind { A, B }");
        assertThat(chunks)
                .extracting(Chunk::headings)
                .containsExactly(
                        List.of(),
                        List.of("public final class Box<T> extends Base"),
                        List.of("public final class Box<T> extends Base"),
                        List.of("public final class Box<T> extends Base"),
                        List.of());
        assertThat(chunks.get(3).text()).endsWith("        return size;\n    }\n}");
    }

    @Test
    void aStatementIsNoHeading() {
        List<Chunk> chunks = split(60, "Box.java", JAVA);
        assertThat(chunks)
                .extracting(Chunk::headings)
                .contains(List.of("public final class Box<T> extends Base", "public void put(T thing)"));
        assertThat(chunks)
                .allSatisfy(chunk -> assertThat(chunk.headings())
                        .noneSatisfy(heading -> assertThat(heading).startsWith("if")));
    }

    @Test
    void pythonNestsByIndentation() {
        String python = """
                import os

                # Why.
                @decorated
                class Store:
                    '''Doc {

                no end of it
                    '''

                    def put(self, key):
                        # half {
                        if key:
                            self.x = "it's"
                        else:
                            self.x = None

                        return key

                    async def get(
                        self,
                        key,
                    ):
                        return self.x

                def main():
                    pass
                """;
        List<Chunk> chunks = split(180, "store.py", python);

        assertThat(chunks)
                .extracting(
                        chunk -> chunk.text().lines().findFirst().orElseThrow().strip())
                .containsExactly("import os", "# Why.", "def put(self, key):", "async def get(", "def main():");
        assertThat(chunks)
                .extracting(Chunk::headings)
                .containsExactly(
                        List.of(), List.of("class Store"), List.of("class Store"), List.of("class Store"), List.of());
    }

    @Test
    void stringsOverLinesAndPatternsDoNotNest() {
        String script = """
                const a = `{{{
                }`;
                const b = /[{"]\\/{/.test(x);
                function one() {
                  return 1;
                }
                function two() {
                  return 2;
                }
                """;
        assertThat(texts(76, "a.ts", script))
                .containsExactly(
                        script.substring(0, script.indexOf("function one") - 1),
                        script.substring(script.indexOf("function one")).strip());
    }

    @Test
    void whatIsDeclaredAfterAnAnnotationOrAHashIsNoComment() {
        String script =
                "class A {\n  @Input() name = 1;\n  #secret() {\n    return 1;\n  }\n  open() {\n    return 2;\n  }\n}";
        assertThat(texts(40, "a.ts", script))
                .containsExactly(
                        "class A {\n  @Input() name = 1;",
                        "  #secret() {\n    return 1;\n  }",
                        "  open() {\n    return 2;\n  }\n}");
    }

    @Test
    void aFileOfNothingButCommentsIsReadInOneGo() {
        assertThat(split(1000, "a.go", "// words\n".repeat(20_000))).hasSizeGreaterThan(150);
        assertThat(split(1000, "a.go", "{\n".repeat(20_000))).isNotEmpty();
        assertThat(split(1000, "a.js", "a/b;'x ".repeat(20_000))).isNotEmpty();
    }

    @Test
    void aTitleIsNotLong() {
        String code = "x".repeat(119) + "\uD83D\uDE00 {\n" + "  line of it;\n".repeat(100) + "}\n";
        assertThat(split(500, "a.c", code).get(1).headings()).containsExactly("x".repeat(119));
    }
}
