package dev.plinth.rag.connectors.jdbc;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.tck.ConnectorContract;
import dev.plinth.api.tck.ConnectorContract.Behavior;
import dev.plinth.api.tck.DocumentSource;
import dev.plinth.servers.PostgresServer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

class JdbcConnectorContractTest {
    private static final Set<Behavior> NEVER =
            EnumSet.of(Behavior.DENIALS, Behavior.DAMAGED_DOCUMENTS, Behavior.WAITS, Behavior.CREDENTIALS);

    private static Set<Behavior> gaps(Behavior... more) {
        Set<Behavior> gaps = EnumSet.copyOf(NEVER);
        gaps.addAll(Set.of(more));
        return gaps;
    }

    static DataSource h2() {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        dataSource.setUser("sa");
        return dataSource;
    }

    /** A database in memory that asks for a password. */
    private static final class Guarded {
        private static final String SECRET = "pa55-of-the-database";
        private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

        DataSource with(String password) {
            JdbcDataSource dataSource = new JdbcDataSource();
            dataSource.setURL(url);
            dataSource.setUser("sa");
            dataSource.setPassword(password);
            return dataSource;
        }
    }

    @Nested
    class H2WithChanges extends ConnectorContract {
        private final Guarded database = new Guarded();

        @Override
        protected DocumentSource source() throws Exception {
            TableSource table = new TableSource(database.with(Guarded.SECRET), "VARCHAR(1000)", true);
            return new GuardedSource(table, database);
        }

        @Override
        protected Set<Behavior> unsupported() {
            Set<Behavior> gaps = gaps(Behavior.CONTENT_VERSIONS);
            gaps.remove(Behavior.CREDENTIALS);
            return gaps;
        }
    }

    private record GuardedSource(TableSource table, Guarded database) implements DocumentSource {
        @Override
        public String secret() {
            return Guarded.SECRET;
        }

        @Override
        public Connector connectWith(String wrongSecret) {
            return TableSource.articles(database.with(wrongSecret), true).build();
        }

        @Override
        public Connector connect() {
            return table.connect();
        }

        @Override
        public List<Connector> otherwise() {
            return table.otherwise();
        }

        @Override
        public void put(String name, String text) throws Exception {
            table.put(name, text);
        }

        @Override
        public void remove(String name) throws Exception {
            table.remove(name);
        }

        @Override
        public void readers(String name, Readers readers) throws Exception {
            table.readers(name, readers);
        }

        @Override
        public void disappear() throws Exception {
            table.disappear();
        }

        @Override
        public Object state() throws Exception {
            return table.state();
        }
    }

    @Nested
    class H2WithHashes extends ConnectorContract {
        @Override
        protected DocumentSource source() throws Exception {
            return new TableSource(h2(), "VARCHAR(1000)", false);
        }

        @Override
        protected Set<Behavior> unsupported() {
            return gaps(Behavior.CHANGES, Behavior.REMOVALS);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Postgres extends ConnectorContract {
        private PostgresServer server;

        @BeforeAll
        void start() throws Exception {
            server = PostgresServer.installed().orElseThrow(PostgresServer::missing);
        }

        @AfterAll
        void stop() throws Exception {
            if (server != null) {
                server.close();
            }
        }

        @Override
        protected DocumentSource source() throws Exception {
            return new TableSource(server.dataSource(), "TEXT[]", true);
        }

        @Override
        protected Set<Behavior> unsupported() {
            return gaps(Behavior.CONTENT_VERSIONS);
        }
    }
}
