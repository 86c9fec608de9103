package dev.plinth.rag.connectors.jdbc;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.rag.connect.Interruption;
import dev.plinth.rag.connect.RequiredReaders;
import dev.plinth.rag.connectors.jdbc.Place.Kind;
import dev.plinth.rag.connectors.jdbc.Selection.Where;
import dev.plinth.rag.text.Sha256;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table, or of a query, as documents.
 *
 * <pre>{@code
 * JdbcConnector articles = JdbcConnector.table(dataSource, "shop.articles")
 *         .id("number")
 *         .title("{name}")
 *         .text("{description}\n\nPrice: {price} EUR")
 *         .url("https://shop.example/articles/{number}")
 *         .changed("updated_at")
 *         .deleted("is_deleted")
 *         .readers(Readers.of("group:shop"))
 *         .build();
 * }</pre>
 *
 * <p>With a column that says when a row was changed, it lists what has changed since; without one, it reads every row and
 * its version is a hash. Rows that vanish without a mark are found by a run over everything. The list is paged by key, so
 * rows that come and go meanwhile shift nothing.
 *
 * <p>What is read with credentials is not for everyone until somebody says so: without {@link Builder#readers} or
 * {@link Builder#readersColumn} no connector is built.
 *
 * <p>Reads on read-only connections in transactions that are rolled back, values only as parameters. Thread-safe if the
 * {@code DataSource} is. A statement that runs is ended by its time limit, not by an interruption. Tried on PostgreSQL and
 * H2.
 */
public final class JdbcConnector implements Connector {
    private final String name;
    private final String from;
    private final Selection.Source source;
    private final Columns columns;
    private final Database database;
    private final Duration overlap;
    private final int pageSize;
    private volatile @Nullable Selection known;

    private JdbcConnector(Builder builder, Columns columns) {
        this.name = builder.name;
        this.from = builder.from;
        this.source = builder.source;
        this.columns = columns;
        this.database = new Database(builder.name, builder.dataSource, builder.timeout);
        this.overlap = builder.overlap;
        this.pageSize = builder.pageSize;
    }

    /**
     * The rows of a table or a view, under its name.
     *
     * @param table with the schema where it needs one; in double quotes where case or other characters matter
     */
    public static Builder table(DataSource dataSource, String table) {
        Identifier identifier = Identifier.of(table, "table", 3);
        return new Builder(dataSource, table, table, identifier::quoted);
    }

    /**
     * The rows of a query.
     *
     * @param name of the source
     * @param sql a SELECT without an order, whose columns have names
     */
    public static Builder query(DataSource dataSource, String name, String sql) {
        String query = "(" + Check.notBlank(sql, "sql") + "\n) plinth";
        return new Builder(dataSource, name, query, metaData -> query);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fingerprint() {
        return Sha256.of(columns.settings(from));
    }

    private Selection selection(Connection connection) throws SQLException {
        Selection selection = known;
        if (selection == null) {
            selection = new Selection(source, new LinkedHashSet<>(columns.all()), database, connection);
            if (columns.changed() != null && selection.type(columns.changed()) == ColumnType.DATE) {
                throw new StoreException("changed: " + columns.changed()
                        + " is a day (expected: a time or a number, as two changes of one day look alike)");
            }
            known = selection;
        }
        return selection;
    }

    @Override
    public Page list(@Nullable String cursor) {
        return database.read(connection -> {
            Selection selection = selection(connection);
            Place place = Place.parse(cursor);
            if (place != null) {
                try {
                    return list(place, selection, connection);
                } catch (IllegalArgumentException | DateTimeException otherColumns) {
                    // the place is from before the columns were others
                }
            }
            return all(selection, connection);
        });
    }

    /** @throws IllegalArgumentException if the place does not fit the columns */
    private Page list(Place place, Selection selection, Connection connection) throws SQLException {
        if (place.kind() == Kind.ALL) {
            List<String> key = place.more().subList(1, place.more().size());
            checkSize(key, columns.key());
            Where after = selection.after(columns.key(), selection.parse(columns.key(), key));
            return all(
                    selection,
                    connection,
                    after,
                    place.first(),
                    Long.parseLong(place.more().get(0)));
        }
        Identifier changed = Check.notNull(columns.changed(), "changed");
        if (place.kind() == Kind.SINCE) {
            Object since = selection.type(changed).parse(place.first());
            Where where = selection.atLeast(changed, ColumnType.earlier(since, overlap));
            String latest = database.query(connection, selection.latest(where, changed), where.parameters(), 1, row -> {
                row.next();
                return ColumnType.text(selection.type(changed).read(row, 1));
            });
            return changes(selection, connection, where, latest.isEmpty() ? place.first() : latest);
        }
        checkSize(place.more(), columns.byChange());
        List<Object> last = selection.parse(columns.byChange(), place.more());
        return changes(selection, connection, selection.after(columns.byChange(), last), place.first());
    }

    private static void checkSize(List<String> values, List<Identifier> columns) {
        Check.that(values.size() == columns.size(), "cursor", values.size(), columns.size() + " values");
    }

    /** The first page of everything. What changes from now on is in the list of changes that follows. */
    private Page all(Selection selection, Connection connection) throws SQLException {
        Identifier changed = columns.changed();
        Where present = selection.present(columns.deleted());
        String sql = selection.summary(present, changed, columns.key());
        return database.query(connection, sql, present.parameters(), 1, summary -> {
            summary.next();
            long total = summary.getLong(1);
            for (int i = 0; i < columns.key().size(); i++) {
                if (summary.getLong(i + 3) < total) {
                    throw new StoreException("id: missing in " + (total - summary.getLong(i + 3)) + " rows of " + name
                            + " (expected: a value in every row)");
                }
            }
            String latest = changed == null
                    ? ""
                    : ColumnType.text(selection.type(changed).read(summary, 2));
            return all(selection, connection, Where.ALL, latest, total);
        });
    }

    private Page all(Selection selection, Connection connection, Where where, String latest, long total)
            throws SQLException {
        Where present = selection.present(columns.deleted()).and(where);
        List<Row> rows = rows(selection, connection, present, columns.key());
        List<Row> page = rows.subList(0, Math.min(pageSize, rows.size()));
        boolean more = rows.size() > pageSize;
        return new Page(
                page.stream().map(Row::item).toList(),
                List.of(),
                List.of(),
                more ? everythingAfter(page.get(pageSize - 1), latest, total) : null,
                more || latest.isEmpty()
                        ? null
                        : Place.of(Kind.SINCE, latest, List.of()).toString(),
                true,
                total);
    }

    private static String everythingAfter(Row last, String latest, long total) {
        List<String> more = new ArrayList<>(List.of(Long.toString(total)));
        more.addAll(last.key());
        return Place.of(Kind.ALL, latest, more).toString();
    }

    /** @param latest change when the list began: what is committed meanwhile is in the next one */
    private Page changes(Selection selection, Connection connection, Where where, String latest) throws SQLException {
        List<Row> rows = rows(selection, connection, where, columns.byChange());
        List<Row> page = rows.subList(0, Math.min(pageSize, rows.size()));
        boolean more = rows.size() > pageSize;
        return new Page(
                page.stream().filter(row -> !row.deleted()).map(Row::item).toList(),
                page.stream().filter(Row::deleted).map(row -> row.item().id()).toList(),
                List.of(),
                more ? changesAfter(page.get(pageSize - 1), latest) : null,
                more ? null : Place.of(Kind.SINCE, latest, List.of()).toString(),
                false,
                -1);
    }

    private static String changesAfter(Row last, String latest) {
        List<String> more = new ArrayList<>(List.of(last.item().version()));
        more.addAll(last.key());
        return Place.of(Kind.CHANGES, latest, more).toString();
    }

    /** What a list needs of a row. */
    private record Row(Item item, List<String> key, boolean deleted) {}

    /** One more row than a page has, if there are more. */
    private List<Row> rows(Selection selection, Connection connection, Where where, List<Identifier> order)
            throws SQLException {
        String sql = selection.page(columns.listed(), where, order, pageSize + 1);
        return database.query(connection, sql, where.parameters(), pageSize + 1, result -> {
            List<Row> rows = new ArrayList<>();
            while (result.next()) {
                Interruption.check(name);
                rows.add(row(selection.values(result, columns.listed())));
            }
            return rows;
        });
    }

    private Row row(Map<Identifier, Object> values) {
        List<String> key =
                columns.key().stream().map(values::get).map(ColumnType::text).toList();
        String id = RowId.of(key);
        if (id.isBlank()) {
            throw new StoreException("id: blank in a row of " + name + " (expected: a value in every row)");
        }
        return new Row(new Item(id, columns.version(values)), key, columns.isDeleted(values));
    }

    @Override
    public Document fetch(Item item) {
        return database.read(connection -> {
            Selection selection = selection(connection);
            Where where = selection.present(columns.deleted()).and(where(item, selection));
            String sql = selection.row(columns.all(), where);
            return database.query(connection, sql, where.parameters(), 1, row -> document(item, selection, row));
        });
    }

    private Where where(Item item, Selection selection) {
        List<String> key = RowId.key(item.id(), columns.key().size());
        try {
            checkSize(key, columns.key());
            return selection.equal(columns.key(), selection.parse(columns.key(), key));
        } catch (IllegalArgumentException | DateTimeException noId) {
            throw notThere(item);
        }
    }

    private Document document(Item item, Selection selection, ResultSet row) throws SQLException {
        if (!row.next()) {
            throw notThere(item);
        }
        boolean changedIsTime =
                columns.changed() != null && selection.type(columns.changed()).isTime();
        return columns.document(name, item.id(), selection.values(row, columns.all()), changedIsTime);
    }

    private StoreException notThere(Item item) {
        return new StoreException("row: " + item.id() + " is not there (expected: a row of " + name + ")");
    }

    @Override
    public void close() {
        // the connections are those of the DataSource, which is the caller's
    }

    @Override
    public String toString() {
        return "JdbcConnector[" + name + "]";
    }

    /** What the columns mean. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private final String from;
        private final Selection.Source source;
        private String name;
        private List<Identifier> key = List.of();
        private @Nullable Template text;
        private @Nullable Template title;
        private @Nullable Template url;
        private @Nullable Identifier changed;
        private @Nullable Identifier deleted;
        private @Nullable Identifier readersColumn;
        private @Nullable Readers readers;
        private List<Identifier> metadata = List.of();
        private Duration overlap = Duration.ofMinutes(1);
        private Duration timeout = Duration.ofMinutes(1);
        private int pageSize = 1000;

        private Builder(DataSource dataSource, String name, String from, Selection.Source source) {
            this.dataSource = Check.notNull(dataSource, "dataSource");
            this.name = Check.notBlank(name, "name");
            this.from = from;
            this.source = source;
        }

        /** The name of the source. */
        public Builder name(String name) {
            this.name = Check.notBlank(name, "name");
            return this;
        }

        /** The columns that tell a row from all others, never empty: the id of its document. */
        public Builder id(String... columns) {
            this.key = identifiers("id", columns);
            return this;
        }

        /** The text of a document, with columns in braces: {@code # {name}}. */
        public Builder text(String template) {
            this.text = Template.of(template, "text");
            return this;
        }

        /** The title, with columns in braces; none unless set. */
        public Builder title(String template) {
            this.title = Template.of(template, "title");
            return this;
        }

        /** Where a person finds the document, with columns in braces; name and id unless set. */
        public Builder url(String template) {
            this.url = Template.of(template, "url");
            return this;
        }

        /**
         * The column whose value grows with every change of a row, also of its readers and its mark of deletion: a time,
         * or a number that is committed in its order, such as one that a single writer counts; a lower number that is
         * committed later is missed. A day alone is refused. Rows without a value are only listed with everything, always
         * in the same version.
         */
        public Builder changed(String column) {
            this.changed = Identifier.column(column, "changed");
            return this;
        }

        /**
         * How far a list of changes goes back behind the latest change known, where {@link #changed} is a time; 1 minute
         * unless set. A transaction that is open for longer may be missed.
         */
        public Builder overlap(Duration overlap) {
            Check.that(!overlap.isNegative(), "overlap", overlap, ">= 0");
            this.overlap = overlap;
            return this;
        }

        /** The column that marks a row as gone: a flag that is set, a number that is not 0, or a time. */
        public Builder deleted(String column) {
            this.deleted = Identifier.column(column, "deleted");
            return this;
        }

        /** Who may read all documents; has to be said, unless there is a {@link #readersColumn}. */
        public Builder readers(Readers readers) {
            this.readers = Check.notNull(readers, "readers");
            return this;
        }

        /** The column that says who may read a document: an array, or names with commas between them. */
        public Builder readersColumn(String column) {
            this.readersColumn = Identifier.column(column, "readersColumn");
            return this;
        }

        /** Columns that become facts to filter by, under their names. */
        public Builder metadata(String... columns) {
            this.metadata = identifiers("metadata", columns);
            return this;
        }

        /** How many rows are read at once; 1000 unless set. */
        public Builder pageSize(int rows) {
            this.pageSize = Check.positive(rows, "pageSize");
            return this;
        }

        /** How long a statement may run, in whole seconds; 1 minute unless set. */
        public Builder timeout(Duration timeout) {
            this.timeout = Check.positive(timeout, "timeout");
            return this;
        }

        private static List<Identifier> identifiers(String argument, String... columns) {
            List<Identifier> identifiers = new ArrayList<>();
            for (String column : columns) {
                identifiers.add(Identifier.column(column, argument));
            }
            return Check.notEmpty(List.copyOf(identifiers), argument);
        }

        /** The connector. The database is not asked before the first list. */
        public JdbcConnector build() {
            Check.notEmpty(key, "id");
            Readers everyRow = readersColumn == null ? RequiredReaders.of(readers) : Readers.NOBODY;
            Columns columns = new Columns(
                    key, Check.notNull(text, "text"), title, url, changed, deleted, readersColumn, everyRow, metadata);
            return new JdbcConnector(this, columns);
        }
    }
}
