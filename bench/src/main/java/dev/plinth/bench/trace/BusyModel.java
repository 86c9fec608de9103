package dev.plinth.bench.trace;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Price.Rates;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A model that takes its time, in small random pieces, and may fail. It keeps what it answered. */
final class BusyModel implements ChatModel {

    static final Currency USD = Currency.getInstance("USD");
    /** No binary fraction: sums that are rounded on the way would show. */
    static final Price PRICE = Price.builder(
                    Rates.of(new BigDecimal("0.3"), new BigDecimal("1.1")), USD, LocalDate.of(2026, 11, 1))
            .build();

    private static final int PIECES = 5;
    private static final AtomicLong IDS = new AtomicLong();

    /** When it fails. */
    enum Temper {
        GOOD,
        FAILS_ALWAYS,
        /** The first of two calls fails. */
        FAILS_BY_TURNS,
        BREAKS_MIDWAY
    }

    private final String name;
    private final Temper temper;
    private final Truth truth;
    private final AtomicLong calls = new AtomicLong();

    BusyModel(String name, Temper temper, Truth truth) {
        this.name = name;
        this.temper = temper;
        this.truth = truth;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        begin();
        pause();
        return answer();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        begin();
        return new Pieces();
    }

    private void begin() {
        pause();
        boolean odd = calls.getAndIncrement() % 2 == 0;
        if (temper == Temper.FAILS_ALWAYS || (temper == Temper.FAILS_BY_TURNS && odd)) {
            throw new OverloadedException("model: busy (expected: room)").setPartial("", Usage.NONE);
        }
    }

    private ChatResponse answer() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Usage usage = Usage.builder()
                .input(1 + random.nextInt(5_000))
                .cachedInput(0)
                .cacheWrite(0)
                .output(1 + random.nextInt(500))
                .reasoning(0)
                .build();
        String id = name + "-" + IDS.incrementAndGet();
        truth.answered(id, usage);
        return ChatResponse.of("It is so.").toBuilder()
                .id(id)
                .model(name + "-2026")
                .usage(usage)
                .build();
    }

    static void pause() {
        int nanos = ThreadLocalRandom.current().nextInt(300_000);
        if (nanos > 150_000) {
            LockSupport.parkNanos(nanos);
        }
    }

    @Override
    public ModelInfo info() {
        return ModelInfo.local("bench", name);
    }

    private final class Pieces extends AbstractChatStream {
        private int given;
        private volatile boolean released;

        @Override
        protected @Nullable StreamEvent advance() {
            pause();
            if (released) {
                throw new IllegalStateException("stream: released (expected: open)");
            }
            if (temper == Temper.BREAKS_MIDWAY && given == PIECES / 2) {
                throw new OverloadedException("model: broke off (expected: the rest)");
            }
            return given++ < PIECES ? new StreamEvent.TextDelta("piece ") : new StreamEvent.Finished(answer());
        }

        @Override
        protected void release() {
            released = true;
        }
    }
}
