package dev.plinth.rag.lucene;

import dev.plinth.api.tck.KillContract;
import java.nio.file.Path;

/** The published contract, with a process of its own. */
class KillTest extends KillContract<LuceneIndex> {
    @Override
    protected LuceneIndex open(Path directory) {
        return opened(directory);
    }

    private static LuceneIndex opened(Path directory) {
        return LuceneIndex.builder(directory, STAMP).open();
    }

    @Override
    protected Class<?> process() {
        return Writer.class;
    }

    /** The process that is killed. */
    static final class Writer {
        public static void main(String[] arguments) {
            writeForEver(opened(Path.of(arguments[0])), System.out);
        }
    }
}
