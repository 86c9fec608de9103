package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.Step;
import dev.plinth.api.score.Score;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleCounter;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The figures that the conventions have no names for: cost, caches, guardrails, retries, scores, interactions. */
final class PlinthMeters {

    private final Labels labels;
    private final DoubleCounter cost;
    private final LongCounter unknownCost;
    private final LongCounter lookups;
    private final LongCounter savedTokens;
    private final DoubleCounter savedCost;
    private final LongCounter checks;
    private final LongCounter retries;
    private final DoubleHistogram scores;
    private final LongCounter results;
    private final DoubleHistogram interactions;
    private final DoubleHistogram retrievals;

    PlinthMeters(Meter meter, Labels labels) {
        this.labels = labels;
        this.cost = meter.counterBuilder("plinth.client.cost")
                .ofDoubles()
                .setUnit("{currency}")
                .setDescription("What calls cost, where a price is known")
                .build();
        this.unknownCost = Instruments.counter(meter, "plinth.client.cost.unknown", "{call}");
        this.lookups = Instruments.counter(meter, "plinth.cache.lookups", "{lookup}");
        this.savedTokens = Instruments.counter(meter, "plinth.cache.saved.tokens", "{token}");
        this.savedCost = meter.counterBuilder("plinth.cache.saved.cost")
                .ofDoubles()
                .setUnit("{currency}")
                .build();
        this.checks = Instruments.counter(meter, "plinth.guardrail.checks", "{check}");
        this.retries = Instruments.counter(meter, "plinth.client.retries", "{retry}");
        this.scores = meter.histogramBuilder("plinth.evaluation.score")
                .setUnit("1")
                .setExplicitBucketBoundariesAdvice(List.of(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0))
                .build();
        this.results = Instruments.counter(meter, "plinth.evaluation.results", "{result}");
        this.interactions = Instruments.seconds(meter, "plinth.interaction.duration");
        this.retrievals = Instruments.seconds(meter, "plinth.retrieval.duration");
    }

    /** A call of a model has ended; what it cost is not known when it is null. */
    void cost(Attributes call, CallContext context, @Nullable Cost known) {
        AttributesBuilder all = call.toBuilder();
        owner(all, context);
        context.prompt().ifPresent(prompt -> {
            put(all, PlinthAttributes.PROMPT_NAME, prompt.name());
            put(all, PlinthAttributes.PROMPT_VERSION, prompt.version());
        });
        if (known == null) {
            unknownCost.add(1, all.build());
        } else {
            all.put(PlinthAttributes.COST_CURRENCY, known.currency().getCurrencyCode());
            cost.add(known.amount().doubleValue(), all.build());
        }
    }

    /** Tries after one that failed. Hedges are none, nor is the next part of many texts, which follows an answer. */
    void retries(Attributes call, List<Attempt> attempts) {
        for (int i = 1; i < attempts.size(); i++) {
            Attempt before = attempts.get(i - 1);
            Attempt next = attempts.get(i);
            if (before.error() == null || before.cancelled()) {
                continue;
            }
            retries.add(
                    1,
                    call.toBuilder()
                            .put(GenAi.PROVIDER_NAME, labels.bounded(GenAi.PROVIDER_NAME, next.provider()))
                            .put(GenAi.REQUEST_MODEL, labels.bounded(GenAi.REQUEST_MODEL, next.model()))
                            .put(GenAi.ERROR_TYPE, labels.bounded(GenAi.ERROR_TYPE, before.error()))
                            .build());
        }
    }

    void step(Step step) {
        AttributesBuilder all = Attributes.builder().put(PlinthAttributes.STEP_OUTCOME, step.outcome());
        put(all, PlinthAttributes.STEP_NAME, step.name());
        if (step instanceof Step.CacheLookup lookup) {
            Attributes named = all.build();
            lookups.add(1, named);
            saved(lookup.saved().input(), named, "input");
            saved(lookup.saved().output(), named, "output");
            if (lookup.savedCost() != null) {
                String currency = lookup.savedCost().currency().getCurrencyCode();
                savedCost.add(
                        lookup.savedCost().amount().doubleValue(),
                        named.toBuilder()
                                .put(PlinthAttributes.COST_CURRENCY, currency)
                                .build());
            }
        } else if (step instanceof Step.GuardrailCheck check) {
            checks.add(
                    1,
                    all.put(PlinthAttributes.GUARDRAIL_SIDE, check.side().name().toLowerCase(Locale.ROOT))
                            .build());
        }
    }

    private void saved(OptionalLong tokens, Attributes named, String type) {
        if (tokens.orElse(0) > 0) {
            savedTokens.add(
                    tokens.getAsLong(),
                    named.toBuilder()
                            .put(PlinthAttributes.SAVED_TOKEN_TYPE, type)
                            .build());
        }
    }

    void score(Score score) {
        AttributesBuilder all = Attributes.builder();
        put(all, PlinthAttributes.SCORE_NAME, score.name());
        all.put(
                PlinthAttributes.SCORE_ANNOTATOR,
                score.annotator().kind().name().toLowerCase(Locale.ROOT));
        Attributes named = all.build();
        double value = score.value().orElse(-1);
        if (value >= 0) { // a histogram takes no others; the event has every value, and all count as results
            scores.record(value, named);
        }
        String outcome = score.outcome().name().toLowerCase(Locale.ROOT);
        results.add(
                1,
                named.toBuilder().put(PlinthAttributes.SCORE_OUTCOME, outcome).build());
    }

    void interaction(Interaction interaction) {
        AttributesBuilder all = Attributes.builder();
        put(all, PlinthAttributes.INTERACTION_NAME, interaction.name());
        owner(all, interaction.context());
        interactions.record(interaction.duration().toNanos() / 1e9, all.build());
    }

    void retrieval(EndedCall call) {
        retrievals.record(call.seconds(), call.withError(labels));
    }

    private void owner(AttributesBuilder all, CallContext context) {
        if (context.principal().isPresent()) {
            Principal principal = context.principal().get();
            put(all, PlinthAttributes.TEAM, principal.team());
            put(all, PlinthAttributes.APPLICATION, principal.application());
        }
        context.useCase().ifPresent(useCase -> put(all, PlinthAttributes.USE_CASE, useCase));
    }

    private void put(AttributesBuilder all, AttributeKey<String> label, String value) {
        all.put(label, labels.bounded(label, value));
    }
}
