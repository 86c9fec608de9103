package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same over TLS, which lies over the transport's own sockets; with a certificate of the JDK's keytool. */
@Timeout(60)
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static SSLContext tls;
    private static X509TrustManager trust;

    @BeforeAll
    static void certificate() throws Exception {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        assumeTrue(Files.isExecutable(keytool), "keytool: not there (expected: a JDK)");
        Path store = folder.resolve("keys.p12");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "stub",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("stub", keys.getCertificate("stub"));
        others.init(trusted);
        trust = (X509TrustManager) others.getTrustManagers()[0];
        tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), others.getTrustManagers(), null);
    }

    /** Answers one call with half a body, and says when the client is gone. */
    private static CompletableFuture<Boolean> serve(SSLServerSocket listener, boolean whole) {
        CompletableFuture<Boolean> clientGone = new CompletableFuture<>();
        Thread server = new Thread(() -> {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                byte[] request = new byte[8192];
                int length = 0;
                while (!new String(request, 0, length, StandardCharsets.UTF_8).endsWith("\"x\"")) {
                    int count = socket.getInputStream().read(request, length, request.length - length);
                    if (count < 0) {
                        throw new IOException("no request");
                    }
                    length += count;
                }
                String answer = "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n" + (whole ? "half all" : "half");
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                clientGone.complete(socket.getInputStream().read() < 0);
            } catch (IOException gone) {
                clientGone.complete(true);
            }
        });
        server.setDaemon(true);
        server.start();
        return clientGone;
    }

    private static SSLServerSocket listener() throws IOException {
        return (SSLServerSocket)
                tls.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    }

    private static HttpCall call(SSLServerSocket listener) {
        HttpBody body = HttpBody.json(new JsonFactory(), json -> json.writeString("x"));
        return HttpCall.post(URI.create("https://127.0.0.1:" + listener.getLocalPort() + "/"), body)
                .streamed(true)
                .build();
    }

    @Test
    void answersComeThrough() throws Exception {
        try (SSLServerSocket listener = listener();
                HttpTransport transport =
                        HttpTransport.builder().tls(tls, trust).build()) {
            serve(listener, true);
            try (HttpAnswer answer = transport.send(call(listener))) {
                assertThat(answer.body().readAllBytes()).asString().isEqualTo("half all");
                answer.finish();
            }
        }
    }

    @Test
    void unknownCertificateIsATransportError() throws Exception {
        try (SSLServerSocket listener = listener();
                HttpTransport transport = HttpTransport.create()) {
            serve(listener, true);
            TransportException failure =
                    catchThrowableOfType(TransportException.class, () -> transport.send(call(listener)));
            assertThat(failure.partialUsage()).as("nothing was sent").isEqualTo(Usage.NONE);
        }
    }

    @Test
    void interruptEndsTheWaitAndClosesTheSocket() throws Exception {
        try (SSLServerSocket listener = listener();
                HttpTransport transport =
                        HttpTransport.builder().tls(tls, trust).build()) {
            CompletableFuture<Boolean> clientGone = serve(listener, false);
            CountDownLatch reading = new CountDownLatch(1);
            CompletableFuture<LlmException> thrown = new CompletableFuture<>();
            Thread caller = new Thread(() -> thrown.complete(readUntilItFails(transport, call(listener), reading)));
            caller.start();
            reading.await();
            caller.interrupt();
            assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
            assertThat(clientGone.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingFromAnotherThreadClosesTheSocket() throws Exception {
        try (SSLServerSocket listener = listener();
                HttpTransport transport =
                        HttpTransport.builder().tls(tls, trust).build()) {
            CompletableFuture<Boolean> clientGone = serve(listener, false);
            HttpAnswer answer = transport.send(call(listener));
            CountDownLatch reading = new CountDownLatch(1);
            CompletableFuture<LlmException> thrown = new CompletableFuture<>();
            new Thread(() -> thrown.complete(readUntilItFails(answer, reading))).start();
            reading.await();
            answer.close();
            assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
            assertThat(clientGone.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static LlmException readUntilItFails(HttpTransport transport, HttpCall call, CountDownLatch reading) {
        try (HttpAnswer answer = transport.send(call)) {
            return readUntilItFails(answer, reading);
        }
    }

    private static LlmException readUntilItFails(HttpAnswer answer, CountDownLatch reading) {
        try {
            assertThat(answer.body().readNBytes(4)).asString().isEqualTo("half");
            reading.countDown();
            answer.body().readAllBytes();
            throw new AssertionError("body: whole (expected: half)");
        } catch (IOException failure) {
            return answer.failed(failure);
        }
    }
}
