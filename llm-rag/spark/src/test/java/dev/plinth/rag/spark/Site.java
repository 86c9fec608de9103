package dev.plinth.rag.spark;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.Ingestion;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A folder of real files and a store in memory, which all tasks of this one process share by its name; and a place for a
 * test to step in.
 */
final class Site {
    private static final Map<String, Site> SITES = new ConcurrentHashMap<>();

    final Path folder;
    final InMemoryIndex index = InMemoryIndex.forModel(new Hashes(texts -> {})).build();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger embedded = new AtomicInteger();

    /** Told of each step of a task before it is done: {@code embed}, or a method of the store or its ledger. */
    volatile Consumer<String> onStep = step -> {};

    private Site(Path folder) {
        this.folder = folder;
    }

    static Site in(Path folder) {
        return SITES.computeIfAbsent(folder.toString(), path -> new Site(folder));
    }

    /** Takes nothing along but a path. */
    PipelineOpener opener() {
        String path = folder.toString();
        return () -> in(Path.of(path)).open();
    }

    private Pipeline open() {
        opened.incrementAndGet();
        Hashes model = new Hashes(texts -> {
            onStep.accept("embed");
            embedded.addAndGet(texts.size());
        });
        return Pipeline.of(
                        FolderConnector.of(folder).named("docs"),
                        Ingestion.builder(watched(VectorStore.class), watched(Ledger.class), model)
                                .batchSize(4))
                .closing(closed::incrementAndGet);
    }

    private <T> T watched(Class<T> type) {
        Object watched =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
                    onStep.accept(method.getName());
                    try {
                        return method.invoke(index, values);
                    } catch (InvocationTargetException exception) {
                        throw exception.getCause();
                    }
                });
        return type.cast(watched);
    }

    /** What the ledger knows, but for when, and what the store holds: the same after every way to bring the same files in. */
    Map<String, String> content() {
        return content(index, index);
    }

    static Map<String, String> content(VectorStore store, Ledger ledger) {
        Map<String, String> content = new TreeMap<>();
        ledger.list("docs", null, 10_000)
                .forEach((id, entry) -> content.put(
                        id,
                        entry.stored() == null || entry.pending() != null || entry.failure() != null
                                ? entry.toString()
                                : entry.stored().version() + " "
                                        + entry.stored().chunkIds()));
        List<Embedded> chunks = store.scan(null, 10_000).chunks();
        chunks.forEach(one -> content.put(one.chunk().id(), one.chunk().text()));
        return content;
    }
}
