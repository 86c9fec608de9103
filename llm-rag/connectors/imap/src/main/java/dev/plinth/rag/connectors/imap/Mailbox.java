package dev.plinth.rag.connectors.imap;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.connect.Interruption;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Folder;
import jakarta.mail.FolderNotFoundException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.IOException;
import java.util.Properties;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Opens folders to read them, and only to read them. Thread-safe. */
final class Mailbox implements AutoCloseable {
    interface Work<T> {
        T with(Folder folder) throws MessagingException, IOException;
    }

    private final String name;
    private final Server server;
    private final Session session;
    private @Nullable Store store;

    /**
     * Where and how to log in.
     *
     * @param secret a password, or a token; never shown
     * @param token whether it is a token
     * @param factory of TLS connections; null: the JDK's
     * @param millis how long the server may be silent
     */
    record Server(
            String host,
            int port,
            Security security,
            String user,
            Supplier<String> secret,
            boolean token,
            @Nullable SSLSocketFactory factory,
            int millis) {
        @Override
        public String toString() {
            return "Server[" + host + ":" + port + ", " + security + ", " + user + ", ***]";
        }
    }

    Mailbox(String name, Server server) {
        this.name = name;
        this.server = server;
        this.session = Session.getInstance(properties(server));
    }

    private static Properties properties(Server server) {
        boolean tls = server.security() == Security.TLS;
        String prefix = tls ? "mail.imaps." : "mail.imap.";
        String millis = Integer.toString(server.millis());
        Properties properties = new Properties();
        properties.setProperty("mail.store.protocol", tls ? "imaps" : "imap");
        properties.setProperty(prefix + "connectiontimeout", millis);
        properties.setProperty(prefix + "timeout", millis);
        properties.setProperty(prefix + "writetimeout", millis);
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        properties.setProperty(prefix + "peek", "true"); // BODY.PEEK[]: a mail that is read stays unread
        properties.setProperty(prefix + "partialfetch", "false");
        properties.setProperty(prefix + "connectionpoolsize", "8");
        if (server.security() == Security.STARTTLS) {
            properties.setProperty(prefix + "starttls.enable", "true");
            properties.setProperty(prefix + "starttls.required", "true");
        }
        if (server.token()) {
            properties.setProperty(prefix + "auth.mechanisms", "XOAUTH2");
        }
        if (server.factory() != null) {
            properties.put(prefix + "ssl.socketFactory", server.factory());
            properties.setProperty(prefix + "socketFactory.fallback", "false");
        }
        return properties;
    }

    Session session() {
        return session;
    }

    /** Examines the folder; over a connection that was there before, which may be dead, twice at most. */
    <T> T read(String folder, Work<T> work) {
        Interruption.check(name);
        boolean old = isConnected();
        try {
            try {
                return examine(folder, work);
            } catch (AuthenticationFailedException | FolderNotFoundException refused) {
                throw refused;
            } catch (MessagingException | IllegalStateException dead) {
                close();
                if (!old) {
                    throw dead;
                }
                return examine(folder, work);
            }
        } catch (MessagingException | IOException | IllegalStateException exception) {
            Interruption.check(name);
            throw failed(folder, exception);
        }
    }

    private synchronized boolean isConnected() {
        return store != null;
    }

    private <T> T examine(String name, Work<T> work) throws MessagingException, IOException {
        Folder folder = connected().getFolder(name);
        folder.open(Folder.READ_ONLY);
        try {
            return work.with(folder);
        } finally {
            if (folder.isOpen()) {
                folder.close(false);
            }
        }
    }

    private synchronized Store connected() throws MessagingException {
        if (store == null) {
            Store opened = session.getStore();
            opened.connect(
                    server.host(), server.port(), server.user(), server.secret().get());
            store = opened;
        }
        return store;
    }

    private LlmException failed(String folder, Exception exception) {
        if (exception instanceof AuthenticationFailedException) {
            return new AuthenticationException(
                    "mailbox: " + name + " refuses the credentials (expected: some that may read)",
                    ErrorDetails.NONE,
                    exception);
        }
        ErrorDetails details = ErrorDetails.builder()
                .retryable(!(exception instanceof FolderNotFoundException))
                .build();
        String what = exception instanceof FolderNotFoundException ? " has no folder " : " cannot be read in ";
        return new StoreException("mailbox: " + name + what + folder, details, exception);
    }

    @Override
    public synchronized void close() {
        Store opened = store;
        store = null;
        if (opened != null) {
            try {
                opened.close();
            } catch (MessagingException gone) {
                return; // the connection is closed either way
            }
        }
    }
}
