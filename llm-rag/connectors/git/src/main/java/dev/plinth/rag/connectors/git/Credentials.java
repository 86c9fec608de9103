package dev.plinth.rag.connectors.git;

import java.util.function.Supplier;

/** A user's name and where their secret comes from; never shown. */
record Credentials(String user, Supplier<String> secret) {
    @Override
    public String toString() {
        return "Credentials[" + user + ", ***]";
    }
}
