package dev.plinth.providers.anthropic;

import dev.plinth.providers.wire.ChatCall;

/** A version of Anthropic's API, as the header {@code anthropic-version} names it. */
public enum ApiVersion {

    /** Takes temperature, top_p and top_k, which models newer than Claude Opus 4.6 refuse. */
    V2023_06_01("2023-06-01", true),

    /**
     * Takes no temperature, top_p and top_k, no documents in assistant messages and no citations in user messages: all of
     * them are refused before anything is sent.
     */
    V2026_10_21("2026-10-21", false);

    private final String id;
    private final boolean lenient;

    ApiVersion(String id, boolean lenient) {
        this.id = id;
        this.lenient = lenient;
    }

    /** The name of the version on the wire, a date. */
    public String id() {
        return id;
    }

    /** Whether it takes what {@link #V2026_10_21} does not. */
    boolean isLenient() {
        return lenient;
    }

    /** Refuses what only the lenient version takes, such as {@code temperature: 0.2}. */
    void requireLenient(ChatCall call, String capability, String what) {
        call.require(lenient, capability, what, "none under API version " + id);
    }
}
