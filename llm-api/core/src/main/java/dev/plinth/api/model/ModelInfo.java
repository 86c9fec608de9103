package dev.plinth.api.model;

import dev.plinth.api.check.Check;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which model stands behind an interface, known without a call.
 *
 * @param provider who serves it, in the words of OpenTelemetry's GenAI conventions where they have one, such as
 *     {@code openai} or {@code anthropic}
 * @param model what is asked for when a request names no model
 * @param capabilities what it can do
 * @param endpoint where it is served; null: in this process
 */
public record ModelInfo(
        String provider,
        String model,
        Set<Capability> capabilities,
        @Nullable URI endpoint) {

    public ModelInfo {
        Check.notBlank(provider, "provider");
        Check.notBlank(model, "model");
        capabilities = Set.copyOf(Check.notNull(capabilities, "capabilities"));
    }

    /** A model in this process. */
    public static ModelInfo local(String provider, String model, Capability... capabilities) {
        return new ModelInfo(provider, model, Set.of(capabilities), null);
    }

    /** The same place, asked for this model. */
    public ModelInfo named(String model) {
        return model.equals(this.model) ? this : new ModelInfo(provider, model, capabilities, endpoint);
    }

    /** Whether the model can do this. */
    public boolean can(Capability capability) {
        return capabilities.contains(capability);
    }
}
