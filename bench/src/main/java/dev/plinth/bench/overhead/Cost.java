package dev.plinth.bench.overhead;

import dev.plinth.api.check.Check;

/**
 * What one call, or one delta, cost on the client's side.
 *
 * @param aggregate of which iterations
 * @param bytes allocated by the whole JVM
 * @param cpuMicros user and system time of the whole process, in microseconds
 */
public record Cost(Aggregate aggregate, double bytes, double cpuMicros) {

    /** How many times the bytes of another one. */
    public double bytesRatio(Cost other) {
        check(other);
        return bytes / other.bytes;
    }

    /** How many times the CPU time of another one. */
    public double cpuRatio(Cost other) {
        check(other);
        return cpuMicros / other.cpuMicros;
    }

    private void check(Cost other) {
        Check.that(other.aggregate == aggregate, "aggregate", other.aggregate, aggregate.name());
    }
}
