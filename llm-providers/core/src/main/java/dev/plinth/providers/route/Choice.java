package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Which targets may serve a request, in which order, and why the others may not. */
final class Choice {

    /** The tag that binds a call to a region. */
    static final String REGION = "region";

    private final Router router;
    private final ChatRequest request;
    private final CallContext context;
    private final Optional<Tier> tier;
    private final UserShare share;
    private final StringJoiner refused = new StringJoiner(", ");
    private @Nullable LlmException refusal;
    private @Nullable String canary;

    private Choice(Router router, ChatRequest request) {
        this.router = router;
        this.request = request;
        this.context = request.context();
        this.tier = Tier.of(context);
        this.share = UserShare.of(context);
    }

    /**
     * The targets for a request.
     *
     * @throws LlmException if there is none
     */
    static Choice of(Router router, ChatRequest request) {
        return new Choice(router, request);
    }

    /** The targets, the first choice first, without those that wait for a content filter. */
    List<Target> targets(boolean ofStreams) {
        List<Target> able = able(false);
        if (able.isEmpty()) {
            throw none();
        }
        return sorted(able, ofStreams);
    }

    /** The targets to go to after a content filter. */
    List<Target> afterContentFilter(boolean ofStreams) {
        return sorted(able(true), ofStreams);
    }

    /** Whether the answer of this target is less than what was asked for. */
    boolean degrades(Target target) {
        return tiersBelow(target) > 0 || target.deployment.isStandIn();
    }

    /** Why the first target is the first. */
    String why(Target first) {
        String why = first.name().equals(canary) ? "canary" : "first choice";
        return refused.length() == 0 ? why : why + "; not " + refused;
    }

    private List<Target> able(boolean afterContentFilter) {
        List<Target> able = new ArrayList<>();
        for (Target target : router.targets) {
            if (target.deployment.isAfterContentFilter() == afterContentFilter && mayServe(target)) {
                able.add(target);
            }
        }
        return able;
    }

    private boolean mayServe(Target target) {
        Deployment deployment = target.deployment;
        ModelInfo info = deployment.info();
        String asked = request.model().orElse(info.model());
        if (!asked.equals(info.model()) && !asked.equals(deployment.name())) {
            return refuse(target, "another model", null);
        }
        if (tier.isPresent()
                && deployment
                        .tier()
                        .filter(own -> own.compareTo(tier.get()) > 0)
                        .isPresent()) {
            return refuse(target, "a higher tier", null);
        }
        Optional<String> unfit = unfit(request, deployment);
        if (unfit.isPresent()) {
            return refuse(target, unfit.get(), null);
        }
        try {
            request.requireSupport(info);
        } catch (UnsupportedCapabilityException unsupported) {
            return refuse(target, "without " + unsupported.capability(), unsupported);
        }
        Optional<DeniedException> denied = Admission.refusal(info, context);
        return denied.isPresent()
                ? refuse(target, "denied by " + denied.get().rule(), denied.get())
                : isCanaryTurn(target);
    }

    /** Why a deployment does not take a request, wherever it stands: its region, its conditions; empty: it does. */
    static Optional<String> unfit(ChatRequest request, Deployment deployment) {
        String region = request.context().tags().get(REGION);
        if (region != null && !region.equals(deployment.region().orElse(null))) {
            return Optional.of("another region");
        }
        return deployment.takes(request) ? Optional.empty() : Optional.of("not for such requests");
    }

    /** A canary is asked by its share of the users, first, and by nobody else. */
    private boolean isCanaryTurn(Target target) {
        Double percent = router.canaries.get(target.name());
        if (percent == null) {
            return true;
        }
        if (share.of("canary " + target.name()) * 100 >= percent) {
            return false;
        }
        canary = canary == null ? target.name() : canary;
        return true;
    }

    private boolean refuse(Target target, String why, @Nullable LlmException cause) {
        refused.add(target.name() + " (" + why + ")");
        if (refusal == null || cause instanceof DeniedException) {
            refusal = cause == null ? refusal : cause;
        }
        return false;
    }

    private List<Target> sorted(List<Target> able, boolean ofStreams) {
        if (able.size() < 2) {
            return able;
        }
        Map<Target, DeploymentHealth> health = new HashMap<>();
        able.forEach(target -> health.put(target, target.health(ofStreams)));
        Comparator<DeploymentHealth> order = router.order.forRequest(request);
        able.sort(Comparator.comparing((Target target) -> !target.name().equals(canary))
                .thenComparing(this::degrades)
                .thenComparing(this::tiersBelow)
                .thenComparing((one, other) -> order.compare(health.get(one), health.get(other))));
        return able;
    }

    /** How far the target is below the tier that is asked for; one without a tier serves all of them. */
    private int tiersBelow(Target target) {
        Optional<Tier> own = target.deployment.tier();
        return tier.isPresent() && own.isPresent() ? tier.get().compareTo(own.get()) : 0;
    }

    private LlmException none() {
        if (refusal != null) {
            return refusal;
        }
        return new ModelNotFoundException(
                        "deployment: none for this request (expected: one that takes it; not " + refused + ")",
                        ErrorDetails.builder()
                                .provider(router.info().provider())
                                .model(request.model().orElse(router.info().model()))
                                .build(),
                        null)
                .setPartial("", Usage.NONE);
    }
}
