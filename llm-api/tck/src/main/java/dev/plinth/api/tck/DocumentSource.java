package dev.plinth.api.tck;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Readers;
import java.util.List;

/**
 * The source behind a {@link Connector}, as a test plays it: a folder, a table or a server that holds nothing at first
 * and changes when it is told to. What a source has no way to do is left as it is here and declared as a gap.
 */
public interface DocumentSource extends AutoCloseable {

    /**
     * A new connector to this source, with its right credentials and pages of at most three items, where it has them. The
     * suite closes it.
     */
    Connector connect() throws Exception;

    /** Puts a document there, or another text into it. */
    void put(String name, String text) throws Exception;

    /** Takes a document away. */
    void remove(String name) throws Exception;

    /** The id that the connector gives the document of this name. */
    default String id(String name) {
        return name;
    }

    /** Everything that the source holds, in a form in which two states can be compared. */
    Object state() throws Exception;

    /** Says who may read a document. */
    default void readers(String name, Readers readers) throws Exception {
        throw missing("readers", "READERS");
    }

    /**
     * Connectors that differ from {@link #connect} and from each other in one setting that makes other documents of the
     * same items. The suite closes them.
     */
    default List<Connector> otherwise() throws Exception {
        throw missing("otherwise", "SETTINGS");
    }

    /** Refuses to hand out a document that it still names. */
    default void deny(String name) throws Exception {
        throw missing("deny", "DENIALS");
    }

    /** Damages a document: the source still names it, but it cannot be read. */
    default void damage(String name) throws Exception {
        throw missing("damage", "DAMAGED_DOCUMENTS");
    }

    /** Makes the source unreachable, for connectors that are there and those to come. */
    default void disappear() throws Exception {
        throw missing("disappear", "UNREACHABLE");
    }

    /** From now on the source takes calls but does not answer. */
    default void hang() throws Exception {
        throw missing("hang", "WAITS");
    }

    /** The secret with which {@link #connect} goes in. */
    default String secret() {
        throw missing("secret", "CREDENTIALS");
    }

    /** A connector with a secret that the source refuses. The suite closes it. */
    default Connector connectWith(String wrongSecret) throws Exception {
        throw missing("connectWith", "CREDENTIALS");
    }

    @Override
    default void close() throws Exception {
        // nothing to release, unless overridden
    }

    private static AssertionError missing(String method, String behavior) {
        return new AssertionError(
                method + ": not overridden (expected: overridden, or " + behavior + " declared unsupported)");
    }
}
