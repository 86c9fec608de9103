package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Searches by vector, by words, or both ways in one statement. */
final class Search {
    private static final Comparator<Match> BEST_FIRST =
            Comparator.comparingDouble(Match::score).reversed();

    private final Database database;
    private final ChunkTable table;
    private final int efSearch;

    Search(Database database, ChunkTable table, int efSearch) {
        this.database = database;
        this.table = table;
        this.efSearch = efSearch;
    }

    /** A found chunk, and in which of the two lists. */
    private record Found(boolean byVector, Match match) {}

    HybridIndex.Both search(@Nullable VectorQuery vector, @Nullable TextQuery text) {
        Sql lists = Sql.of("");
        List<String> parts = new ArrayList<>();
        Transaction.Settings settings = Transaction.Settings.NONE;
        if (vector != null) {
            VectorPart part = new VectorPart(table, database.tenant(), vector);
            settings = part.settings(efSearch);
            lists.add(part.sql(settings.efSearch() > 0));
            parts.add(found("by_vector", true));
        }
        if (text != null) {
            lists.add(vector == null ? "" : ",\n").add(WordsPart.sql(table, database.tenant(), text));
            parts.add(found("by_words", false));
        }
        Sql sql = Sql.of("WITH ").add(lists).add("\n" + String.join("\nUNION ALL\n", parts));
        Transaction.Settings set = settings;
        List<Found> all = database.run("search", transaction -> transaction.query(set, sql, Search::read));
        return new HybridIndex.Both(list(all, true), list(all, false));
    }

    private String found(String list, boolean byVector) {
        return "SELECT " + byVector + ", f.score, " + ChunkRow.COLUMNS + " FROM " + list + " f JOIN " + table.name()
                + " c ON c.tenant = f.tenant AND c.key = f.key";
    }

    private static Found read(ResultSet row) throws SQLException {
        return new Found(row.getBoolean(1), new Match(ChunkRow.read(row, 3), row.getDouble(2)));
    }

    private static List<Match> list(List<Found> all, boolean byVector) {
        return all.stream()
                .filter(found -> found.byVector() == byVector)
                .map(Found::match)
                .sorted(BEST_FIRST)
                .toList();
    }
}
