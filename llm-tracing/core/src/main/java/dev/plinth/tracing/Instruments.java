package dev.plinth.tracing;

import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/** Instruments of the kinds that the conventions have, with the borders they advise. */
final class Instruments {

    private static final List<Double> SECONDS =
            List.of(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);

    private static final List<Long> TOKENS = List.of(
            1L, 4L, 16L, 64L, 256L, 1024L, 4096L, 16384L, 65536L, 262144L, 1048576L, 4194304L, 16777216L, 67108864L);

    private Instruments() {}

    static DoubleHistogram seconds(Meter meter, String name) {
        return meter.histogramBuilder(name)
                .setUnit("s")
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
    }

    static LongHistogram tokensOfCalls(Meter meter, String name) {
        return meter.histogramBuilder(name)
                .ofLongs()
                .setUnit("{token}")
                .setExplicitBucketBoundariesAdvice(TOKENS)
                .build();
    }

    static LongCounter tokens(Meter meter, String name) {
        return meter.counterBuilder(name).setUnit("{token}").build();
    }

    static LongCounter counter(Meter meter, String name, String unit) {
        return meter.counterBuilder(name).setUnit(unit).build();
    }
}
