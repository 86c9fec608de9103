package dev.plinth.rag.ingest;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.ingest.IngestReport.Status;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One run of an {@link Ingestion}. Documents are read one by one; their chunks are collected until a batch is full, so
 * memory is bounded by a batch and the largest document. A document's version is written together with its chunks and
 * only then, so a run that dies is taken up by the next one.
 */
final class IngestRun {
    private static final int FAILURES_IN_A_ROW = 5;
    private static final int ALWAYS_REMOVABLE = 10;

    private final Ingestion settings;
    private final Connector connector;
    private final String source;
    private final Map<String, Connector.Item> items = new LinkedHashMap<>();
    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private int pendingChunks;
    private int documentsDone;
    private int chunksKnown;
    private int chunksDone;
    private int failuresInARow;

    /** A document that was split and waits for its vectors. */
    private record Pending(String id, String version, Status status, List<Chunk> chunks) {}

    IngestRun(Ingestion settings, Connector connector) {
        this.settings = settings;
        this.connector = connector;
        this.source = connector.name();
    }

    IngestReport run() {
        listAll();
        Map<String, String> held = settings.index().versions(source);
        for (Connector.Item item : items.values()) {
            String version = item.version() + " " + settings.splitter().fingerprint();
            String before = held.get(item.id());
            if (version.equals(before)) {
                finish(item.id(), Status.UNCHANGED, 0, null);
            } else if (failuresInARow >= FAILURES_IN_A_ROW) {
                finish(item.id(), Status.FAILED, 0, "not tried after " + FAILURES_IN_A_ROW + " failures in a row");
            } else {
                prepare(item, version, before == null ? Status.ADDED : Status.CHANGED);
            }
        }
        flush();
        remove(held);
        return new IngestReport(source, inOrder(), chunksDone);
    }

    private void listAll() {
        String cursor = null;
        do {
            Connector.Page page = connector.list(cursor);
            page.items().forEach(item -> items.put(item.id(), item));
            page.skipped()
                    .forEach(skipped ->
                            outcomes.put(skipped.id(), new Outcome(skipped.id(), Status.SKIPPED, 0, skipped.reason())));
            cursor = page.next();
        } while (cursor != null);
        items.keySet().forEach(outcomes::remove);
    }

    private void prepare(Connector.Item item, String version, Status status) {
        try {
            Document document = connector.fetch(item);
            List<Chunk> chunks = settings.splitter().split(document).stream()
                    .map(this::withSource)
                    .toList();
            pending.add(new Pending(item.id(), version, status, chunks));
            pendingChunks += chunks.size();
            chunksKnown += chunks.size();
        } catch (RuntimeException exception) {
            fail(item.id(), exception);
            return;
        }
        if (pendingChunks >= settings.batchSize()) {
            flush();
        }
    }

    /** Two sources may have a document of the same id; a chunk's id is unique in the index. */
    private Chunk withSource(Chunk chunk) {
        return new Chunk(
                source + "/" + chunk.id(),
                chunk.documentId(),
                chunk.source(),
                chunk.text(),
                chunk.span(),
                chunk.headings(),
                chunk.metadata());
    }

    /**
     * Embeds all pending documents together; if that fails, each by itself, so that one bad document does not take
     * others with it.
     */
    private void flush() {
        List<Pending> group = List.copyOf(pending);
        pending.clear();
        pendingChunks = 0;
        int doneBefore = chunksDone;
        List<Chunk> chunks =
                group.stream().flatMap(one -> one.chunks().stream()).toList();
        List<float[]> vectors;
        try {
            vectors = embed(chunks);
        } catch (RuntimeException exception) {
            rethrowIfCancelled(exception);
            chunksDone = doneBefore;
            if (group.size() == 1) {
                failBehindSource(group.get(0).id(), exception);
            } else {
                group.forEach(this::storeAlone);
            }
            return;
        }
        int from = 0;
        for (Pending one : group) {
            store(one, vectors.subList(from, from + one.chunks().size()));
            from += one.chunks().size();
        }
    }

    private void storeAlone(Pending one) {
        int doneBefore = chunksDone;
        try {
            store(one, embed(one.chunks()));
        } catch (RuntimeException exception) {
            chunksDone = doneBefore;
            failBehindSource(one.id(), exception);
        }
    }

    private List<float[]> embed(List<Chunk> chunks) {
        List<float[]> vectors = new ArrayList<>(chunks.size());
        for (int from = 0; from < chunks.size(); from += settings.batchSize()) {
            List<Chunk> batch = chunks.subList(from, Math.min(chunks.size(), from + settings.batchSize()));
            List<String> texts = batch.stream().map(SearchText::of).toList();
            List<float[]> answer = settings.model().embedDocuments(texts);
            if (answer.size() != texts.size()) {
                throw new IllegalStateException(
                        "vectors: " + answer.size() + " (expected: " + texts.size() + ", one for each text)");
            }
            vectors.addAll(answer);
            chunksDone += batch.size();
            tell(batch.get(batch.size() - 1).documentId());
        }
        return vectors;
    }

    private void store(Pending one, List<float[]> vectors) {
        List<Embedded> embedded = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            embedded.add(new Embedded(one.chunks().get(i), vectors.get(i)));
        }
        try {
            settings.index().putDocument(source, one.id(), one.version(), embedded);
        } catch (RuntimeException exception) {
            failBehindSource(one.id(), exception);
            return;
        }
        failuresInARow = 0;
        finish(one.id(), one.status(), embedded.size(), null);
    }

    private void remove(Map<String, String> held) {
        Set<String> missing = new TreeSet<>(held.keySet());
        missing.removeAll(outcomes.keySet());
        boolean allowed =
                missing.size() <= ALWAYS_REMOVABLE || missing.size() <= settings.maxRemovedShare() * held.size();
        for (String id : missing) {
            if (allowed) {
                settings.index().removeDocument(source, id);
                outcomes.put(id, new Outcome(id, Status.REMOVED, 0, null));
            } else {
                String reason = "missing with " + missing.size() + " of " + held.size()
                        + " documents (expected: at most a share of " + settings.maxRemovedShare() + ")";
                outcomes.put(id, new Outcome(id, Status.KEPT, 0, reason));
            }
        }
    }

    /** The model or the index failed, not the document: when that goes on, the rest need not be tried. */
    private void failBehindSource(String id, RuntimeException exception) {
        failuresInARow++;
        fail(id, exception);
    }

    private void fail(String id, RuntimeException exception) {
        rethrowIfCancelled(exception);
        finish(id, Status.FAILED, 0, exception.toString());
    }

    private static void rethrowIfCancelled(RuntimeException exception) {
        if (exception instanceof CancelledException) {
            throw exception;
        }
    }

    private void finish(String id, Status status, int chunks, @Nullable String reason) {
        outcomes.put(id, new Outcome(id, status, chunks, reason));
        documentsDone++;
        tell(id);
    }

    private void tell(String id) {
        settings.progress().accept(new IngestProgress(documentsDone, items.size(), chunksDone, chunksKnown, id));
    }

    /** Items in the order of the source, then what was skipped, then what is gone. */
    private List<Outcome> inOrder() {
        List<Outcome> ordered = new ArrayList<>();
        for (String id : items.keySet()) {
            Outcome outcome = outcomes.remove(id);
            if (outcome != null) {
                ordered.add(outcome);
            }
        }
        ordered.addAll(outcomes.values());
        return ordered;
    }
}
