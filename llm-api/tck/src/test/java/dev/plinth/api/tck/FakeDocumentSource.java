package dev.plinth.api.tck;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.tck.ConnectorContract.Behavior;
import dev.plinth.api.testkit.FakeConnector;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A fake source as the contract plays it; a fault wraps its connector. */
final class FakeDocumentSource implements DocumentSource {
    static final Set<Behavior> GAPS = Set.of(Behavior.SETTINGS, Behavior.WAITS, Behavior.CREDENTIALS);

    private final FakeConnector source = FakeConnector.create("fake").pageSize(3);
    private final UnaryOperator<Connector> fault;
    private final Map<String, Document> documents = new TreeMap<>();

    FakeDocumentSource(UnaryOperator<Connector> fault) {
        this.fault = fault;
    }

    @Override
    public Connector connect() {
        return fault.apply(source);
    }

    @Override
    public void put(String name, String text) {
        Readers readers = documents.containsKey(name) ? documents.get(name).readers() : Readers.EVERYONE;
        put(new Document(name, "", text, "fake/" + name, readers, Metadata.NONE));
    }

    private void put(Document document) {
        documents.put(document.id(), document);
        source.put(document);
    }

    @Override
    public void remove(String name) {
        documents.remove(name);
        source.remove(name);
    }

    @Override
    public void readers(String name, Readers readers) {
        Document now = documents.get(name);
        put(new Document(name, now.title(), now.text(), now.source(), readers, now.metadata()));
    }

    @Override
    public void deny(String name) {
        remove(name);
    }

    @Override
    public void damage(String name) {
        source.failFetch(name, new StoreException("document: " + name + " is damaged"));
    }

    @Override
    public void disappear() {
        StoreException gone = new StoreException("source: gone (expected: there)");
        source.failList(gone);
        documents.keySet().forEach(name -> source.failFetch(name, gone));
    }

    @Override
    public Object state() {
        return new TreeMap<>(documents);
    }
}
