package dev.plinth.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.util.OptionalLong;

/** The metrics of version 1.41: all operations of clients under one name. */
final class MetersV141 implements CallMeters {

    private final Labels bounds;
    private final DoubleHistogram duration;
    private final DoubleHistogram firstChunk;
    private final DoubleHistogram nextChunk;
    private final LongHistogram tokens;

    MetersV141(Meter meter, Labels bounds) {
        this.bounds = bounds;
        this.duration = Instruments.seconds(meter, "gen_ai.client.operation.duration");
        this.firstChunk = Instruments.seconds(meter, "gen_ai.client.operation.time_to_first_chunk");
        this.nextChunk = Instruments.seconds(meter, "gen_ai.client.operation.time_per_output_chunk");
        this.tokens = Instruments.tokensOfCalls(meter, "gen_ai.client.token.usage");
    }

    @Override
    public void ended(EndedCall call) {
        if (!call.operation().isClient()) {
            return;
        }
        duration.record(call.seconds(), call.withError(bounds));
        tokens(call.usage().input(), call.labels(), "input");
        tokens(call.usage().output(), call.labels(), "output");
    }

    private void tokens(OptionalLong count, Attributes labels, String type) {
        if (count.isPresent()) {
            tokens.record(
                    count.getAsLong(),
                    labels.toBuilder().put(GenAi.TOKEN_TYPE, type).build());
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
