package dev.plinth.rag.pgvector;

import dev.plinth.api.check.Check;
import java.util.regex.Pattern;

/**
 * Where the tables of an index are.
 *
 * @param schema of the database
 * @param name what the tables' names begin with
 */
record Names(String schema, String name) {
    /** What needs no care in SQL, and leaves room for the ends of the names. */
    private static final Pattern PLAIN = Pattern.compile("[a-z][a-z0-9_]{0,39}");

    Names {
        check(schema, "schema");
        check(name, "name");
    }

    private static void check(String name, String what) {
        Check.notNull(name, what);
        Check.that(
                PLAIN.matcher(name).matches(),
                what,
                name,
                "a to z first, then a to z, 0 to 9 and _, at most 40 characters");
    }

    String chunks() {
        return table("chunk");
    }

    String sources() {
        return table("source");
    }

    String documents() {
        return table("document");
    }

    String manifest() {
        return table("manifest");
    }

    /** The table of the migrations that have run, without its schema. */
    String history() {
        return name + "_history";
    }

    private String table(String end) {
        return "\"" + schema + "\"." + name + "_" + end;
    }
}
