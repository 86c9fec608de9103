package dev.plinth.governance;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.ModelNotAllowedException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.governance.ListedModel.Kind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets calls in that a listed model may answer, and has routers ask before they send them elsewhere. */
final class Door {

    /**
     * How a call goes on.
     *
     * @param models that may answer, at least one
     * @param rename the model to ask for; null: what the request says
     * @param context with the rule for routers
     */
    record Entry(List<ListedModel> models, @Nullable String rename, CallContext context) {}

    private final AllowedModels allowed;

    Door(AllowedModels allowed) {
        this.allowed = allowed;
    }

    /**
     * Lets a call in.
     *
     * @param asked the model that the request names
     * @throws ModelNotAllowedException if no target may answer it
     */
    Entry enter(Kind kind, Targets targets, Optional<String> asked, CallContext context) {
        CallContext ruled = Admission.add(
                this::check, context.toBuilder().attachment(Kind.class, kind).build());
        if (targets.routed() && asked.isEmpty()) {
            return new Entry(choices(kind, targets), null, ruled);
        }
        ModelInfo first = targets.models().get(0);
        String name = asked.orElse(first.model());
        List<ListedModel> models = named(kind, targets, name);
        String real = models.get(0).model();
        if (!targets.routed()) { // the rules of other layers, such as a kill switch, may have seen the alias only
            Admission.require(new ModelInfo(first.provider(), real, first.capabilities(), first.endpoint()), context);
        }
        return new Entry(models, real.equals(name) ? null : real, ruled);
    }

    private void check(ModelInfo target, CallContext context) {
        allowed.require(context.attachment(Kind.class).orElse(Kind.CHAT), target);
    }

    /** Those of a router's targets that it may choose. */
    private List<ListedModel> choices(Kind kind, Targets targets) {
        List<ListedModel> models = targets.models().stream()
                .flatMap(target -> allowed.find(kind, target).stream())
                .toList();
        return models.isEmpty() ? List.of(allowed.require(kind, targets.models().get(0))) : models;
    }

    /** What stands behind a name: one model, though several providers may serve it; one that has a target, if any has. */
    private List<ListedModel> named(Kind kind, Targets targets, String name) {
        List<ListedModel> models = targets.models().stream()
                .map(ModelInfo::provider)
                .distinct()
                .flatMap(provider -> allowed.find(kind, provider, name).stream())
                .toList();
        if (models.isEmpty()) {
            return List.of(allowed.require(kind, targets.models().get(0).provider(), name));
        }
        String real = models.stream()
                .filter(targets::include)
                .findFirst()
                .orElse(models.get(0))
                .model();
        return models.stream().filter(model -> model.model().equals(real)).toList();
    }
}
