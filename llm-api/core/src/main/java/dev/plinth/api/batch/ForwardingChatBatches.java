package dev.plinth.api.batch;

import dev.plinth.api.check.Check;
import dev.plinth.api.model.ModelInfo;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Hands everything on; the base of what changes one thing about batches. Thread-safe if the other one is. */
public abstract class ForwardingChatBatches implements ChatBatches {

    private final ChatBatches next;

    /** @param next what is asked in the end */
    protected ForwardingChatBatches(ChatBatches next) {
        this.next = Check.notNull(next, "next");
    }

    /** What is asked in the end. */
    protected final ChatBatches next() {
        return next;
    }

    @Override
    public ModelInfo info() {
        return next().info();
    }

    @Override
    public Batch submit(List<BatchRequest> requests) {
        return next().submit(requests);
    }

    @Override
    public Batch get(String id) {
        return next().get(id);
    }

    @Override
    public List<Batch> recent(int count) {
        return next().recent(count);
    }

    @Override
    public Batch await(String id, Duration limit, Consumer<? super Batch> progress) {
        return next().await(id, limit, progress);
    }

    @Override
    public BatchResults results(String id) {
        return next().results(id);
    }

    @Override
    public Batch cancel(String id) {
        return next().cancel(id);
    }

    @Override
    public void delete(String id) {
        next().delete(id);
    }
}
