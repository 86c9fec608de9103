package dev.plinth.rag.spark;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one task does: opens a pipeline where it runs, and brings its documents in. What travels are classes, not records,
 * which Kryo cannot read back where a user has chosen it.
 */
final class Share implements FlatMapFunction<Iterator<Share.Listed>, Share.Done> {
    private final PipelineOpener opener;

    Share(PipelineOpener opener) {
        this.opener = opener;
    }

    /** An item on its way to a task. */
    static final class Listed implements Serializable {
        private final String id;
        private final String version;

        Listed(Connector.Item item) {
            this.id = item.id();
            this.version = item.version();
        }

        Connector.Item item() {
            return new Connector.Item(id, version);
        }
    }

    /** What became of a document, on its way back; or, without a document, that the source refused the credentials. */
    static final class Done implements Serializable {
        private final @Nullable String id;
        private final Status status;
        private final int chunks;
        private final @Nullable String reason;

        private Done(@Nullable String id, Status status, int chunks, @Nullable String reason) {
            this.id = id;
            this.status = status;
            this.chunks = chunks;
            this.reason = reason;
        }

        /** @throws AuthenticationException if the task was refused */
        Outcome outcome() {
            if (id == null) {
                throw new AuthenticationException(String.valueOf(reason));
            }
            return new Outcome(id, status, chunks, reason);
        }
    }

    @Override
    public Iterator<Done> call(Iterator<Listed> listed) throws Exception {
        List<Connector.Item> items = new ArrayList<>();
        listed.forEachRemaining(one -> items.add(one.item()));
        try (Pipeline pipeline = opener.open()) {
            return pipeline.ingestion().build().bringIn(pipeline.connector(), items).stream()
                    .map(one -> new Done(one.documentId(), one.status(), one.chunks(), one.reason()))
                    .iterator();
        } catch (AuthenticationException refused) { // to be tried again is no help
            return List.of(new Done(null, Status.FAILED, 0, refused.getMessage()))
                    .iterator();
        }
    }
}
