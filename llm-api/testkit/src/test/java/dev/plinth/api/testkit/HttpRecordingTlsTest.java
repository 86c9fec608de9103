package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** A server over TLS, with a certificate of the JDK's keytool that the JVM trusts or does not. */
class HttpRecordingTlsTest extends RecordingFixture {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private SSLContext tls() throws Exception {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        assumeTrue(Files.isExecutable(keytool), "keytool: not there (expected: a JDK)");
        Path store = folder.resolve("keys.p12");
        String options = "-genkeypair -alias stub -keyalg EC -dname CN=localhost -ext san=ip:127.0.0.1"
                + " -storetype PKCS12 -storepass changeit -keystore ";
        Process process = new ProcessBuilder((keytool + " " + options + store).split(" "))
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("stub", keys.getCertificate("stub"));
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), others.getTrustManagers(), null);
        return tls;
    }

    private static HttpsServer server(SSLContext tls) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/v1/chat", exchange -> {
            byte[] answer = ("{\"host\":\"" + exchange.getRequestHeaders().getFirst("host") + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void isRecordedAndReplayed() throws Exception {
        SSLContext tls = tls();
        HttpsServer server = server(tls);
        URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        HttpRecording.Builder builder = HttpRecording.builder(file(), url).record();
        SSLContext before = SSLContext.getDefault();
        SSLContext.setDefault(tls);
        try (HttpRecording recording = open(builder)) {
            assertThat(ask(recording, "{}").body()).isEqualTo("{\"host\":\"" + url.getAuthority() + "\"}");
        } finally {
            SSLContext.setDefault(before);
            server.stop(0);
        }
        try (HttpRecording recording = open(HttpRecording.builder(file(), url))) {
            assertThat(ask(recording, "{}").body()).isEqualTo("{\"host\":\"" + url.getAuthority() + "\"}");
        }
    }

    @Test
    void certificateThatIsNotTrustedMakesTheServerUnreachable() throws Exception {
        HttpsServer server = server(tls());
        URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        try (HttpRecording recording = open(HttpRecording.builder(file(), url).record())) {
            assertThat(ask(recording, "{}").status()).isZero();
        } finally {
            server.stop(0);
        }
        assertThat(recorded()).contains("\"end\": \"unreachable\"", "SSLHandshakeException");
    }
}
