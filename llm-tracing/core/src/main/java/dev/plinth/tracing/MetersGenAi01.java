package dev.plinth.tracing;

import dev.plinth.api.usage.Usage;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The metrics of the conventions' own first release: each operation under a name of its own, tokens as counters. */
final class MetersGenAi01 implements CallMeters {

    private final Labels bounds;
    private final DoubleHistogram inference;
    private final DoubleHistogram firstChunk;
    private final DoubleHistogram nextChunk;
    private final LongCounter input;
    private final LongCounter output;
    private final LongCounter cacheRead;
    private final LongCounter cacheWrite;
    private final LongCounter reasoning;
    private final LongHistogram inputOfCalls;
    private final LongHistogram outputOfCalls;
    private final DoubleHistogram embeddings;
    private final LongHistogram inputOfEmbeddings;
    private final DoubleHistogram tools;
    private final @Nullable DoubleHistogram others;

    /** @param others whether to record operations that have no metric of their own; else the older metrics do */
    MetersGenAi01(Meter meter, Labels bounds, boolean others) {
        this.bounds = bounds;
        this.inference = Instruments.seconds(meter, "gen_ai.client.inference.duration");
        this.firstChunk = Instruments.seconds(meter, "gen_ai.client.inference.time_to_first_chunk");
        this.nextChunk = Instruments.seconds(meter, "gen_ai.client.inference.time_per_output_chunk");
        this.input = Instruments.tokens(meter, "gen_ai.client.inference.usage.input_tokens");
        this.output = Instruments.tokens(meter, "gen_ai.client.inference.usage.output_tokens");
        this.cacheRead = Instruments.tokens(meter, "gen_ai.client.inference.usage.cache_read.input_tokens");
        this.cacheWrite = Instruments.tokens(meter, "gen_ai.client.inference.usage.cache_write.input_tokens");
        this.reasoning = Instruments.tokens(meter, "gen_ai.client.inference.usage.reasoning.output_tokens");
        this.inputOfCalls = Instruments.tokensOfCalls(meter, "gen_ai.client.inference.operation.input_tokens");
        this.outputOfCalls = Instruments.tokensOfCalls(meter, "gen_ai.client.inference.operation.output_tokens");
        this.embeddings = Instruments.seconds(meter, "gen_ai.client.embeddings.duration");
        this.inputOfEmbeddings = Instruments.tokensOfCalls(meter, "gen_ai.client.embeddings.operation.input_tokens");
        this.tools = Instruments.seconds(meter, "gen_ai.execute_tool.duration");
        this.others = others ? Instruments.seconds(meter, "gen_ai.client.operation.duration") : null;
    }

    @Override
    public void ended(EndedCall call) {
        Attributes labels = call.withError(bounds);
        switch (call.operation()) {
            case CHAT -> {
                inference.record(call.seconds(), labels);
                usage(call);
            }
            case EMBEDDINGS -> {
                embeddings.record(call.seconds(), labels);
                record(inputOfEmbeddings, call.usage().input(), call.labels());
            }
            case RERANK -> {
                if (others != null) {
                    others.record(call.seconds(), labels);
                }
            }
            case EXECUTE_TOOL -> tools.record(call.seconds(), labels);
            case RETRIEVAL -> {} // has no provider, which the conventions' metrics require
        }
    }

    private void usage(EndedCall call) {
        Usage usage = call.usage();
        // No provider that Plinth reads says of all its tokens which modality they are of.
        Attributes labels =
                call.labels().toBuilder().put(GenAi.TOKEN_MODALITY, "unknown").build();
        add(input, usage.input(), labels, call);
        add(output, usage.output(), labels, call);
        add(cacheRead, usage.cachedInput(), labels, call);
        add(cacheWrite, usage.cacheWrite(), labels, call);
        add(reasoning, usage.reasoning(), labels, call);
        record(inputOfCalls, usage.input(), call.labels());
        record(outputOfCalls, usage.output(), call.labels());
    }

    /** A failed call adds zero, so that a rate over it exists. */
    private static void add(LongCounter counter, OptionalLong count, Attributes labels, EndedCall call) {
        if (count.isPresent()) {
            counter.add(count.getAsLong(), labels);
        } else if (call.errorType() != null) {
            counter.add(0, labels);
        }
    }

    private static void record(LongHistogram histogram, OptionalLong count, Attributes labels) {
        if (count.isPresent()) {
            histogram.record(count.getAsLong(), labels);
        }
    }

    @Override
    public void firstChunk(Attributes labels, double seconds) {
        firstChunk.record(seconds, labels);
    }

    @Override
    public void nextChunk(Attributes labels, double seconds) {
        nextChunk.record(seconds, labels);
    }
}
