package dev.plinth.feedback.jdbc;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A database file of H2 in this process.
 *
 * <p>Three settings carry the promises of the store. {@code retry:} opens the file anew when a thread is interrupted
 * while it reads or writes; without it Java closes the channel and every other thread finds the database closed.
 * {@code WRITE_DELAY=0} writes at each commit instead of up to half a second later, so that what was saved outlives a
 * killed process. And one connection stays open, since H2 closes the file after the last one.
 */
final class H2File implements Connections {

    private static final String DRIVER = "org.h2.Driver";
    private static final int IN_USE = 90020;

    private final String url;
    private final Connection keepOpen;

    private H2File(String url, Connection keepOpen) {
        this.url = url;
        this.keepOpen = keepOpen;
    }

    static H2File at(Path file) {
        Path path = Check.notNull(file, "file").toAbsolutePath().normalize();
        Check.that(path.getFileSystem() == FileSystems.getDefault(), "file", file, "of the default file system");
        // What follows a semicolon would be read as a setting.
        Check.that(path.toString().indexOf(';') < 0, "file", file, "without a semicolon");
        requireDriver();
        String url = "jdbc:h2:retry:" + path + ";WRITE_DELAY=0";
        try {
            return new H2File(url, connect(url));
        } catch (SQLException refused) {
            String expected = refused.getErrorCode() == IN_USE
                    ? "not in use by another process"
                    : "an H2 database that can be opened, or none";
            throw new StoreException("file: " + path + " (expected: " + expected + ")", ErrorDetails.NONE, refused);
        }
    }

    // The driver may be on a class path that the service loader of DriverManager does not see.
    private static void requireDriver() {
        try {
            Class.forName(DRIVER);
        } catch (ClassNotFoundException missing) {
            throw new StoreException(
                    "driver: " + DRIVER + " missing (expected: com.h2database:h2 at run time)",
                    ErrorDetails.NONE,
                    missing);
        }
    }

    private static Connection connect(String url) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", "sa");
        login.setProperty("password", "");
        return DriverManager.getConnection(url, login);
    }

    @Override
    public Connection open() throws SQLException {
        return connect(url);
    }

    @Override
    public void close() throws SQLException {
        keepOpen.close();
    }
}
