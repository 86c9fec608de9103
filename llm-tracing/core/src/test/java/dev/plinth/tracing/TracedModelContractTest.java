package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.layer.Layer;
import dev.plinth.api.tck.ChatLayerContract;
import org.junit.jupiter.api.AfterEach;

/** A traced model is still a chat model, and leaves no span open. */
class TracedModelContractTest extends ChatLayerContract {

    private final Recording recording = new Recording();

    @AfterEach
    void everySpanHasEnded() {
        assertThat(recording.openSpans()).isZero();
    }

    @Override
    protected Layer layer() {
        return recording.layer();
    }
}
