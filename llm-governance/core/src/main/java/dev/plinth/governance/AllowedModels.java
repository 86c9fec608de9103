package dev.plinth.governance;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.ModelNotAllowedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import dev.plinth.governance.ListedModel.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decides whether a model may be called. */
final class AllowedModels {

    private static final String RULE = "catalogue";
    private static final int SUGGESTIONS = 3;

    private final Catalogue catalogue;

    AllowedModels(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** The model that stands behind the name; empty if there is none, or it is retired. */
    Optional<ListedModel> find(Kind kind, String provider, String name) {
        return catalogue.find(kind, provider, name).filter(ListedModel::isCallable);
    }

    /**
     * The model that stands behind the name.
     *
     * @throws ModelNotAllowedException if there is none, or it is retired
     */
    ListedModel require(Kind kind, String provider, String name) {
        return find(kind, provider, name).orElseThrow(() -> notAllowed(kind, provider, name));
    }

    /** What a router asks for: a real name, since nobody is left to put it in the place of an alias. */
    Optional<ListedModel> find(Kind kind, ModelInfo target) {
        return find(kind, target.provider(), target.model())
                .filter(model -> model.model().equals(target.model()));
    }

    /**
     * What a router asks for.
     *
     * @throws ModelNotAllowedException if it is not listed under its real name, or retired
     */
    ListedModel require(Kind kind, ModelInfo target) {
        ListedModel model = require(kind, target.provider(), target.model());
        return find(kind, target).orElseThrow(() -> {
            String message = "model: " + target.model() + ", an alias (expected: " + model.model()
                    + ", the real name, as a router's target)";
            return refused(message, List.of(model.model()), target.provider(), target.model());
        });
    }

    private ModelNotAllowedException notAllowed(Kind kind, String provider, String name) {
        boolean retired = catalogue.find(kind, provider, name).isPresent();
        List<String> nearest = nearest(kind, provider, name);
        String message = "model: " + name + (retired ? ", retired" : ", not listed") + " (expected: "
                + expected(kind, provider, nearest) + ")";
        return refused(message, nearest, provider, name);
    }

    private ModelNotAllowedException refused(String message, List<String> nearest, String provider, String name) {
        ErrorDetails details =
                ErrorDetails.builder().provider(provider).model(name).build();
        ModelNotAllowedException refused =
                new ModelNotAllowedException(RULE, catalogue.owner(), message, nearest, details);
        refused.setPartial("", Usage.NONE);
        return refused;
    }

    private static String expected(Kind kind, String provider, List<String> nearest) {
        String kindOfModel = kind.name().toLowerCase(Locale.ROOT) + " model of " + provider;
        return nearest.isEmpty()
                ? "another provider; no " + kindOfModel + " is allowed"
                : "an allowed " + kindOfModel + ", such as " + String.join(", ", nearest);
    }

    private List<String> nearest(Kind kind, String provider, String name) {
        return catalogue.models().stream()
                .filter(model -> model.kind() == kind && model.provider().equals(provider) && model.isCallable())
                .sorted(Comparator.comparingInt(model ->
                        Math.min(EditDistance.between(name, model.name()), EditDistance.between(name, model.model()))))
                .map(ListedModel::name)
                .limit(SUGGESTIONS)
                .toList();
    }
}
