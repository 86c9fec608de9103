package dev.plinth.rag.lucene;

import java.io.IOException;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;

/** A directory whose disk is full whenever it is said to be. */
final class FaultyDirectory extends FilterDirectory {
    private final BooleanSupplier full;

    FaultyDirectory(Directory directory, BooleanSupplier full) {
        super(directory);
        this.full = full;
    }

    private void check() throws IOException {
        if (full.getAsBoolean()) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
        check();
        return super.createOutput(name, context);
    }

    @Override
    public void sync(Collection<String> names) throws IOException {
        check();
        super.sync(names);
    }

    @Override
    public void rename(String source, String target) throws IOException {
        check();
        super.rename(source, target);
    }
}
