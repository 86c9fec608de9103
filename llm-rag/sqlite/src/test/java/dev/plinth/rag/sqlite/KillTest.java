package dev.plinth.rag.sqlite;

import dev.plinth.api.tck.KillContract;
import java.nio.file.Path;

/** The published contract, with a process of its own. */
class KillTest extends KillContract<SqliteIndex> {
    @Override
    protected SqliteIndex open(Path directory) {
        return opened(directory);
    }

    private static SqliteIndex opened(Path directory) {
        return SqliteIndex.builder(directory.resolve("index.db"), STAMP).open();
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
