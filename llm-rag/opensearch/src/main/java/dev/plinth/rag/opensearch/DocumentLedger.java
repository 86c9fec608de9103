package dev.plinth.rag.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.rag.index.DocumentKeys;
import dev.plinth.rag.index.FactTerms;
import dev.plinth.rag.index.LedgerTerms;
import dev.plinth.rag.index.StoreBytes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The ledger, as documents of the index that no search for chunks finds. What is read by key needs no refresh. */
final class DocumentLedger implements Ledger {
    private static final int MOST_SOURCES = 10_000;
    private static final String READ = Fields.NAME + "," + Fields.CONTENT;

    private final RemoteIndex index;
    private final DocumentKeys entries;
    private final DocumentKeys checkpoints;

    DocumentLedger(RemoteIndex index, String tenant) {
        this.index = index;
        this.entries = DocumentKeys.entries(tenant);
        this.checkpoints = DocumentKeys.checkpoints(tenant);
    }

    @Override
    public Map<String, Entry> find(String source, Collection<String> documentIds) {
        return entries(index.get(keys(source, documentIds), READ));
    }

    private List<String> keys(String source, Collection<String> documentIds) {
        LedgerTerms.ofSource(source);
        return documentIds.stream().map(id -> entries.of(source, id)).distinct().toList();
    }

    @Override
    public Map<String, Entry> list(String source, @Nullable String after, int limit) {
        Check.positive(limit, "limit");
        ArrayNode filters = Json.array(List.of(
                FilterJson.term(Fields.OWNER, entries.owner()),
                FilterJson.term(Fields.SOURCE, LedgerTerms.ofSource(source))));
        ObjectNode query = Json.object("query", FilterJson.bool("filter", filters))
                .put("size", Math.min(limit, OpenSearchIndex.MOST));
        query.set("_source", Json.texts(List.of(Fields.NAME, Fields.CONTENT)));
        query.set("sort", Json.texts(List.of(Fields.ENTRY)));
        if (after != null) {
            query.set("search_after", Json.texts(List.of(FactTerms.of(after))));
        }
        index.refresh();
        List<JsonNode> found = new ArrayList<>();
        index.search(query).at("/hits/hits").forEach(hit -> found.add(hit.path("_source")));
        return entries(found);
    }

    private static Map<String, Entry> entries(List<JsonNode> documents) {
        Map<String, Entry> found = new LinkedHashMap<>();
        for (JsonNode document : documents) {
            found.put(
                    LedgerTerms.name(document.path(Fields.NAME).asText()),
                    StoreBytes.entry(ChunkDocument.content(document)));
        }
        return found;
    }

    @Override
    public void put(String source, Map<String, Entry> entries) {
        LedgerTerms.ofSource(source);
        List<ObjectNode> documents = new ArrayList<>();
        entries.forEach((id, entry) -> {
            Check.notBlank(id, "documentId");
            byte[] content = StoreBytes.of(Check.notNull(entry, "entry"));
            documents.add(document(this.entries, this.entries.of(source, id), source, content)
                    .put(Fields.ENTRY, FactTerms.of(id))
                    .put(Fields.NAME, LedgerTerms.of(id)));
        });
        index.change(Bulk.put(documents));
    }

    private static ObjectNode document(DocumentKeys keys, String key, String source, byte[] content) {
        return Json.object()
                .put(Fields.KEY, key)
                .put(Fields.OWNER, keys.owner())
                .put(Fields.SOURCE, LedgerTerms.ofSource(source))
                .put(Fields.CONTENT, Base64.getEncoder().encodeToString(content));
    }

    @Override
    public void remove(String source, Collection<String> documentIds) {
        index.change(Bulk.delete(keys(source, documentIds)));
    }

    @Override
    public Set<String> sources() {
        ArrayNode owners = Json.texts(List.of(entries.owner(), checkpoints.owner()));
        ObjectNode query = Json.object("query", Json.object("terms", Json.object(Fields.OWNER, owners)))
                .put("size", 0);
        query.putObject("aggs")
                .putObject("sources")
                .putObject("terms")
                .put("field", Fields.SOURCE)
                .put("size", MOST_SOURCES);
        index.refresh();
        JsonNode found = index.search(query).at("/aggregations/sources");
        if (found.path("sum_other_doc_count").asLong() > 0) {
            throw new StoreException("sources: more (expected: at most " + MOST_SOURCES + ")");
        }
        Set<String> sources = new TreeSet<>();
        found.path("buckets")
                .forEach(bucket ->
                        sources.add(LedgerTerms.name(bucket.path("key").asText())));
        return sources;
    }

    @Override
    public Optional<Checkpoint> checkpoint(String source) {
        LedgerTerms.ofSource(source);
        return index.get(List.of(checkpoints.of(source)), READ).stream()
                .findFirst()
                .map(found -> StoreBytes.checkpoint(ChunkDocument.content(found)));
    }

    @Override
    public void checkpoint(String source, Checkpoint checkpoint) {
        byte[] content = StoreBytes.of(Check.notNull(checkpoint, "checkpoint"));
        index.change(Bulk.put(List.of(document(checkpoints, checkpoints.of(source), source, content))));
    }
}
