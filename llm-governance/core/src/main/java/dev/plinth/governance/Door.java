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
     * @param rename the model to ask for; null: what the request says
     * @param context with the rule for routers
     */
    record Entry(@Nullable String rename, CallContext context) {}

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
            requireChoice(kind, targets);
            return new Entry(null, ruled);
        }
        ModelInfo first = targets.models().get(0);
        String name = asked.orElse(first.model());
        String real = realName(kind, targets, name);
        if (!targets.routed()) { // the rules of other layers, such as a kill switch, may have seen the alias only
            Admission.require(new ModelInfo(first.provider(), real, first.capabilities(), first.endpoint()), context);
        }
        return new Entry(real.equals(name) ? null : real, ruled);
    }

    private void check(ModelInfo target, CallContext context) {
        allowed.require(context.attachment(Kind.class).orElse(Kind.CHAT), target);
    }

    /** A router needs a target that it may choose. */
    private void requireChoice(Kind kind, Targets targets) {
        if (targets.models().stream()
                .noneMatch(target -> allowed.find(kind, target).isPresent())) {
            allowed.require(kind, targets.models().get(0));
        }
    }

    /** The model behind a name, though several providers may serve it: one that has a target, if any has. */
    private String realName(Kind kind, Targets targets, String name) {
        List<ListedModel> models = targets.models().stream()
                .map(ModelInfo::provider)
                .distinct()
                .flatMap(provider -> allowed.find(kind, provider, name).stream())
                .toList();
        if (models.isEmpty()) {
            return allowed.require(kind, targets.models().get(0).provider(), name)
                    .model();
        }
        return models.stream()
                .filter(targets::include)
                .findFirst()
                .orElse(models.get(0))
                .model();
    }
}
