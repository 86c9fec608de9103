package dev.plinth.governance;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.ModelNotAllowedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.governance.ListedModel.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decides whether a model may be called. */
final class Admission {

    private static final String RULE = "catalogue";
    private static final int SUGGESTIONS = 3;

    private final Catalogue catalogue;

    Admission(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * The model that stands behind the name.
     *
     * @throws ModelNotAllowedException if there is none, or it is retired
     */
    ListedModel admit(Kind kind, ModelInfo info, String name) {
        Optional<ListedModel> found = catalogue.find(kind, info.provider(), name);
        if (found.isPresent() && found.get().isCallable()) {
            return found.get();
        }
        List<String> nearest = nearest(kind, info.provider(), name);
        String message = "model: " + name + (found.isPresent() ? ", retired" : ", not listed") + " (expected: "
                + expected(kind, info.provider(), nearest) + ")";
        ErrorDetails details =
                ErrorDetails.builder().provider(info.provider()).model(name).build();
        throw new ModelNotAllowedException(RULE, catalogue.owner(), message, nearest, details);
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
