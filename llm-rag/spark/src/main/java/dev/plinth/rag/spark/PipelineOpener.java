package dev.plinth.rag.spark;

import java.io.Serializable;

/**
 * Opens what brings documents in, in whatever process it is called: on the driver, and for each task on an executor. A
 * lambda will do; what it refers to travels with it and has to be serializable, so that it takes addresses and paths
 * along, not open connections. A secret is best read where it is needed, from the environment of the executor.
 */
@FunctionalInterface
public interface PipelineOpener extends Serializable {

    /** Opens one, with the same settings everywhere. It is closed after use. */
    Pipeline open() throws Exception;
}
