package dev.plinth.api.tck;

import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchPolling;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.batch.ForwardingChatBatches;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.FakeChatBatches;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Usage;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A provider in memory, whose clients may have a fault. */
final class FakeBatchProvider implements BatchProvider {
    private final FakeChatBatches fake = FakeChatBatches.of(
            new ModelInfo("fake", "fake-model", Set.of(), URI.create("http://localhost")), TestTime.autoAdvancing());
    private final AtomicInteger overloaded = new AtomicInteger();
    private final UnaryOperator<ChatBatches> fault;

    /** @param fault what is wrong with the clients */
    FakeBatchProvider(UnaryOperator<ChatBatches> fault) {
        this.fault = fault;
    }

    @Override
    public ChatBatches batches() {
        return fault.apply(new Client());
    }

    @Override
    public String prompt(String batch, String request) {
        return fake.requests(batch).get(request).messages().get(0).text();
    }

    @Override
    public void answer(String batch, String request, String text) {
        ChatResponse response = ChatResponse.builder()
                .message(Message.assistant(text))
                .finishReason(FinishReason.STOP)
                .usage(Usage.of(3, 5))
                .build();
        fake.answer(batch, request, response);
    }

    @Override
    public void refuse(String batch, String request) {
        fake.fail(batch, request, new InvalidRequestException("request: refused (expected: a valid one)"));
    }

    @Override
    public void end(String batch) {
        fake.end(batch);
    }

    @Override
    public void overload(int calls) {
        overloaded.set(calls);
    }

    @Override
    public void close() {
        // nothing is open
    }

    /** Goes through the overload. */
    private final class Client extends ForwardingChatBatches {
        Client() {
            super(fake);
        }

        @Override
        public Batch get(String id) {
            if (overloaded.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OverloadedException("server: overloaded (expected: capacity)");
            }
            return fake.get(id);
        }

        @Override
        public Batch await(String id, Duration limit, Consumer<? super Batch> progress) {
            return new BatchPolling(TestTime.autoAdvancing()).untilOver(() -> get(id), limit, progress);
        }
    }
}
