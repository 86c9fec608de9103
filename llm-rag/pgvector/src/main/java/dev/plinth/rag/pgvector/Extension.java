package dev.plinth.rag.pgvector;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pgvector of a database.
 *
 * @param schema where its types are, as a prefix of their names; empty: wherever the search path finds them
 * @param version major * 1000 + minor
 */
record Extension(String schema, int version) {
    /** One that knows all that is used here, found by the search path. */
    static final Extension NEWEST = new Extension("", Integer.MAX_VALUE);

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final int HALF_VECTORS = 7;
    private static final int ITERATIVE_SCANS = 8;

    static Optional<Extension> of(String schema, String version) {
        Matcher parts = VERSION.matcher(version);
        return parts.matches()
                ? Optional.of(new Extension(
                        "\"" + schema.replace("\"", "\"\"") + "\".",
                        Integer.parseInt(parts.group(1)) * 1000 + Integer.parseInt(parts.group(2))))
                : Optional.empty();
    }

    boolean hasHalfVectors() {
        return version >= HALF_VECTORS;
    }

    boolean hasIterativeScans() {
        return version >= ITERATIVE_SCANS;
    }

    String vector() {
        return schema + "vector";
    }

    String half(int dimensions) {
        return schema + "halfvec(" + dimensions + ")";
    }

    /** The operator of the cosine distance. */
    String distance() {
        return schema.isEmpty() ? "<=>" : "OPERATOR(" + schema + "<=>)";
    }
}
