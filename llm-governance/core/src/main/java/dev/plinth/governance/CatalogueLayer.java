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
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.governance.ListedModel.Kind;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Lets listed models through, under their real names, and prices their answers. */
final class CatalogueLayer implements Layer {

    private final Admission admission;
    private final Pricing pricing;

    CatalogueLayer(Catalogue catalogue) {
        this.admission = new Admission(catalogue);
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
                ListedModel model = admit(request);
                return pricing.priced(next().chat(named(request, model)), model);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                ListedModel model = admit(request);
                return new PricedStream(next().stream(named(request, model)), model, pricing);
            }

            private ListedModel admit(ChatRequest request) {
                ModelInfo info = next().info();
                return admission.admit(Kind.CHAT, info, request.model().orElse(info.model()));
            }

            private ChatRequest named(ChatRequest request, ListedModel model) {
                boolean same = request.model().orElse(next().info().model()).equals(model.model());
                return same ? request : request.toBuilder().model(model.model()).build();
            }
        };
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                String asked = request.model().orElse(next.info().model());
                ListedModel model = admission.admit(Kind.EMBEDDING, next.info(), asked);
                boolean same = asked.equals(model.model());
                EmbeddingRequest named = same
                        ? request
                        : request.toBuilder().model(model.model()).build();
                return pricing.priced(next.embed(named), model);
            }
        };
    }

    private static final class PricedStream extends AbstractChatStream {
        private final ChatStream next;
        private final Iterator<StreamEvent> events;
        private final ListedModel model;
        private final Pricing pricing;

        PricedStream(ChatStream next, ListedModel model, Pricing pricing) {
            this.next = next;
            this.events = next.iterator();
            this.model = model;
            this.pricing = pricing;
        }

        @Override
        protected @Nullable StreamEvent advance() {
            StreamEvent event = events.hasNext() ? events.next() : null;
            return event instanceof StreamEvent.Finished finished
                    ? new StreamEvent.Finished(pricing.priced(finished.response(), model))
                    : event;
        }

        @Override
        protected void release() {
            next.close();
        }
    }
}
