package dev.plinth.rag.connectors.jdbc;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.tck.DocumentSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** A table of articles; every third change comes with a time of its own, the others share theirs. */
final class TableSource implements DocumentSource {
    private static final Instant START = Instant.parse("2020-03-01T12:00:00.000001Z");

    private final Sql sql;
    private final DataSource dataSource;
    private final String readersType;
    private final boolean tracked;
    private final Map<String, Long> changes = new HashMap<>();
    private long writes;

    /**
     * @param readersType of the column with the readers
     * @param tracked whether the connector knows when a row was changed and which are deleted
     */
    TableSource(DataSource dataSource, String readersType, boolean tracked) throws SQLException {
        this.dataSource = dataSource;
        this.sql = new Sql(dataSource);
        this.readersType = readersType;
        this.tracked = tracked;
        sql.run("DROP TABLE IF EXISTS articles");
        sql.run("CREATE TABLE articles (id VARCHAR(200) PRIMARY KEY, body VARCHAR(4000), readers " + readersType
                + ", changed TIMESTAMP, gone BOOLEAN)");
    }

    private LocalDateTime now(String name) {
        long at = Math.max(++writes / 3, changes.getOrDefault(name, -1L) + 1);
        changes.put(name, at);
        writes = Math.max(writes, at * 3);
        return LocalDateTime.ofInstant(START.plusNanos(at * 1000), ZoneOffset.UTC);
    }

    static JdbcConnector.Builder articles(DataSource dataSource, boolean tracked) {
        JdbcConnector.Builder builder = JdbcConnector.table(dataSource, "articles")
                .id("id")
                .text("# {id}\n\n{body}")
                .readersColumn("readers")
                .overlap(Duration.ZERO)
                .pageSize(3);
        return tracked ? builder.changed("changed").deleted("gone") : builder;
    }

    @Override
    public Connector connect() {
        return articles(dataSource, tracked).build();
    }

    @Override
    public List<Connector> otherwise() {
        List<JdbcConnector.Builder> builders = List.of(
                articles(dataSource, tracked).text("{body}"),
                articles(dataSource, tracked).title("{id}"),
                articles(dataSource, tracked).url("https://shop.example/{id}"),
                articles(dataSource, tracked).metadata("body"),
                articles(dataSource, tracked).readersColumn("id"),
                JdbcConnector.query(dataSource, "articles", "SELECT * FROM articles")
                        .id("id")
                        .text("# {id}\n\n{body}")
                        .readersColumn("readers"));
        return builders.stream().<Connector>map(JdbcConnector.Builder::build).toList();
    }

    @Override
    public void put(String name, String text) throws SQLException {
        LocalDateTime now = now(name);
        if (sql.run("UPDATE articles SET body = ?, changed = ?, gone = FALSE WHERE id = ?", text, now, name) == 0) {
            sql.run("INSERT INTO articles (id, body, changed) VALUES (?, ?, ?)", name, text, now);
        }
    }

    @Override
    public void remove(String name) throws SQLException {
        if (tracked) {
            sql.run("UPDATE articles SET gone = TRUE, changed = ? WHERE id = ?", now(name), name);
        } else {
            sql.run("DELETE FROM articles WHERE id = ?", name);
        }
    }

    @Override
    public void readers(String name, Readers readers) throws SQLException {
        String names = String.join(",", readers.names());
        String value = readersType.endsWith("[]") ? "string_to_array(?, ',')" : "?";
        sql.run("UPDATE articles SET readers = " + value + ", changed = ? WHERE id = ?", names, now(name), name);
    }

    @Override
    public void disappear() throws SQLException {
        sql.run("DROP TABLE articles");
    }

    @Override
    public Object state() throws SQLException {
        return sql.rows("SELECT * FROM articles ORDER BY id");
    }
}
