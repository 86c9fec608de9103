package dev.plinth.governance;

import dev.plinth.api.layer.Layer;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.tck.ChatLayerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A model behind the catalogue is still a chat model. */
class CataloguedModelContractTest extends ChatLayerContract {

    @TempDir
    Path directory;

    @Override
    protected Layer layer() {
        return Catalogues.load(directory, Catalogues.FULL).layer();
    }

    @Override
    protected ModelInfo info() {
        return ModelInfo.local("openai", "gpt-5", Capability.TOOLS, Capability.TEMPERATURE);
    }
}
