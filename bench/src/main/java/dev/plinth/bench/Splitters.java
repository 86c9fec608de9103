package dev.plinth.bench;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.providers.jtokkit.JtokkitTokenCounter;
import dev.plinth.rag.split.ParentChildSplitter;
import dev.plinth.rag.split.RecursiveSplitter;
import dev.plinth.rag.split.SemanticSplitter;
import dev.plinth.rag.split.SentenceSplitter;
import dev.plinth.rag.split.Splitter;
import dev.plinth.rag.split.StructureSplitter;
import dev.plinth.rag.split.TokenSplitter;

/**
 * Splitters by short name, {@code NAME[:SIZE[:OVERLAP]]}, sizes in the splitter's own unit; for parent-child the size of
 * parents and that of children. What is not said is the splitter's default.
 */
final class Splitters {
    static final String ALL = "structure,recursive,sentence,token,semantic,parent-child";

    private static final String ENCODING = "cl100k_base";

    private Splitters() {}

    static Splitter of(String specification, EmbeddingModel model) {
        String[] fields = specification.split(":", -1);
        Check.that(fields.length <= 3, "--splitters", specification, "NAME[:SIZE[:OVERLAP]]");
        boolean sized = fields.length > 1;
        int size = sized ? Integer.parseInt(fields[1]) : 0;
        int second = fields.length > 2 ? Integer.parseInt(fields[2]) : 0;
        return switch (fields[0]) {
            case "structure" -> {
                StructureSplitter splitter = StructureSplitter.create();
                yield (sized ? splitter.maxSize(size) : splitter).overlap(second);
            }
            case "recursive" -> {
                RecursiveSplitter splitter = RecursiveSplitter.create();
                yield (sized ? splitter.maxSize(size) : splitter).overlap(second);
            }
            case "sentence" -> {
                SentenceSplitter splitter = SentenceSplitter.create();
                yield (sized ? splitter.maxSize(size) : splitter).overlap(second);
            }
            case "token" -> {
                TokenSplitter splitter = TokenSplitter.by(ENCODING, JtokkitTokenCounter.forEncoding(ENCODING)::count);
                yield (sized ? splitter.maxTokens(size) : splitter).overlap(second);
            }
            case "semantic" -> {
                SemanticSplitter splitter = SemanticSplitter.by(model);
                yield sized ? splitter.minSize(size / 5).maxSize(size) : splitter;
            }
            case "parent-child" -> {
                StructureSplitter structure = StructureSplitter.create();
                yield sized
                        ? ParentChildSplitter.of(structure.maxSize(size), structure.maxSize(second))
                        : ParentChildSplitter.create();
            }
            default -> throw new IllegalArgumentException("--splitters: " + fields[0] + " (expected: of " + ALL + ")");
        };
    }
}
