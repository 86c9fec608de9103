package dev.plinth.governance;

import dev.plinth.api.model.Capability;
import dev.plinth.api.usage.Price;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model as the {@link Catalogue} describes it.
 *
 * <p>Immutable and thread-safe.
 */
public final class ListedModel {

    /** What a model is for. */
    public enum Kind {
        CHAT,
        EMBEDDING
    }

    /** How far a model is in its life. */
    public enum Status {
        /** May be called. */
        APPROVED,
        /** May be called, but not for long: move on. */
        DEPRECATED,
        /** May not be called any more. */
        RETIRED
    }

    private final @Nullable String alias;
    private final String provider;
    private final String model;
    private final Kind kind;
    private final Status status;
    private final Set<Capability> capabilities;
    private final @Nullable Integer contextTokens;
    private final @Nullable String region;
    private final @Nullable Price price;

    ListedModel(
            @Nullable String alias,
            String provider,
            String model,
            Kind kind,
            Status status,
            Set<Capability> capabilities,
            @Nullable Integer contextTokens,
            @Nullable String region,
            @Nullable Price price) {
        this.alias = alias;
        this.provider = provider;
        this.model = model;
        this.kind = kind;
        this.status = status;
        this.capabilities = Set.copyOf(capabilities);
        this.contextTokens = contextTokens;
        this.region = region;
        this.price = price;
    }

    /** A name that stays when the model behind it changes. */
    public Optional<String> alias() {
        return Optional.ofNullable(alias);
    }

    /** Who serves it. */
    public String provider() {
        return provider;
    }

    /** The real name, in the provider's words. */
    public String model() {
        return model;
    }

    /** What it is for. */
    public Kind kind() {
        return kind;
    }

    /** How far it is in its life. */
    public Status status() {
        return status;
    }

    /** Whether it may be called. */
    public boolean isCallable() {
        return status != Status.RETIRED;
    }

    /** What it can do, as far as the catalogue says. */
    public Set<Capability> capabilities() {
        return capabilities;
    }

    /** The most tokens of input and output together. */
    public OptionalInt contextTokens() {
        return contextTokens == null ? OptionalInt.empty() : OptionalInt.of(contextTokens);
    }

    /** Where it runs, in the words of the catalogue's owner. */
    public Optional<String> region() {
        return Optional.ofNullable(region);
    }

    /** What its tokens cost. */
    public Optional<Price> price() {
        return Optional.ofNullable(price);
    }

    /** What callers should say: the alias, else the model. */
    String name() {
        return alias == null ? model : alias;
    }

    boolean hasName(String name) {
        return name.equals(alias) || name.equals(model);
    }

    @Override
    public String toString() {
        return "ListedModel[" + name() + ", " + provider + "/" + model + ", "
                + kind.name().toLowerCase(Locale.ROOT) + ", "
                + status.name().toLowerCase(Locale.ROOT) + "]";
    }
}
