package dev.plinth.governance;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Pricing;
import dev.plinth.api.layer.Stage;
import dev.plinth.governance.Door.Entry;
import dev.plinth.governance.ListedModel.Kind;
import java.util.Set;

/** Lets listed models through, under their real names, and prices their answers. */
final class CatalogueLayer implements Layer {

    private final Door door;
    private final Pricing chats;
    private final Pricing embeddings;

    CatalogueLayer(Catalogue catalogue) {
        this.door = new Door(new AllowedModels(catalogue));
        this.chats = Pricing.by(new CataloguePrices(catalogue, Set.of(Kind.CHAT)));
        this.embeddings = Pricing.by(new CataloguePrices(catalogue, Set.of(Kind.EMBEDDING)));
    }

    @Override
    public Stage stage() {
        return Stage.ADMIT;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new ForwardingChatModel(chats.around(next)) {
            @Override
            public ChatResponse chat(ChatRequest request) {
                return next().chat(entered(request));
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return next().stream(entered(request));
            }

            private ChatRequest entered(ChatRequest request) {
                Entry entry = door.enter(Kind.CHAT, Targets.of(next()), request.model(), request.context());
                ChatRequest.Builder passed = request.toBuilder().context(entry.context());
                return (entry.rename() == null ? passed : passed.model(entry.rename())).build();
            }
        };
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new ForwardingEmbeddingModel(embeddings.around(next)) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                Entry entry = door.enter(Kind.EMBEDDING, Targets.of(next()), request.model(), request.context());
                EmbeddingRequest.Builder passed = request.toBuilder().context(entry.context());
                return next().embed((entry.rename() == null ? passed : passed.model(entry.rename())).build());
            }
        };
    }
}
