package dev.plinth.bench.overhead;

import java.util.stream.DoubleStream;

/** How the iterations of a measurement become one figure. Figures of different ones do not compare. */
public enum Aggregate {
    /** The best iteration: all that disturbs adds to what a call costs. */
    BEST {
        @Override
        double of(DoubleStream iterations) {
            return iterations.min().orElseThrow();
        }
    },
    /** The mean of all: what is done now and then, such as an export, belongs to every call. */
    MEAN {
        @Override
        double of(DoubleStream iterations) {
            return iterations.average().orElseThrow();
        }
    };

    abstract double of(DoubleStream iterations);
}
