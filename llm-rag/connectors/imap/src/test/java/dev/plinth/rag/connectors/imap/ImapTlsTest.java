package dev.plinth.rag.connectors.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.DummySSLServerSocketFactory;
import dev.plinth.api.error.StoreException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With certificates made here: one for this machine, one for another name. */
class ImapTlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    @AfterEach
    void reset() {
        System.clearProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_FILE_PROPERTY);
        System.clearProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_PASSWORD_PROPERTY);
    }

    /** A server with a certificate for this name; who knows it trusts that one only. */
    private SSLSocketFactory certificate(String name) throws Exception {
        Path store = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=" + name,
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        System.setProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_FILE_PROPERTY, store.toString());
        System.setProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_PASSWORD_PROPERTY, PASSWORD);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(store)) {
            keys.load(content, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    @Test
    void readsOverTlsFromAServerItKnows() throws Exception {
        SSLSocketFactory factory = certificate("ip:127.0.0.1");
        try (TestMailbox mailbox = new TestMailbox("imaps")) {
            mailbox.put("doc", "in secret");
            ImapConnector.Builder builder = mailbox.builder().security(Security.TLS);
            try (ImapConnector connector = builder.socketFactory(factory).build()) {
                assertThat(connector.fetch(connector.list(null).items().get(0)).text())
                        .isEqualTo("in secret");
            }
        }
    }

    @Test
    void refusesAServerItDoesNotKnow() throws Exception {
        certificate("ip:127.0.0.1");
        try (TestMailbox mailbox = new TestMailbox("imaps");
                ImapConnector connector =
                        mailbox.builder().security(Security.TLS).build()) {
            assertThatThrownBy(() -> connector.list(null))
                    .isInstanceOf(StoreException.class)
                    .hasStackTraceContaining("unable to find valid certification path");
        }
    }

    @Test
    void refusesAServerOfAnotherName() throws Exception {
        SSLSocketFactory factory = certificate("dns:other.example");
        try (TestMailbox mailbox = new TestMailbox("imaps");
                ImapConnector connector = mailbox.builder()
                        .security(Security.TLS)
                        .socketFactory(factory)
                        .build()) {
            assertThatThrownBy(() -> connector.list(null)).isInstanceOf(StoreException.class);
        }
    }

    /** Before a password is sent. */
    @Test
    void refusesAServerThatCannotTurnToTls() throws Exception {
        try (TestMailbox mailbox = new TestMailbox();
                ImapConnector connector = mailbox.builder()
                        .security(Security.STARTTLS)
                        .password(TestMailbox.USER, () -> TestMailbox.PASSWORD)
                        .build()) {
            assertThatThrownBy(() -> connector.list(null))
                    .isInstanceOf(StoreException.class)
                    .hasStackTraceContaining("STARTTLS");
        }
    }
}
