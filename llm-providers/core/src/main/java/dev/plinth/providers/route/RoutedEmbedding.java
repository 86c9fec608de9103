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
import org.jspecify.annotations.Nullable;

/** One call through a router of embeddings. Used by one thread. */
final class RoutedEmbedding {

    private final EmbeddingRequest request;
    private final String model;
    private final CallContext context;
    private final AttemptLog log;
    private final Deque<Place> queue = new ArrayDeque<>();
    private final Map<String, Circuit> closed = new LinkedHashMap<>();
    private final List<LlmException> failures = new ArrayList<>();
    private final ErrorDetails details;
    private @Nullable IncompleteEmbeddingException stopped;

    RoutedEmbedding(EmbeddingRouter router, EmbeddingRequest request) {
        this.request = request;
        this.context = request.context();
        this.log = new AttemptLog(router.time);
        ModelInfo info = router.info();
        this.model = info.model();
        this.details = ErrorDetails.builder()
                .provider(info.provider())
                .model(info.model())
                .build();
        for (Place place : router.places) {
            Optional<DeniedException> denied = Admission.refusal(place.model().info(), context);
            denied.ifPresentOrElse(failures::add, () -> queue.add(place));
        }
    }

    EmbeddingResponse run() {
        String why = "first choice";
        while (!queue.isEmpty() && context.deadline().filter(Deadline::expired).isEmpty()) {
            Place place = queue.remove();
            Circuit.Permit permit = place.circuit().enter();
            if (permit == null) {
                closed.put(place.name(), place.circuit());
                continue;
            }
            ModelInfo info = place.model().info();
            AttemptLog.Open open = log.begin(place.name(), info.provider(), info.model(), why);
            try {
                Admission.require(info, context);
                EmbeddingResponse response = ask(place);
                permit.succeeded();
                return response;
            } catch (LlmException failure) {
                open.failed(failure);
                failed(failure, permit);
                why = "fallback from " + place.name() + ": " + failure.code();
            } catch (RuntimeException | Error failure) {
                permit.abandoned();
                throw failure;
            }
        }
        throw failure();
    }

    private EmbeddingResponse ask(Place place) {
        boolean elsewhere = queue.stream().anyMatch(other -> other.circuit().mayEnter());
        EmbeddingModel here = new PlacedModel(place.model(), model, elsewhere ? Patience.NONE.in(context) : context);
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
        if (failures.isEmpty()) {
            return RouteFailures.outOfOrder(closed, details);
        }
        return withOthers(stopped == null ? RouteFailures.of(failures, closed, log.attempts(), details) : stopped);
    }

    private LlmException withOthers(LlmException failure) {
        Usage done = failure.partialUsage();
        failures.stream()
                .filter(other -> other != failure && other != failure.getCause())
                .forEach(failure::addSuppressed);
        LlmException whole = log.whole(failure);
        return failure == stopped ? whole.setPartial("", done) : whole;
    }

    /** A model under the name that all places share, asked in the context of one attempt. */
    private static final class PlacedModel extends ForwardingEmbeddingModel {
        private final String name;
        private final CallContext context;

        PlacedModel(EmbeddingModel next, String name, CallContext context) {
            super(next);
            this.name = name;
            this.context = context;
        }

        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            try {
                return named(next().embed(request.toBuilder().context(context).build()));
            } catch (IncompleteEmbeddingException incomplete) {
                LlmException reason = incomplete.getCause() instanceof LlmException cause ? cause : incomplete;
                throw new IncompleteEmbeddingException(
                        request, incomplete.positions(), named(incomplete.done()), reason);
            }
        }

        private EmbeddingResponse named(EmbeddingResponse response) {
            return new EmbeddingResponse(response.vectors(), name, response.usage(), response.cost());
        }
    }
}
