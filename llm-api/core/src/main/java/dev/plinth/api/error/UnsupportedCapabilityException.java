package dev.plinth.api.error;

import dev.plinth.api.usage.Usage;

/** The model cannot do what the request asks for. Thrown before anything is sent. */
public final class UnsupportedCapabilityException extends LlmException {

    private static final long serialVersionUID = 1L;

    private final String capability;

    /** @param capability the name of what is missing */
    public UnsupportedCapabilityException(String capability, String message, ErrorDetails details) {
        super("unsupported_capability", false, message, details, null);
        this.capability = capability;
        setPartial("", Usage.NONE);
    }

    /** The name of what is missing. */
    public String capability() {
        return capability;
    }
}
