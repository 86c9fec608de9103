package dev.plinth.rag.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcConnectorTest {
    private final DataSource h2 = JdbcConnectorContractTest.h2();
    private final Sql sql = new Sql(h2);

    private JdbcConnector.Builder table(String name) {
        return JdbcConnector.table(h2, name).readers(Readers.EVERYONE);
    }

    private static List<Connector.Item> items(Connector connector, String cursor) {
        List<Connector.Item> items = new ArrayList<>();
        Connector.Page page = connector.list(cursor);
        items.addAll(page.items());
        while (page.next() != null) {
            page = connector.list(page.next());
            items.addAll(page.items());
        }
        return items;
    }

    private static List<String> ids(Connector connector) {
        return items(connector, null).stream().map(Connector.Item::id).toList();
    }

    private static Document fetch(Connector connector, String id) {
        return connector.fetch(new Connector.Item(id, "?"));
    }

    @Test
    void rowBecomesADocument() throws SQLException {
        sql.run("CREATE TABLE parts (number INT PRIMARY KEY, name VARCHAR(50), description VARCHAR(500),"
                + " price DECIMAL(9,2), weight DOUBLE PRECISION, stock BIGINT, sold BOOLEAN, tags VARCHAR(20) ARRAY,"
                + " made DATE, changed TIMESTAMP WITH TIME ZONE, note VARCHAR(10))");
        sql.run("INSERT INTO parts VALUES (7, 'Bolt & nut', 'Holds things.', 4.20, 0.5, 42, TRUE,"
                + " ARRAY['steel', 'm8'], DATE '2026-03-01', TIMESTAMP WITH TIME ZONE '2026-03-01 14:00:00+02', NULL)");
        JdbcConnector parts = table("parts")
                .name("stock")
                .id("number")
                .title("{name}")
                .text("{description}\n\nPrice: {price} EUR {note}")
                .url("https://shop.example/{name}/{number}")
                .changed("changed")
                .metadata("price", "weight", "stock", "sold", "tags", "made", "note", "name")
                .readers(Readers.of("group:shop"))
                .build();
        assertThat(parts.name()).isEqualTo("stock");
        assertThat(items(parts, null)).containsExactly(new Connector.Item("7", "2026-03-01T12:00Z"));
        assertThat(fetch(parts, "7"))
                .isEqualTo(new Document(
                        "7",
                        "Bolt & nut",
                        "Holds things.\n\nPrice: 4.20 EUR ",
                        "https://shop.example/Bolt%20%26%20nut/7",
                        Readers.of("group:shop"),
                        Metadata.NONE
                                .with("price", Value.of(4.2))
                                .with("weight", Value.of(0.5))
                                .with("stock", Value.of(42))
                                .with("sold", Value.of(true))
                                .with("tags", Value.of(Set.of("steel", "m8")))
                                .with("made", Value.of(1772323200000L))
                                .with("name", "Bolt & nut")
                                .with(Document.MODIFIED, Value.of(1772366400000L))));
    }

    @Test
    void keysMayHaveSeveralColumnsOfAnyType() throws SQLException {
        sql.run(
                "CREATE TABLE lines (doc VARCHAR(20), line BIGINT, id UUID, body VARCHAR(20), PRIMARY KEY (doc, line, id))");
        for (String doc : List.of("a", "a/b", "50%", "50%2F")) {
            for (int line : List.of(1, 2, 10)) {
                sql.run("INSERT INTO lines VALUES (?, ?, RANDOM_UUID(), ?)", doc, line, doc + " " + line);
            }
        }
        JdbcConnector lines = table("lines")
                .id("doc", "line", "id")
                .text("{body}")
                .pageSize(2)
                .build();
        List<String> ids = ids(lines);
        assertThat(ids).hasSize(12).doesNotHaveDuplicates();
        assertThat(ids.get(0)).matches("50%25/1/[0-9a-f-]{36}");
        assertThat(ids.stream().map(id -> fetch(lines, id).text()))
                .contains("a/b 10", "50% 2", "50%2F 1")
                .doesNotHaveDuplicates();
        assertThatThrownBy(() -> fetch(lines, "a/1")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> fetch(lines, "a/one/x")).isInstanceOf(StoreException.class);
    }

    @Test
    void readsAQuery() throws SQLException {
        sql.run("CREATE TABLE a (id INT PRIMARY KEY, text VARCHAR(20))");
        sql.run("CREATE TABLE b (id INT, more VARCHAR(20))");
        sql.run("INSERT INTO a VALUES (1, 'one'), (2, 'two')");
        sql.run("INSERT INTO b VALUES (1, 'uno')");
        JdbcConnector joined = JdbcConnector.query(
                        h2,
                        "joined",
                        "SELECT a.id AS number, a.text AS \"Text\", COALESCE(b.more, '?') AS more"
                                + " FROM a LEFT JOIN b ON a.id = b.id -- all of a")
                .readers(Readers.EVERYONE)
                .id("number")
                .text("{\"Text\"} {more}")
                .build();
        assertThat(ids(joined)).containsExactly("1", "2");
        assertThat(fetch(joined, "1").text()).isEqualTo("one uno");
        assertThat(fetch(joined, "2").source()).isEqualTo("joined/2");
    }

    @Test
    void namesMayBeReservedOrQuotedButNotSql() throws SQLException {
        sql.run("CREATE SCHEMA \"My Shop\"");
        sql.run("CREATE TABLE \"My Shop\".\"order\" (\"select\" INT PRIMARY KEY, \"a b\" VARCHAR(20))");
        sql.run("INSERT INTO \"My Shop\".\"order\" VALUES (1, 'text')");
        JdbcConnector orders = table("\"My Shop\".\"order\"")
                .id("\"select\"")
                .text("{\"a b\"}")
                .build();
        assertThat(fetch(orders, "1").text()).isEqualTo("text");
        for (String bad : List.of(
                "a; DROP TABLE a",
                "a b",
                "1a",
                "a--",
                "a.b.c.d",
                "a.",
                ".a",
                "\"a",
                "\"\"",
                "a\"b\"",
                "\"a\nb\"",
                "")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> table(bad));
        }
        JdbcConnector.Builder builder = table("a");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.id("a.b"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.id());
        assertThatIllegalArgumentException().isThrownBy(() -> builder.text("{a; DROP TABLE a}"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.text("body"));
        assertThatIllegalArgumentException().isThrownBy(builder::build);
    }

    @Test
    void idsAreValuesAndNeverSql() throws SQLException {
        sql.run("CREATE TABLE notes (id VARCHAR(100) PRIMARY KEY, body VARCHAR(100))");
        sql.run("INSERT INTO notes VALUES ('a', 'text')");
        JdbcConnector notes = table("notes").id("id").text("{body}").build();
        for (String id : List.of("' OR '1'='1", "a' --", "'; DROP TABLE notes; --", "%")) {
            assertThatThrownBy(() -> fetch(notes, id)).isInstanceOf(StoreException.class);
        }
        for (String cursor : List.of("ALL  1 '", "SINCE x", "CHANGES", "ALL", "ALL 1 x a b", "%zz %zz")) {
            assertThat(items(notes, cursor)).as(cursor).hasSize(1);
        }
        assertThat(fetch(notes, "a").text()).isEqualTo("text");
    }

    @Test
    void refusesKeysThatAreMissing() throws SQLException {
        sql.run("CREATE TABLE notes (id VARCHAR(100), body VARCHAR(100))");
        sql.run("INSERT INTO notes VALUES ('a', 'text'), (NULL, 'lost')");
        JdbcConnector notes = table("notes").id("id").text("{body}").build();
        assertThatThrownBy(() -> notes.list(null))
                .isInstanceOf(StoreException.class)
                .hasMessage("id: missing in 1 rows of notes (expected: a value in every row)");
        sql.run("UPDATE notes SET id = ' ' WHERE id IS NULL");
        assertThatThrownBy(() -> notes.list(null))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("id: blank");
    }

    @Test
    void nothingInTheColumnOfReadersMeansNobody() throws SQLException {
        sql.run("CREATE TABLE notes (id INT PRIMARY KEY, body VARCHAR(100), readers VARCHAR(100))");
        sql.run(
                "INSERT INTO notes VALUES (1, 'x', NULL), (2, 'x', ' , '), (3, 'x', ' group:a ,user:b'), (4, 'x', '*')");
        JdbcConnector notes = JdbcConnector.table(h2, "notes")
                .id("id")
                .text("{body}")
                .readersColumn("readers")
                .build();
        assertThat(fetch(notes, "1").readers()).isEqualTo(Readers.NOBODY);
        assertThat(fetch(notes, "2").readers()).isEqualTo(Readers.NOBODY);
        assertThat(fetch(notes, "3").readers()).isEqualTo(Readers.of("group:a", "user:b"));
        assertThat(fetch(notes, "4").readers()).isEqualTo(Readers.EVERYONE);
    }

    @Test
    void somebodySaysWhoMayRead() {
        JdbcConnector.Builder notes = JdbcConnector.table(h2, "notes").id("id").text("{body}");
        assertThatIllegalArgumentException()
                .isThrownBy(notes::build)
                .withMessage("readers: missing (expected: who may read what is read with credentials, such as"
                        + " Readers.of(...) or Readers.EVERYONE)");
        notes.readersColumn("readers").build().close();
        notes.readers(Readers.EVERYONE).build().close();
    }

    private JdbcConnector.Builder log(String changedType, String deletedType) throws SQLException {
        sql.run("CREATE TABLE log (id INT PRIMARY KEY, body VARCHAR(100), changed " + changedType + ", gone "
                + deletedType + ")");
        return table("log").id("id").text("{body}").changed("changed");
    }

    @Test
    void findsWhatALongTransactionCommittedLate() throws SQLException {
        JdbcConnector log = log("TIMESTAMP", "BOOLEAN").build();
        LocalDateTime noon = LocalDateTime.parse("2020-03-01T12:00:00");
        sql.run("INSERT INTO log VALUES (1, 'x', ?, FALSE)", noon);
        String since = log.list(null).since();
        sql.run("INSERT INTO log VALUES (2, 'x', ?, FALSE)", noon.minusSeconds(30));
        sql.run("INSERT INTO log VALUES (3, 'x', ?, FALSE)", noon.minusSeconds(90));
        assertThat(log.list(since).items()).extracting(Connector.Item::id).containsExactly("2", "1");
        JdbcConnector wider = table("log")
                .id("id")
                .text("{body}")
                .changed("changed")
                .overlap(Duration.ofMinutes(2))
                .build();
        assertThat(wider.list(since).items()).extracting(Connector.Item::id).containsExactly("3", "2", "1");
    }

    @Test
    void findsWhatIsCommittedLateWhileChangesAreListed() throws SQLException {
        JdbcConnector log = log("TIMESTAMP", "BOOLEAN").pageSize(1).build();
        LocalDateTime noon = LocalDateTime.parse("2020-03-01T12:00:00");
        sql.run("INSERT INTO log VALUES (1, 'x', ?, FALSE)", noon);
        String since = log.list(null).since();
        sql.run("INSERT INTO log VALUES (2, 'x', ?, FALSE)", noon.plusSeconds(10));
        sql.run("INSERT INTO log VALUES (3, 'x', ?, FALSE)", noon.plusSeconds(20));

        Connector.Page page = log.list(log.list(since).next());
        assertThat(page.items()).extracting(Connector.Item::id).containsExactly("2");
        sql.run("INSERT INTO log VALUES (4, 'x', ?, FALSE)", noon.plusSeconds(5));
        sql.run("INSERT INTO log VALUES (5, 'x', ?, FALSE)", noon.plusMinutes(10));
        while (page.next() != null) {
            page = log.list(page.next());
        }
        assertThat(items(log, page.since())).extracting(Connector.Item::id).contains("4", "5");
    }

    @Test
    void changesMayBeCountedAndMarksBeNumbersOrTimes() throws SQLException {
        JdbcConnector log = log("BIGINT", "INT").deleted("gone").pageSize(2).build();
        for (int i = 1; i <= 7; i++) {
            sql.run("INSERT INTO log VALUES (?, 'x', ?, ?)", i, i / 3, i == 5 ? 1 : 0);
        }
        sql.run("UPDATE log SET gone = NULL WHERE id = 6");

        assertThat(ids(log)).containsExactly("1", "2", "3", "4", "6", "7");
        assertThatThrownBy(() -> fetch(log, "5")).isInstanceOf(StoreException.class);
        String since = "SINCE 1";
        List<String> removed = new ArrayList<>();
        List<String> listed = new ArrayList<>();
        Connector.Page page = log.list(since);
        while (true) {
            removed.addAll(page.removed());
            page.items().forEach(item -> listed.add(item.id()));
            if (page.next() == null) {
                break;
            }
            page = log.list(page.next());
        }
        assertThat(listed).containsExactly("3", "4", "6", "7");
        assertThat(removed).containsExactly("5");
        assertThat(page.since()).isEqualTo("SINCE 2");

        sql.run("ALTER TABLE log DROP COLUMN gone");
        sql.run("ALTER TABLE log ADD COLUMN gone TIMESTAMP");
        sql.run("UPDATE log SET gone = CURRENT_TIMESTAMP WHERE id < 4");
        JdbcConnector again = table("log")
                .id("id")
                .text("{body}")
                .changed("changed")
                .deleted("gone")
                .build();
        assertThat(ids(again)).containsExactly("4", "5", "6", "7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TIMESTAMP", "TIMESTAMP WITH TIME ZONE"})
    void aTimeToComeHidesNoChanges(String type) throws SQLException {
        JdbcConnector log = log(type, "BOOLEAN").build();
        sql.run("INSERT INTO log VALUES (1, 'x', TIMESTAMP '2020-03-01 12:00:00', FALSE)");
        sql.run("INSERT INTO log VALUES (2, 'x', TIMESTAMP '2999-12-31 00:00:00', FALSE)");
        Connector.Page all = log.list(null);
        assertThat(all.items()).hasSize(2);
        for (String since : List.of(all.since(), log.list(all.since()).since())) {
            sql.run("UPDATE log SET changed = TIMESTAMP '2020-03-01 13:00:00' WHERE id = 1");
            assertThat(log.list(since).items()).extracting(Connector.Item::id).contains("1");
        }
    }

    @Test
    void aDayIsNoMarkOfChanges() throws SQLException {
        JdbcConnector log = log("DATE", "BOOLEAN").build();
        assertThatThrownBy(() -> log.list(null))
                .isInstanceOf(StoreException.class)
                .hasMessage("changed: changed is a day (expected: a time or a number, as two changes of one day look"
                        + " alike)");
    }

    @Test
    void rowsThatWereNeverChangedAreListedWithEverything() throws SQLException {
        JdbcConnector log = log("TIMESTAMP", "BOOLEAN").build();
        sql.run("INSERT INTO log VALUES (1, 'x', NULL, NULL)");
        assertThat(items(log, null)).containsExactly(new Connector.Item("1", "none"));
        assertThat(log.list(null).since()).as("nothing has changed yet").isNull();
    }

    @Test
    void pagesByKeyWhileRowsComeAndGo() throws SQLException {
        sql.run("CREATE TABLE notes (id INT PRIMARY KEY, body VARCHAR(100))");
        for (int i = 0; i < 250; i++) {
            sql.run("INSERT INTO notes VALUES (?, 'x')", i * 2);
        }
        JdbcConnector notes =
                table("notes").id("id").text("{body}").pageSize(10).build();
        List<String> ids = new ArrayList<>();
        Connector.Page page = notes.list(null);
        assertThat(page.total()).isEqualTo(250);
        for (int step = 0; page.next() != null; step++) {
            page.items().forEach(item -> ids.add(item.id()));
            sql.run("DELETE FROM notes WHERE id = ?", step * 2);
            sql.run("INSERT INTO notes VALUES (?, 'new')", step * 2 + 1);
            page = notes.list(page.next());
        }
        page.items().forEach(item -> ids.add(item.id()));
        assertThat(ids).doesNotHaveDuplicates().contains("20", "498").hasSizeGreaterThanOrEqualTo(250);
    }
}
