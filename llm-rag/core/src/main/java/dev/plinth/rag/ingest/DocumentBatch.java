package dev.plinth.rag.ingest;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.rag.ingest.IngestReport.Status;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings a few documents in, on one thread. In this order, so that a kill at any moment is repaired by the next run:
 *
 * <ol>
 *   <li>read and split the documents, and embed their chunks; nothing is written yet
 *   <li>take out what a killed run was about to write, if it was another version: the next note replaces the one on it
 *   <li>note in the ledger which chunks are about to be written
 *   <li>put the new chunks into the store and take the old ones out, in one step
 *   <li>note in the ledger that this is what the store holds
 * </ol>
 *
 * <p>If the first note is not there any more at the time of the second one, another run was at the same document; then
 * what both have written is noted, and the document is done again by the next run.
 *
 * <p>A document of which the second note is missing is done again; the first one tells which chunks may be left over.
 */
final class DocumentBatch {
    private static final Set<String> REFUSALS = Set.of("context_too_long", "content_filtered", "invalid_request");

    private final Settings settings;
    private final Source source;
    private final Tally tally;
    private final Failures failures;
    private final List<Prepared> prepared = new ArrayList<>();
    private int preparedChunks;

    /** A listed item, and what the ledger knows of it. */
    record Task(Connector.Item item, String version, Ledger.@Nullable Entry known) {
        /** Whether this version is noted as failed. */
        boolean failedBefore() {
            return known != null
                    && known.failure() != null
                    && known.failure().version().equals(version);
        }

        Status whenStored() {
            return known == null || known.stored() == null ? Status.ADDED : Status.CHANGED;
        }
    }

    /** A document that was split and waits for its vectors. */
    private record Prepared(Task task, Ledger.Stored stored, List<Chunk> chunks) {
        String id() {
            return task.item().id();
        }
    }

    DocumentBatch(Settings settings, Source source, Tally tally, Failures failures) {
        this.settings = settings;
        this.source = source;
        this.tally = tally;
        this.failures = failures;
    }

    void run(List<Task> tasks) {
        for (Task task : tasks) {
            if (failures.goOn()) {
                prepare(task);
            } else {
                failures.notTried(task);
            }
            if (preparedChunks >= settings.batchSize()) {
                flush();
            }
        }
        flush();
    }

    private void prepare(Task task) {
        Source.Split split;
        try {
            split = source.read(task.item());
        } catch (AuthenticationException | CancelledException ended) {
            throw ended;
        } catch (RuntimeException | StackOverflowError failure) {
            // an overflow: text nested deeper than its parser can follow
            if (failure instanceof LlmException busy && busy.isRetryable()) {
                failures.elsewhere(task, failure.toString());
            } else {
                failures.ofDocument(task, failure.toString());
            }
            return;
        }
        Ledger.Stored same = sameContent(task.known(), split.digest());
        if (same == null) {
            Ledger.Stored stored = new Ledger.Stored(
                    task.version(),
                    split.digest(),
                    split.prefix(),
                    split.chunks().size(),
                    settings.time().now());
            prepared.add(new Prepared(task, stored, split.chunks()));
            preparedChunks += split.chunks().size();
            tally.read(split.chunks().size());
        } else {
            settings.ledger()
                    .put(
                            source.name(),
                            Map.of(task.item().id(), new Ledger.Entry(withVersion(same, task.version()), null, null)));
            tally.done(task.item().id(), Status.UNCHANGED, 0, null);
        }
    }

    /** What the store holds of a document, if that is what it was split into now. */
    private static Ledger.@Nullable Stored sameContent(Ledger.@Nullable Entry known, String digest) {
        Ledger.Stored stored = known == null || known.pending() != null ? null : known.stored();
        return stored != null && stored.digest().equals(digest) ? stored : null;
    }

    /** All documents together; if that fails, each by itself, so that one bad document does not take others with it. */
    private void flush() {
        List<Prepared> group = List.copyOf(prepared);
        prepared.clear();
        preparedChunks = 0;
        if (group.isEmpty()) {
            return;
        }
        try {
            bringIn(group);
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (RuntimeException exception) {
            if (group.size() > 1) {
                group.forEach(this::bringInAlone);
            } else {
                fail(group.get(0).task(), exception);
            }
        }
    }

    private void bringInAlone(Prepared one) {
        if (!failures.goOn()) {
            failures.notTried(one.task());
            return;
        }
        try {
            bringIn(List.of(one));
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (RuntimeException exception) {
            fail(one.task(), exception);
        }
    }

    private void bringIn(List<Prepared> group) {
        List<Chunk> chunks =
                group.stream().flatMap(one -> one.chunks().stream()).toList();
        List<float[]> vectors = embed(chunks);
        try {
            write(group, chunks, vectors);
        } catch (RuntimeException exception) {
            tally.undo(chunks.size());
            throw exception;
        }
        failures.gotThrough();
        group.forEach(one ->
                tally.done(one.id(), one.task().whenStored(), one.chunks().size(), null));
    }

    /** The ledger is asked again: a second try of the same documents may have written meanwhile. */
    private void write(List<Prepared> group, List<Chunk> chunks, List<float[]> vectors) {
        Map<String, Ledger.Entry> known = settings.ledger()
                .find(source.name(), group.stream().map(Prepared::id).toList());
        Map<String, Ledger.Entry> intents = new TreeMap<>();
        List<String> old = new ArrayList<>();
        List<String> leftOver = new ArrayList<>();
        for (Prepared one : group) {
            Ledger.Entry before = known.get(one.id());
            intents.put(one.id(), Notes.intent(before, one.stored()));
            old.addAll(Notes.chunkIds(before));
            leftOver.addAll(Notes.leftOver(before, one.stored()));
        }
        List<Embedded> embedded = new ArrayList<>(chunks.size());
        for (int i = 0; i < chunks.size(); i++) {
            embedded.add(new Embedded(chunks.get(i), vectors.get(i)));
        }
        if (!leftOver.isEmpty()) {
            settings.store().delete(leftOver);
        }
        settings.ledger().put(source.name(), intents);
        settings.store().write(embedded, old);
        settings.ledger().put(source.name(), results(intents));
    }

    /** What the store holds now, as far as the intents are still what the ledger says. */
    private Map<String, Ledger.Entry> results(Map<String, Ledger.Entry> intents) {
        Map<String, Ledger.Entry> now = settings.ledger().find(source.name(), intents.keySet());
        Map<String, Ledger.Entry> results = new TreeMap<>();
        intents.forEach((id, intent) -> results.put(id, Notes.result(intent, now.get(id))));
        return results;
    }

    private List<float[]> embed(List<Chunk> chunks) {
        List<float[]> vectors = new ArrayList<>(chunks.size());
        int held = settings.store().stamp().dimensions();
        int told = 0;
        try {
            for (List<Chunk> batch : Pages.of(chunks, settings.batchSize())) {
                List<String> texts = batch.stream().map(SearchText::of).toList();
                List<float[]> answer = settings.model().embedDocuments(texts);
                if (answer.size() != texts.size()) {
                    throw new StoreException(
                            "vectors: " + answer.size() + " (expected: " + texts.size() + ", one for each text)");
                }
                answer.forEach(vector -> checkLength(vector, held));
                vectors.addAll(answer);
                told += batch.size();
                tally.embedded(batch.size(), batch.get(batch.size() - 1).documentId());
            }
            return vectors;
        } catch (RuntimeException exception) {
            tally.undo(told);
            throw exception;
        }
    }

    /** The store would refuse it as it does a bad document; but then it is the model that is the wrong one. */
    private static void checkLength(float[] vector, int held) {
        if (vector.length != held) {
            throw new StoreException("dimensions: " + vector.length + " (expected: " + held + ", as of the store)");
        }
    }

    private static Ledger.Stored withVersion(Ledger.Stored stored, String version) {
        return new Ledger.Stored(version, stored.digest(), stored.prefix(), stored.chunks(), stored.at());
    }

    /** The model or the store failed on the document when it was tried alone. */
    private void fail(Task task, RuntimeException exception) {
        if (isRefusal(exception)) {
            failures.ofDocument(task, exception.toString());
        } else {
            failures.elsewhere(task, exception.toString());
        }
    }

    /** Whether the model or the store works and does not take the document, which it will not do next time either. */
    private static boolean isRefusal(RuntimeException exception) {
        return exception instanceof IllegalArgumentException
                || exception instanceof LlmException failure && REFUSALS.contains(failure.code());
    }
}
