package dev.plinth.rag.version;

import static dev.plinth.rag.Chunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.retrieve.HybridRetriever;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexVersionsTest {
    @TempDir
    Path folder;

    private final WordVectors small = new WordVectors("small");
    private final WordVectors large = new WordVectors("large");
    private final Map<String, InMemoryIndex> stores = new TreeMap<>();
    private final StoreOpener<InMemoryIndex> opener = new StoreOpener<>() {
        @Override
        public InMemoryIndex open(String name, VectorStore.Stamp stamp) {
            return stores.computeIfAbsent(
                    name, key -> InMemoryIndex.builder(stamp).build());
        }

        @Override
        public void drop(String name) {
            stores.remove(name);
        }
    };

    private IndexVersions<InMemoryIndex> versions() {
        return IndexVersions.of("docs", folder, opener, TestTime.manual());
    }

    private static int filled(IndexVersions<InMemoryIndex> versions, WordVectors model, String text) {
        int number = versions.create(model).number();
        versions.open(number).upsert(List.of(new Embedded(chunk("c", text), WordVectors.vector(text))));
        return number;
    }

    private Retriever retriever(IndexVersions<InMemoryIndex> versions) {
        return versions.retriever(
                store -> HybridRetriever.over(store, store.stamp().model().equals("small") ? small : large));
    }

    private static String found(Retriever retriever) {
        return retriever
                .retrieve(RetrievalRequest.of("words", 1))
                .matches()
                .get(0)
                .chunk()
                .text();
    }

    @Test
    void readsTheActiveVersionAndFollowsASwapAtOnce() {
        IndexVersions<InMemoryIndex> versions = versions();
        Retriever retriever = retriever(versions);
        assertThatThrownBy(() -> found(retriever)).hasMessageContaining("no version is read yet");
        versions.activate(filled(versions, small, "old words"));
        assertThat(found(retriever)).isEqualTo("old words");

        IndexVersions<InMemoryIndex> elsewhere = versions(); // as another process does
        int next = filled(elsewhere, large, "new words");
        assertThat(found(retriever)).isEqualTo("old words");
        elsewhere.activate(next);
        assertThat(found(retriever)).isEqualTo("new words");
        elsewhere.rollBack();
        assertThat(found(retriever)).isEqualTo("old words");
        assertThatThrownBy(elsewhere::rollBack).hasMessageContaining("no version was read before");
        assertThat(retriever.name()).isEqualTo("docs");
    }

    @Test
    void theManifestIsReadAgainAsItWas() {
        IndexVersions<InMemoryIndex> versions = versions();
        versions.activate(filled(versions, new WordVectors("größe = 7: \\ 日本"), "words"));
        Manifest manifest = versions.manifest();
        assertThat(manifest.active().orElseThrow().stamp().model()).isEqualTo("größe = 7: \\ 日本");
        assertThat(manifest.versions().get(0).created()).isEqualTo(TestTime.START);
        assertThat(versions().manifest()).isEqualTo(manifest);
    }

    @Test
    void aVersionWithNothingInItIsNotActivated() {
        IndexVersions<InMemoryIndex> versions = versions();
        int empty = versions.create(small).number();
        assertThatThrownBy(() -> versions.activate(empty))
                .isInstanceOf(StoreException.class)
                .hasMessage("docs-v1: empty (expected: at least one chunk)");
        assertThatThrownBy(() -> versions.open(7)).hasMessage("docs-v7: unknown (expected: one of [1])");
    }

    @Test
    void dropsWhatIsNotReadAndNeverUsesANumberAgain() {
        IndexVersions<InMemoryIndex> versions = versions();
        int first = filled(versions, small, "old words");
        versions.activate(first);
        assertThatThrownBy(() -> versions.drop(first)).hasMessageContaining("is read");
        int second = filled(versions, large, "new words");
        versions.drop(second);
        assertThat(stores).containsOnlyKeys("docs-v1");
        assertThat(versions.create(small).number()).isEqualTo(3);
        versions.activate(filled(versions, small, "newest words"));
        versions.drop(first);
        assertThatThrownBy(versions::rollBack).hasMessageContaining("no version was read before");
    }

    private StoreOpener<InMemoryIndex> dropping(Consumer<String> drop) {
        return new StoreOpener<>() {
            @Override
            public InMemoryIndex open(String name, VectorStore.Stamp stamp) {
                return opener.open(name, stamp);
            }

            @Override
            public void drop(String name) {
                drop.accept(name);
            }
        };
    }

    @Test
    void aDropThatFailedIsRepeated() {
        List<String> dropped = new ArrayList<>();
        IndexVersions<InMemoryIndex> versions = IndexVersions.of("docs", folder, dropping(name -> {
            dropped.add(name);
            if (dropped.size() == 1) {
                throw new StoreException("locked");
            }
        }));
        int number = filled(versions, small, "words");
        assertThatThrownBy(() -> versions.drop(number)).hasMessage("locked");
        assertThatThrownBy(() -> versions.open(number)).hasMessageContaining("unknown");
        versions.drop(number);
        assertThat(dropped).containsExactly("docs-v1", "docs-v1");
        assertThatThrownBy(() -> versions.drop(2)).hasMessageContaining("docs-v2: unknown");
        assertThatThrownBy(() -> versions.drop(0)).hasMessageContaining("docs-v0: unknown");
        assertThat(dropped).hasSize(2);
    }

    private interface Store extends HybridIndex, Ledger {}

    @Test
    void closesAllStoresEvenIfOneCannotBe() {
        List<String> closed = new ArrayList<>();
        IndexVersions<Store> versions = IndexVersions.of("docs", folder, new StoreOpener<>() {
            @Override
            public Store open(String name, VectorStore.Stamp stamp) {
                return (Store) Proxy.newProxyInstance(
                        Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                            closed.add(method.getName() + " " + name);
                            throw new StoreException("busy");
                        });
            }

            @Override
            public void drop(String name) {}
        });
        for (int i = 0; i < 3; i++) {
            versions.open(versions.create(small).number());
        }
        assertThatThrownBy(versions::close)
                .isInstanceOf(StoreException.class)
                .hasMessage("docs: cannot be closed")
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(2));
        assertThat(closed).containsExactlyInAnyOrder("close docs-v1", "close docs-v2", "close docs-v3");
    }

    @Test
    void aVersionThatAnIngestionBrokeOffIsNotActivated() {
        IndexVersions<InMemoryIndex> versions = versions();
        int number = filled(versions, small, "words");
        Instant at = TestTime.START;
        Ledger.Stored stored = new Ledger.Stored("v1", "digest", "a#", 1, at);
        versions.open(number).put("wiki", Map.of("a", new Ledger.Entry(stored, null, null)));
        assertThatThrownBy(() -> versions.activate(number))
                .isInstanceOf(StoreException.class)
                .hasMessage("docs-v1: holds a part of wiki (expected: an ingestion that came to its end)");
        versions.open(number).checkpoint("wiki", new Ledger.Checkpoint(null, at));
        versions.activate(number);
    }

    @Test
    void activatingTwiceIsActivatingOnce() {
        IndexVersions<InMemoryIndex> versions = versions();
        int first = filled(versions, small, "old words");
        int second = filled(versions, small, "new words");
        versions.activate(first);
        versions.activate(second);
        versions.activate(second);
        versions.rollBack();
        assertThat(versions.manifest().active().orElseThrow().number()).isEqualTo(first);
    }

    @Test
    void rollsBackPastAVersionThatWasDropped() {
        IndexVersions<InMemoryIndex> versions = versions();
        int first = filled(versions, small, "oldest words");
        int second = filled(versions, small, "old words");
        int third = filled(versions, small, "new words");
        versions.activate(first);
        versions.activate(second);
        versions.activate(third);
        versions.activate(second);
        versions.drop(third);
        assertThat(versions.manifest().activated()).containsExactly(first, second);
        versions.rollBack();
        assertThat(versions.manifest().active().orElseThrow().number()).isEqualTo(first);
    }

    @Test
    void aVersionDroppedWhileItWaitsToBeOpenedIsNotMadeAnew() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        StoreOpener<InMemoryIndex> slow = new StoreOpener<>() {
            @Override
            public InMemoryIndex open(String name, VectorStore.Stamp stamp) {
                if (name.equals("docs-v1")) {
                    entered.countDown();
                    await(leave);
                }
                return opener.open(name, stamp);
            }

            @Override
            public void drop(String name) {
                opener.drop(name);
            }
        };
        IndexVersions<InMemoryIndex> versions = IndexVersions.of("docs", folder, slow, TestTime.manual());
        int first = versions.create(small).number();
        int second = versions.create(small).number();
        List<Throwable> thrown = new ArrayList<>();
        Thread holder = new Thread(() -> versions.open(first));
        Thread waiter = new Thread(() -> thrown.add(catchThrowable(() -> versions.open(second))));
        holder.start();
        entered.await();
        waiter.start();
        while (waiter.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        versions().drop(second); // as another process does
        leave.countDown();
        holder.join();
        waiter.join();
        assertThat(thrown.get(0)).isInstanceOf(StoreException.class).hasMessageContaining("docs-v2: unknown");
        assertThat(stores).containsOnlyKeys("docs-v1");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void theManifestIsAsReadableAsAnyFile() throws IOException {
        assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
        versions().create(small);
        Path any = Files.writeString(folder.resolve("any"), "");
        assertThat(Files.getPosixFilePermissions(folder.resolve("docs.properties")))
                .isEqualTo(Files.getPosixFilePermissions(any));
    }

    @Test
    void aManifestThatCannotBeReplacedLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("docs.properties");
        ManifestFile manifests = new ManifestFile("docs", folder);
        assertThatThrownBy(() -> manifests.change(manifest -> {
                    occupy(file);
                    return manifest;
                }))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be written");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(file, folder.resolve("docs.properties.lock"));
        }
    }

    /** A folder that is not empty cannot be replaced by a file. */
    private static void occupy(Path file) {
        try {
            Files.createDirectories(file.resolve("occupied"));
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    @Test
    void twoAtOnceDoNotOverwriteEachOther() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        List<Future<Integer>> numbers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Callable<Integer> create = () -> versions().create(small).number();
            numbers.add(executor.submit(create));
        }
        List<Integer> got = new ArrayList<>();
        for (Future<Integer> number : numbers) {
            got.add(number.get());
        }
        executor.shutdown();
        assertThat(got).doesNotHaveDuplicates().hasSize(20);
        assertThat(versions().manifest().versions()).hasSize(20);
    }

    @Test
    void saysWhatIsWrongWithAManifest() throws IOException {
        versions().create(small);
        Path file = folder.resolve("docs.properties");
        String text = Files.readString(file);
        Files.writeString(file, text.replace("format=1", "format=9"));
        assertThatThrownBy(() -> versions().manifest()).hasMessageContaining("has format 9 (expected: 1)");
        Files.writeString(file, text.replace("version.1.dimensions=64", "version.1.dimensions=x"));
        assertThatThrownBy(() -> versions().manifest()).hasMessageContaining("is damaged");
        Files.writeString(file, "");
        assertThatThrownBy(() -> versions().manifest()).hasMessageContaining("format: missing");
        assertThatIllegalArgumentException().isThrownBy(() -> IndexVersions.of("../x", folder, opener));
    }
}
