package dev.plinth.api.chat;

/** Who speaks. */
public enum Role {
    /** The application, above the user. */
    SYSTEM,
    USER,
    ASSISTANT,
    /** The result of tools. */
    TOOL
}
