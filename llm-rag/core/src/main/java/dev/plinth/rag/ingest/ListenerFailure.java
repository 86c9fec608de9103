package dev.plinth.rag.ingest;

/** What a listener threw, on its way out of the run: an error, since nothing that goes wrong with a document is one. */
final class ListenerFailure extends Error {
    private static final long serialVersionUID = 1L;

    private final RuntimeException thrown;

    ListenerFailure(RuntimeException thrown) {
        super(thrown);
        this.thrown = thrown;
    }

    RuntimeException thrown() {
        return thrown;
    }
}
