package dev.plinth.rag.ingest;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.rag.split.Splitter;
import dev.plinth.rag.text.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The documents of a connector, cut by a splitter. */
final class ConnectorSource implements Source {
    private static final int SHORT_DIGEST = 12;

    private final Connector connector;
    private final Splitter splitter;
    private final int maxChunks;

    /** Of the way a document is read and cut; without a space, so that it can be told from the version before it. */
    private final String fingerprint;

    ConnectorSource(Connector connector, Splitter splitter, int maxChunks) {
        this.connector = connector;
        this.splitter = splitter;
        this.maxChunks = maxChunks;
        this.fingerprint = shortDigest(List.of(splitter.fingerprint(), connector.fingerprint()));
    }

    @Override
    public String name() {
        return connector.name();
    }

    /** Of a checkpoint under another fingerprint: everything is to be made anew, which only a list of everything names. */
    @Override
    public @Nullable String start(Ledger.Checkpoint last) {
        String cursor = last.cursor();
        String mark = mark();
        return cursor != null && cursor.startsWith(mark) ? cursor.substring(mark.length()) : null;
    }

    @Override
    public Connector.Page list(@Nullable String cursor) {
        return connector.list(cursor);
    }

    @Override
    public Optional<Ledger.Checkpoint> reached(Connector.Page last, Instant at) {
        return Optional.of(new Ledger.Checkpoint(last.since() == null ? null : mark() + last.since(), at));
    }

    /** Stands before where a list of changes starts. */
    private String mark() {
        return fingerprint + "\n";
    }

    @Override
    public String versionOf(Connector.Item item) {
        return item.version() + " " + fingerprint;
    }

    @Override
    public Connector.Item itemOf(String id, String version) {
        return new Connector.Item(id, version.substring(0, version.lastIndexOf(' ')));
    }

    @Override
    public Split read(Connector.Item item) {
        Document document = connector.fetch(item);
        List<Chunk> chunks = splitter.split(document);
        if (chunks.size() > maxChunks) {
            throw new StoreException(
                    "chunks: " + chunks.size() + " (expected: at most " + maxChunks + " of a document)");
        }
        String digest = digest(document);
        String prefix = name() + "/" + item.id() + "@" + digest.substring(0, SHORT_DIGEST) + "#";
        List<Chunk> numbered = new ArrayList<>(chunks.size());
        for (int i = 0; i < chunks.size(); i++) {
            numbered.add(chunks.get(i).withId(prefix + (i + 1)));
        }
        return new Split(digest, prefix, numbered);
    }

    private static String shortDigest(List<String> parts) {
        return Sha256.of(parts).substring(0, SHORT_DIGEST);
    }

    /** When a document was changed is no reason to embed it again. */
    private String digest(Document document) {
        List<String> parts = new ArrayList<>(List.of(
                splitter.fingerprint(),
                document.title(),
                document.text(),
                document.source(),
                String.join("\n", document.readers().names().stream().sorted().toList()),
                document.pages().toString()));
        document.metadata().values().forEach((field, value) -> {
            if (!field.equals(Document.MODIFIED)) {
                parts.add(field);
                parts.add(value.toString());
            }
        });
        return Sha256.of(parts);
    }
}
