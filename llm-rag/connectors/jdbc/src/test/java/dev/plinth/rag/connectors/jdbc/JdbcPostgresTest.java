package dev.plinth.rag.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.servers.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What only a real server does. */
class JdbcPostgresTest {
    private static PostgresServer server;
    private static Sql sql;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.installed().orElseThrow(PostgresServer::missing);
        sql = new Sql(server.dataSource());
        sql.run("CREATE TABLE notes (id BIGINT PRIMARY KEY, code UUID DEFAULT gen_random_uuid(), body TEXT,"
                + " readers TEXT[], changed TIMESTAMPTZ DEFAULT now(), gone BOOLEAN DEFAULT FALSE)");
        sql.run("INSERT INTO notes (id, body, readers) SELECT n, 'note ' || n, ARRAY['group:' || n % 3, NULL]"
                + " FROM generate_series(1, 2500) n");
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static JdbcConnector.Builder notes() {
        return JdbcConnector.table(server.dataSource(), "public.notes")
                .id("id")
                .text("{body}")
                .changed("changed")
                .deleted("gone")
                .readersColumn("readers");
    }

    @Test
    void manyRowsOfOneMomentArePagedWhole() {
        JdbcConnector notes = notes().pageSize(400).build();
        Connector.Page page = notes.list(null);
        int items = page.items().size();
        while (page.next() != null) {
            page = notes.list(page.next());
            items += page.items().size();
        }
        assertThat(items).isEqualTo(2500);
        page = notes.list(page.since()); // all of them again: they have the same time
        items = page.items().size();
        while (page.next() != null) {
            page = notes.list(page.next());
            items += page.items().size();
        }
        assertThat(items).isEqualTo(2500);
        Document document = notes.fetch(new Connector.Item("7", "?"));
        assertThat(document.readers()).isEqualTo(Readers.of("group:1"));
        assertThat(document.metadata().get(Document.MODIFIED)).isPresent();
    }

    @Test
    void aQueryCannotWrite() {
        JdbcConnector writing = JdbcConnector.query(
                        server.dataSource(), "writing", "SELECT id, setval('s', id) AS body FROM notes")
                .id("id")
                .readers(Readers.EVERYONE)
                .text("{body}")
                .build();
        assertThatThrownBy(() -> writing.list(null)).isInstanceOf(StoreException.class);
        JdbcConnector creating = JdbcConnector.query(
                        server.dataSource(), "creating", "SELECT 1) x; CREATE TABLE evil (id INT); SELECT (1")
                .id("id")
                .readers(Readers.EVERYONE)
                .text("{body}")
                .build();
        assertThatThrownBy(() -> creating.list(null)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> sql.rows("SELECT * FROM evil")).isInstanceOf(SQLException.class);
    }

    @Test
    void leavesAConnectionAsItWas() throws SQLException {
        try (Connection connection = server.dataSource().getConnection()) {
            OneConnection one = new OneConnection(connection);
            JdbcConnector notes = JdbcConnector.table(one.dataSource(), "notes")
                    .id("id")
                    .readers(Readers.EVERYONE)
                    .text("{body}")
                    .build();
            notes.list(null);
            assertThatThrownBy(() -> notes.fetch(new Connector.Item("0", "?"))).isInstanceOf(StoreException.class);
            assertThat(connection.isReadOnly()).isFalse();
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(one.closed()).isEqualTo(one.handedOut()).isPositive();
        }
    }

    @Test
    void aSlowQueryIsEndedByItsTimeLimit() {
        JdbcConnector slow = JdbcConnector.query(
                        server.dataSource(), "slow", "SELECT id, body, pg_sleep(1) AS wait FROM notes")
                .id("id")
                .readers(Readers.EVERYONE)
                .text("{body} {wait}")
                .timeout(Duration.ofSeconds(1))
                .build();
        assertThatThrownBy(() -> slow.list(null))
                .isInstanceOf(StoreException.class)
                .hasMessage("database: slow cannot be read, SQL state 57014");
    }

    @Test
    void whoMayNotReadIsRefused() throws SQLException {
        sql.run("CREATE ROLE stranger LOGIN");
        PGSimpleDataSource strangers = server.dataSource();
        strangers.setUser("stranger");
        JdbcConnector notes = JdbcConnector.table(strangers, "notes")
                .id("id")
                .readers(Readers.EVERYONE)
                .text("{body}")
                .build();
        assertThatThrownBy(() -> notes.list(null)).isInstanceOf(AuthenticationException.class);
        strangers.setUser("unknown");
        assertThatThrownBy(() -> notes.list(null)).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void aServerThatIsDownIsUnreachable() throws Exception {
        JdbcConnector notes;
        Connector.Item item = new Connector.Item("1", "?");
        try (PostgresServer other = PostgresServer.installed().orElseThrow(PostgresServer::missing)) {
            new Sql(other.dataSource()).run("CREATE TABLE notes (id INT, body TEXT)");
            notes = JdbcConnector.table(other.dataSource(), "notes")
                    .id("id")
                    .readers(Readers.EVERYONE)
                    .text("{body}")
                    .build();
            assertThat(notes.list(null).items()).isEqualTo(List.of());
        }
        assertThatThrownBy(() -> notes.list(null)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> notes.fetch(item)).isInstanceOf(StoreException.class);
    }
}
