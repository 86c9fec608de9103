package dev.plinth.governance;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.InvalidFileException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.usage.PriceBook;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The models that may be called, from a YAML file.
 *
 * <pre>{@code
 * owner: platform-team
 * models:
 *   - alias: fast
 *     provider: openai
 *     model: gpt-5-mini
 *     kind: chat
 *     status: approved
 *     contextTokens: 400000
 *     region: eu
 *     price: {input: 0.25, cachedInput: 0.025, output: 2.00, currency: USD, asOf: 2026-11-01}
 * }</pre>
 *
 * <pre>{@code
 * Catalogue catalogue = Catalogue.load(Path.of("catalogue.yaml"));
 * Platform platform = Platform.builder().chat("support", openAi).layer(catalogue.layer()).build();
 * platform.chat("support").chat(ChatRequest.builder().model("fast").user("Hello").build());
 * }</pre>
 *
 * <p>The format is strict: a key it does not know is refused, like a value it does not understand. Its JSON Schema is
 * {@code docs/formats/catalogue.schema.json}.
 *
 * <p>Immutable and thread-safe. A changed file is loaded as another catalogue.
 */
public final class Catalogue {

    private final String owner;
    private final List<ListedModel> models;

    Catalogue(String owner, List<ListedModel> models) {
        this.owner = owner;
        this.models = List.copyOf(models);
    }

    /**
     * Reads a catalogue, UTF-8.
     *
     * @throws InvalidFileException if it breaks the format, naming every place that does
     * @throws dev.plinth.api.error.StoreException if the file cannot be read
     */
    public static Catalogue load(Path file) {
        return CatalogueReader.read(Check.notNull(file, "file"));
    }

    /** Who answers for it, and is named when a model is refused. */
    public String owner() {
        return owner;
    }

    /** All models, retired ones too, in the order of the file. */
    public List<ListedModel> models() {
        return models;
    }

    /**
     * The model that stands under a name.
     *
     * @param provider who serves it, as in {@link dev.plinth.api.model.ModelInfo#provider()}
     * @param name the alias or the model's real name
     */
    public Optional<ListedModel> find(ListedModel.Kind kind, String provider, String name) {
        return models.stream()
                .filter(model -> model.kind() == kind && model.provider().equals(provider) && model.hasName(name))
                .findFirst();
    }

    /**
     * The prices of all models. The layer prices what passes it; a {@link dev.plinth.api.layer.Pricing} by these prices
     * stands within the caches, so that these know what they save, and prices batches, which no layer sees.
     */
    public PriceBook prices() {
        return new CataloguePrices(this, Set.of(ListedModel.Kind.values()));
    }

    /**
     * A layer that lets only listed chat and embedding models be called.
     *
     * <ul>
     *   <li>The name in the request, else the model's own, is looked up among the models of the same kind and provider,
     *       and replaced by the real name. What is not listed or retired is refused with
     *       {@link dev.plinth.api.error.ModelNotAllowedException} before anything is sent.
     *   <li>Around a model that chooses among others ({@link dev.plinth.api.layer.Routed}), a name is looked up among those
     *       of all their providers. A request that names none goes to those of them that are allowed, be it the first
     *       choice or a fallback, and is refused when none is; they have to have their real names.
     *   <li>An answer without a cost gets one, when the price and the usage are known. Of several attempts each costs the
     *       price of its own model, and the answer costs as much as all of them; the attempts of a call that failed are
     *       priced, too. A cached answer costs nothing. When another model of the catalogue says it answered, its price
     *       holds; when another provider says so that the catalogue does not list, the cost stays unknown.
     *   <li>Rerankers, retrievers and tools pass.
     * </ul>
     */
    public Layer layer() {
        return new CatalogueLayer(this);
    }
}
