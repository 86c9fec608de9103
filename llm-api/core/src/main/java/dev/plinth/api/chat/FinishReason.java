package dev.plinth.api.chat;

/** Why an answer ended. The vendor's own word is kept in {@link ChatResponse#rawFinishReason()}. */
public enum FinishReason {
    /** The model was done, or met a stop sequence. */
    STOP,
    /** The answer met a limit of tokens. */
    LENGTH,
    /** The model asks for tools. */
    TOOL_CALLS,
    /** The vendor's filter cut the answer. */
    CONTENT_FILTER,
    /** The model refused. */
    REFUSAL,
    /** The vendor paused a long turn; send the answer back to go on. */
    PAUSE,
    /** The vendor failed and said so in the answer. */
    ERROR,
    /** A reason this version does not know. */
    OTHER
}
