package dev.plinth.rag.solr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.check.Check;
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

/** The ledger, as documents of the collection that no search for chunks finds. */
final class SolrLedger implements Ledger {
    private final SolrCollection collection;
    private final DocumentKeys entries;
    private final DocumentKeys checkpoints;

    SolrLedger(SolrCollection collection, String tenant) {
        this.collection = collection;
        this.entries = DocumentKeys.entries(tenant);
        this.checkpoints = DocumentKeys.checkpoints(tenant);
    }

    @Override
    public Map<String, Entry> find(String source, Collection<String> documentIds) {
        LedgerTerms.ofSource(source);
        List<String> ids = documentIds.stream()
                .map(id -> entries.of(source, id))
                .distinct()
                .toList();
        if (ids.isEmpty()) {
            return Map.of();
        }
        ObjectNode query = query(entries, ids.size());
        query.withArrayProperty("filter").add(FilterJson.terms(Fields.ID, ids));
        return entries(query);
    }

    @Override
    public Map<String, Entry> list(String source, @Nullable String after, int limit) {
        Check.positive(limit, "limit");
        ObjectNode query = query(entries, limit).put("sort", Fields.ENTRY + " asc");
        query.withArrayProperty("filter").add(FilterJson.terms(Fields.SOURCE, List.of(LedgerTerms.ofSource(source))));
        if (after != null) {
            query.withArrayProperty("filter")
                    .addObject()
                    .putObject("lucene")
                    .put("query", Fields.ENTRY + ":{\"" + FactTerms.of(after) + "\" TO *]");
        }
        return entries(query);
    }

    private static ObjectNode query(DocumentKeys keys, int limit) {
        ObjectNode query = Json.object().put("query", "*:*").put("limit", limit);
        query.putArray("filter").add(FilterJson.terms(Fields.OWNER, List.of(keys.owner())));
        query.putArray("fields").add(Fields.CONTENT).add(Fields.NAME);
        return query;
    }

    private Map<String, Entry> entries(ObjectNode query) {
        Map<String, Entry> found = new LinkedHashMap<>();
        for (JsonNode document : collection.documents(query)) {
            found.put(
                    LedgerTerms.name(document.path(Fields.NAME).asText()),
                    StoreBytes.entry(ChunkDocument.content(document)));
        }
        return found;
    }

    @Override
    public void put(String source, Map<String, Entry> entries) {
        List<ObjectNode> documents = new ArrayList<>();
        entries.forEach((id, entry) -> {
            Check.notBlank(id, "documentId");
            documents.add(document(this.entries, source, StoreBytes.of(Check.notNull(entry, "entry")), id)
                    .put(Fields.ENTRY, FactTerms.of(id))
                    .put(Fields.NAME, LedgerTerms.of(id)));
        });
        LedgerTerms.ofSource(source);
        collection.put(documents);
    }

    private static ObjectNode document(DocumentKeys keys, String source, byte[] content, String... names) {
        List<String> all = new ArrayList<>(List.of(source));
        all.addAll(List.of(names));
        return Json.object()
                .put(Fields.ID, keys.of(all.toArray(String[]::new)))
                .put(Fields.OWNER, keys.owner())
                .put(Fields.SOURCE, LedgerTerms.ofSource(source))
                .put(Fields.CONTENT, Base64.getEncoder().encodeToString(content));
    }

    @Override
    public void remove(String source, Collection<String> documentIds) {
        LedgerTerms.ofSource(source);
        collection.delete(documentIds.stream()
                .map(id -> entries.of(source, id))
                .distinct()
                .toList());
    }

    @Override
    public Set<String> sources() {
        ObjectNode query = Json.object().put("query", "*:*").put("limit", 0);
        query.putArray("filter").add(FilterJson.terms(Fields.OWNER, List.of(entries.owner(), checkpoints.owner())));
        query.putObject("facet")
                .putObject("sources")
                .put("type", "terms")
                .put("field", Fields.SOURCE)
                .put("limit", -1);
        Set<String> sources = new TreeSet<>();
        collection
                .search(query)
                .at("/facets/sources/buckets")
                .forEach(bucket ->
                        sources.add(LedgerTerms.name(bucket.path("val").asText())));
        return sources;
    }

    @Override
    public Optional<Checkpoint> checkpoint(String source) {
        LedgerTerms.ofSource(source);
        ObjectNode query = query(checkpoints, 1);
        query.withArrayProperty("filter").add(FilterJson.terms(Fields.ID, List.of(checkpoints.of(source))));
        JsonNode found = collection.documents(query);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(StoreBytes.checkpoint(ChunkDocument.content(found.get(0))));
    }

    @Override
    public void checkpoint(String source, Checkpoint checkpoint) {
        byte[] content = StoreBytes.of(Check.notNull(checkpoint, "checkpoint"));
        collection.put(List.of(document(checkpoints, source, content)));
    }
}
