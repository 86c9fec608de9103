package dev.plinth.cache;

import dev.plinth.api.cache.CacheKey;
import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.time.TimeSource;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers what was asked before without the next model. */
final class CachingChatModel extends ForwardingChatModel {

    private final AnswerStore store;
    private final RequestKeys keys;
    private final Flights flights;
    private final Counts counts;
    private final TimeSource time;

    CachingChatModel(
            ChatModel next, AnswerStore store, RequestKeys keys, Flights flights, Counts counts, TimeSource time) {
        super(next);
        this.store = store;
        this.keys = keys;
        this.flights = flights;
        this.counts = counts;
        this.time = time;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        Optional<CacheKey> key = keys.keyOf(next().info(), request);
        if (key.isEmpty()) {
            counts.bypass();
            return next().chat(request);
        }
        Lookup lookup = new Lookup(counts, request.context(), time);
        Flights.Flight own = flights.begin(key.get());
        return own == null ? follow(key.get(), request, lookup) : lead(own, key.get(), request, lookup);
    }

    /** Looks the answer up, else asks. Both within the flight, so that what it keeps is there before the next begins. */
    private ChatResponse lead(Flights.Flight flight, CacheKey key, ChatRequest request, Lookup lookup) {
        Optional<ChatResponse> shared = Optional.empty();
        try {
            shared = store.get(key, lookup);
            if (shared.isPresent()) {
                lookup.hit(shared.get());
                return AnswerStore.again(shared.get());
            }
            lookup.miss();
            ChatResponse response = next().chat(request);
            shared = store.keep(key, response, lookup);
            return response;
        } finally {
            flight.land(shared);
        }
    }

    private ChatResponse follow(CacheKey key, ChatRequest request, Lookup lookup) {
        Optional<ChatResponse> shared = awaited(key, request);
        if (shared.isPresent()) {
            lookup.shared(shared.get());
            return AnswerStore.again(shared.get());
        }
        // No second wait: when the first caller failed, the others must not fail one after the other.
        lookup.miss();
        ChatResponse response = next().chat(request);
        store.keep(key, response, lookup);
        return response;
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        Optional<CacheKey> key = keys.keyOf(next().info(), request);
        if (key.isEmpty()) {
            counts.bypass();
            return next().stream(request);
        }
        Lookup lookup = new Lookup(counts, request.context(), time);
        Optional<ChatResponse> shared = awaited(key.get(), request);
        if (shared.isPresent()) {
            lookup.shared(shared.get());
            return ChatStream.replay(AnswerStore.again(shared.get()));
        }
        Optional<ChatResponse> kept = store.get(key.get(), lookup);
        if (kept.isPresent()) {
            lookup.hit(kept.get());
            return ChatStream.replay(AnswerStore.again(kept.get()));
        }
        lookup.miss();
        return new KeptStream(next().stream(request), response -> store.keep(key.get(), response, lookup));
    }

    private Optional<ChatResponse> awaited(CacheKey key, ChatRequest request) {
        Flights.Flight other = flights.underWay(key);
        return other == null ? Optional.empty() : other.await(request);
    }

    /** A stream whose answer is kept when it is complete. */
    private static final class KeptStream extends AbstractChatStream {
        private final ChatStream next;
        private final Iterator<StreamEvent> events;
        private final Consumer<ChatResponse> keep;

        KeptStream(ChatStream next, Consumer<ChatResponse> keep) {
            this.next = next;
            this.events = next.iterator();
            this.keep = keep;
        }

        @Override
        protected @Nullable StreamEvent advance() {
            StreamEvent event = events.hasNext() ? events.next() : null;
            if (event instanceof StreamEvent.Finished finished) {
                keep.accept(finished.response());
            }
            return event;
        }

        @Override
        protected void release() {
            next.close();
        }
    }
}
