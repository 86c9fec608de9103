package dev.plinth.rag.connectors.jdbc;

import dev.plinth.api.check.Check;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a table or a column: words joined by dots, each as it stands, which means the same to a database whatever
 * its case, or in double quotes, which means exactly that.
 */
final class Identifier {
    private static final Pattern PART = Pattern.compile("([A-Za-z_][A-Za-z0-9_$]*)|\"([^\"\\p{Cntrl}]+)\"");

    private final String name;
    private final List<Part> parts;

    private record Part(String name, boolean exact) {}

    private Identifier(String name, List<Part> parts) {
        this.name = name;
        this.parts = parts;
    }

    static Identifier of(String name, String argument, int mostParts) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(Check.notBlank(name, argument));
        int at = 0;
        while (at < name.length() && matcher.region(at, name.length()).lookingAt()) {
            String plain = matcher.group(1);
            parts.add(plain == null ? new Part(matcher.group(2), true) : new Part(plain, false));
            at = matcher.end();
            if (at < name.length() - 1 && name.charAt(at) == '.') {
                at++;
            } else {
                break;
            }
        }
        Check.that(
                at == name.length() && !parts.isEmpty() && parts.size() <= mostParts,
                argument,
                name,
                "letters, digits and _, or a name in double quotes");
        return new Identifier(name, List.copyOf(parts));
    }

    static Identifier column(String name, String argument) {
        return of(name, argument, 1);
    }

    /** In the quotes and the case of this database. */
    String quoted(DatabaseMetaData database) throws SQLException {
        String quote = database.getIdentifierQuoteString().strip();
        List<String> quoted = new ArrayList<>();
        for (Part part : parts) {
            String text = part.exact() ? part.name() : folded(part.name(), database);
            quoted.add(quote + text.replace(quote, quote + quote) + quote);
        }
        return String.join(".", quoted);
    }

    private static String folded(String name, DatabaseMetaData database) throws SQLException {
        if (database.storesUpperCaseIdentifiers()) {
            return name.toUpperCase(Locale.ROOT);
        }
        return database.storesLowerCaseIdentifiers() ? name.toLowerCase(Locale.ROOT) : name;
    }

    /** The last word, for people and for the names of fields. */
    String last() {
        return parts.get(parts.size() - 1).name();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Identifier that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
