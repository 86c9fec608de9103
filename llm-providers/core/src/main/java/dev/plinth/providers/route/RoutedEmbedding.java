package dev.plinth.providers.route;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.attempt.AttemptLog;
import dev.plinth.providers.attempt.Patience;
import dev.plinth.providers.route.EmbeddingRouter.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One call through a router of embeddings. Used by one thread. */
final class RoutedEmbedding {

    private final EmbeddingRequest request;
    private final String model;
    private final CallContext context;
    private final AttemptLog log;
    private final Deque<Place> queue = new ArrayDeque<>();
    private final Map<String, Circuit> unavailable = new LinkedHashMap<>();
    private final List<LlmException> failures = new ArrayList<>();
    private final ErrorDetails details;
    private @Nullable IncompleteEmbeddingException stopped;

    /**
     * A call, its places chosen.
     *
     * @throws ModelNotFoundException if it is for another model, or there is no place in its region
     */
    RoutedEmbedding(EmbeddingRouter router, EmbeddingRequest request) {
        this.request = request;
        this.context = request.context();
        this.log = new AttemptLog(router.time);
        ModelInfo info = router.info();
        this.model = info.model();
        String asked = request.model().orElse(model);
        this.details =
                ErrorDetails.builder().provider(info.provider()).model(asked).build();
        if (!asked.equals(model)) {
            throw new ModelNotFoundException("model: " + asked + " (expected: " + model + ")", details, null)
                    .setPartial("", Usage.NONE);
        }
        choose(router.places);
    }

    private void choose(List<Place> places) {
        String region = context.tags().get(Choice.REGION);
        for (Place place : places) {
            if (region == null || region.equals(place.region())) {
                Optional<DeniedException> denied =
                        Admission.refusal(place.model().info(), context);
                denied.ifPresentOrElse(failures::add, () -> queue.add(place));
            }
        }
        if (queue.isEmpty() && failures.isEmpty()) {
            String others = places.stream()
                    .map(place -> place.name() + " (another region)")
                    .collect(Collectors.joining(", "));
            throw new ModelNotFoundException(
                            "deployment: none for this request (expected: one that takes it; not " + others + ")",
                            details,
                            null)
                    .setPartial("", Usage.NONE);
        }
    }

    EmbeddingResponse run() {
        String why = "first choice";
        while (!queue.isEmpty() && context.deadline().filter(Deadline::expired).isEmpty()) {
            Place place = queue.remove();
            Circuit.Permit permit = place.circuit().enter();
            if (permit == null) {
                unavailable.put(place.name(), place.circuit());
                continue;
            }
            if (!mayStillGoTo(place, permit)) {
                continue;
            }
            ModelInfo info = place.model().info();
            AttemptLog.Open open = log.begin(place.name(), info.provider(), info.model(), why);
            try {
                EmbeddingResponse response = ask(place, open);
                permit.succeeded();
                return log.whole(response);
            } catch (LlmException failure) {
                failed(failure, permit);
                why = "fallback from " + place.name() + ": " + failure.code();
            } catch (Throwable failure) {
                permit.abandoned();
                throw failure;
            }
        }
        throw failure();
    }

    /** Policy may have changed since the places were chosen. */
    private boolean mayStillGoTo(Place place, Circuit.Permit permit) {
        try {
            Admission.require(place.model().info(), context);
            return true;
        } catch (DeniedException denied) {
            permit.abandoned();
            failures.add(denied);
            return false;
        } catch (Throwable failure) {
            permit.abandoned();
            throw failure;
        }
    }

    private EmbeddingResponse ask(Place place, AttemptLog.Open open) {
        boolean elsewhere = queue.stream().anyMatch(other -> other.circuit().mayEnter());
        CallContext within = elsewhere ? Patience.NONE.in(context) : context;
        EmbeddingModel here = new PlacedModel(place.model(), model, within, open);
        try {
            return stopped == null ? here.embed(request) : stopped.resume(here);
        } catch (IncompleteEmbeddingException incomplete) {
            stopped = incomplete;
            throw incomplete;
        }
    }

    private void failed(LlmException failure, Circuit.Permit permit) {
        LlmException reason =
                failure instanceof IncompleteEmbeddingException && failure.getCause() instanceof LlmException cause
                        ? cause
                        : failure;
        permit.failed(reason);
        failures.add(failure);
        if (!RouteFailures.isOfTheDeployment(reason) && !(reason instanceof DeniedException)) {
            throw withOthers(failure);
        }
    }

    /** What is done by then is not lost. */
    private LlmException failure() {
        if (!queue.isEmpty() && log.attempts().isEmpty()) {
            return withOthers(new TimedOutException("deadline: passed (expected: time left to ask)", details, null));
        }
        if (failures.isEmpty()) {
            return RouteFailures.outOfOrder(unavailable, details);
        }
        return withOthers(stopped == null ? RouteFailures.of(failures, unavailable, log.attempts(), details) : stopped);
    }

    private LlmException withOthers(LlmException failure) {
        failures.stream()
                .filter(other -> other != failure && other != failure.getCause())
                .forEach(failure::addSuppressed);
        return log.whole(failure);
    }

    /**
     * A place under the name that all of them share: is asked by its own name, in the context of one attempt. How the
     * attempt ended is logged here, where what was done before is not yet added to it.
     */
    private static final class PlacedModel extends ForwardingEmbeddingModel {
        private final String name;
        private final CallContext context;
        private final AttemptLog.Open open;

        PlacedModel(EmbeddingModel next, String name, CallContext context, AttemptLog.Open open) {
            super(next);
            this.name = name;
            this.context = context;
            this.open = open;
        }

        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            try {
                EmbeddingResponse response = next().embed(here(request));
                EmbeddingResponse named = named(response);
                open.answered(response);
                return named;
            } catch (IncompleteEmbeddingException incomplete) {
                open.failed(incomplete);
                LlmException reason = incomplete.getCause() instanceof LlmException cause ? cause : incomplete;
                throw new IncompleteEmbeddingException(
                        request, incomplete.positions(), named(incomplete.done()), reason);
            } catch (LlmException failure) {
                open.failed(failure);
                throw failure;
            }
        }

        private EmbeddingRequest here(EmbeddingRequest request) {
            EmbeddingRequest.Builder here = request.toBuilder().context(context);
            return request.model().isEmpty()
                    ? here.build()
                    : here.model(info().model()).build();
        }

        /** A vendor may answer with the version of its model, or with the model that it serves under a name of yours. */
        private EmbeddingResponse named(EmbeddingResponse response) {
            String own = info().model();
            String answered = response.model();
            if (!answered.startsWith(own) && !answered.equals(name)) {
                throw new MalformedResponseException(
                                "model: " + answered + " (expected: " + own + ")",
                                ErrorDetails.builder()
                                        .provider(info().provider())
                                        .model(own)
                                        .build(),
                                null)
                        .setPartial("", response.usage());
            }
            return new EmbeddingResponse(
                    response.vectors(), name, response.usage(), response.cost(), response.attempts());
        }
    }
}
