package dev.plinth.rag.index;

import java.util.OptionalDouble;

/**
 * How a store searches now, and what was measured to decide it.
 *
 * @param active {@link ScanMode#EXACT} or {@link ScanMode#BINARY}
 * @param oversampling how many candidates are rescored for each result wanted; 0 when the scan is exact
 * @param measuredRecall the share of the ten exact nearest neighbours that stood among the candidates, as a mean over a
 *     sample of mixtures of two stored vectors each (the two left out); empty before the first measurement
 * @param targetRecall what was asked for
 * @param measuredRows how many vectors the store held when it was measured; 0 before
 * @param reason why this mode is active, for people to read
 */
public record ScanStatus(
        ScanMode active,
        double oversampling,
        OptionalDouble measuredRecall,
        double targetRecall,
        int measuredRows,
        String reason) {}
