package dev.plinth.governance;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.governance.Door.Entry;
import dev.plinth.governance.ListedModel.Kind;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets listed models through, under their real names, and prices their answers. */
final class CatalogueLayer implements Layer {

    private final Door door;
    private final Pricing pricing;

    CatalogueLayer(Catalogue catalogue) {
        this.door = new Door(new AllowedModels(catalogue));
        this.pricing = new Pricing(catalogue);
    }

    @Override
    public Stage stage() {
        return Stage.ADMIT;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new ForwardingChatModel(next) {
            @Override
            public ChatResponse chat(ChatRequest request) {
                Entry entry = enter(request);
                try {
                    return pricing.priced(next().chat(passed(request, entry)), entry.models());
                } catch (LlmException failure) {
                    throw pricing.priced(failure, Kind.CHAT);
                }
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                Entry entry = enter(request);
                try {
                    return new PricedStream(next().stream(passed(request, entry)), entry.models(), pricing);
                } catch (LlmException failure) {
                    throw pricing.priced(failure, Kind.CHAT);
                }
            }

            private Entry enter(ChatRequest request) {
                return door.enter(Kind.CHAT, Targets.of(next()), request.model(), request.context());
            }
        };
    }

    private static ChatRequest passed(ChatRequest request, Entry entry) {
        ChatRequest.Builder passed = request.toBuilder().context(entry.context());
        return (entry.rename() == null ? passed : passed.model(entry.rename())).build();
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                Entry entry = door.enter(Kind.EMBEDDING, Targets.of(next()), request.model(), request.context());
                EmbeddingRequest.Builder passed = request.toBuilder().context(entry.context());
                if (entry.rename() != null) {
                    passed.model(entry.rename());
                }
                try {
                    return pricing.priced(next().embed(passed.build()), entry.models());
                } catch (LlmException failure) {
                    throw pricing.priced(failure, Kind.EMBEDDING);
                }
            }
        };
    }

    private static final class PricedStream extends AbstractChatStream {
        private final ChatStream next;
        private final Iterator<StreamEvent> events;
        private final List<ListedModel> models;
        private final Pricing pricing;

        PricedStream(ChatStream next, List<ListedModel> models, Pricing pricing) {
            this.next = next;
            this.events = next.iterator();
            this.models = models;
            this.pricing = pricing;
        }

        @Override
        protected @Nullable StreamEvent advance() {
            try {
                StreamEvent event = events.hasNext() ? events.next() : null;
                return event instanceof StreamEvent.Finished finished
                        ? new StreamEvent.Finished(pricing.priced(finished.response(), models))
                        : event;
            } catch (LlmException failure) {
                throw pricing.priced(failure, Kind.CHAT);
            }
        }

        @Override
        protected void release() {
            next.close();
        }
    }
}
