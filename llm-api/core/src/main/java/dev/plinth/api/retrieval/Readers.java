package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may read a document. A connector takes it over from the source, every chunk carries it as the field
 * {@link #FIELD} of its metadata, and a search is restricted by {@link #filter} inside the store, so that what a caller
 * may not read is never found, counted or cached.
 *
 * <p>A chunk without the field is readable by nobody.
 *
 * @param names of those who may read, such as {@code user:7f3a} or {@code group:hr}, in the words of the source; empty:
 *     nobody
 */
public record Readers(Set<String> names) {

    /** The field of the metadata that carries the names. */
    public static final String FIELD = "readers";

    /** Everyone may read, callers without a name included. */
    public static final Readers EVERYONE = new Readers(Set.of("*"));

    /** Nobody may read. */
    public static final Readers NOBODY = new Readers(Set.of());

    public Readers {
        names = Set.copyOf(Check.notNull(names, "names"));
        names.forEach(name -> Check.notBlank(name, "names"));
    }

    /** Those of these names may read. */
    public static Readers of(String... names) {
        return new Readers(new TreeSet<>(List.of(names)));
    }

    /** Who may read a chunk with these facts. */
    public static Readers in(Metadata metadata) {
        return metadata.get(FIELD).orElse(null) instanceof Value.Texts names ? new Readers(names.texts()) : NOBODY;
    }

    /** These facts, with the names. */
    public Metadata on(Metadata metadata) {
        return metadata.with(FIELD, Value.of(names));
    }

    /** The names in order, each in a line of its own: the same for the same names. */
    public String text() {
        return String.join("\n", new TreeSet<>(names));
    }

    /** Passes what everyone, or someone of these names, may read. */
    public static Filter filter(Collection<String> names) {
        List<Filter> either = new ArrayList<>();
        EVERYONE.names().forEach(name -> either.add(Filter.contains(FIELD, name)));
        for (String name : new TreeSet<>(names)) {
            either.add(Filter.contains(FIELD, Check.notBlank(name, "names")));
        }
        return new Filter.Or(either);
    }
}
