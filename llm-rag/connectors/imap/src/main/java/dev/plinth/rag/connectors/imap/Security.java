package dev.plinth.rag.connectors.imap;

/** How a connection to a server is protected. */
public enum Security {
    /** TLS from the first byte on, port 993 unless another is set. */
    TLS,
    /** Begins in plain text and turns to TLS before anything is said that matters, port 143; refused if it cannot. */
    STARTTLS,
    /** Not at all, port 143: passwords and mails can be read on the way. */
    NONE
}
