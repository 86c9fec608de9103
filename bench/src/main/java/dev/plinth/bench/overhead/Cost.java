package dev.plinth.bench.overhead;

/**
 * What one call, or one delta, cost on the client's side, in the best iteration: all that disturbs adds to it.
 *
 * @param bytes allocated by the whole JVM
 * @param cpuMicros user and system time of the whole process, in microseconds
 */
public record Cost(double bytes, double cpuMicros) {}
