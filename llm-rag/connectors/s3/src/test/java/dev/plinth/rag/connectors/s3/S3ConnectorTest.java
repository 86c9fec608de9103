package dev.plinth.rag.connectors.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.rag.parse.TextParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class S3ConnectorTest {
    private static List<Connector.Page> pages(Connector connector) {
        List<Connector.Page> pages = new ArrayList<>();
        Connector.Page page = connector.list(null);
        pages.add(page);
        while (page.next() != null) {
            page = connector.list(page.next());
            pages.add(page);
        }
        return pages;
    }

    private static List<String> ids(Connector connector) {
        return pages(connector).stream()
                .flatMap(page -> page.items().stream())
                .map(Connector.Item::id)
                .toList();
    }

    private static Document fetch(Connector connector, String key) {
        return connector.fetch(new Connector.Item(key, "?"));
    }

    private static void put(TestBucket bucket, String... keys) {
        for (String key : keys) {
            bucket.putBytes(key, "text/markdown", ("text of " + key).getBytes(StandardCharsets.UTF_8), Map.of());
        }
    }

    @Test
    void anotherParserIsAnotherFingerprint() {
        try (TestBucket bucket = new TestBucket(false);
                S3Connector text = bucket.builder().build();
                S3Connector other = bucket.builder()
                        .parser(TextParser.create().extensions("adoc"))
                        .build()) {
            assertThat(text.fingerprint()).isNotEqualTo(other.fingerprint());
        }
    }

    @Test
    void objectBecomesADocument() {
        try (TestBucket bucket = new TestBucket(false)) {
            put(bucket, "handbook/a b.md");
            try (S3Connector connector = bucket.builder()
                    .readers(Readers.of("group:docs"))
                    .url("https://files.example/{key}")
                    .build()) {
                Document document = fetch(connector, "handbook/a b.md");
                assertThat(document.text()).isEqualTo("text of handbook/a b.md");
                assertThat(document.source()).isEqualTo("https://files.example/handbook/a%20b.md");
                assertThat(document.readers()).isEqualTo(Readers.of("group:docs"));
                assertThat(document.metadata().text("path")).contains("handbook/a b.md");
                assertThat(document.metadata().text("extension")).contains("md");
                assertThat(document.metadata().get(Document.MODIFIED)).isPresent();
            }
            try (S3Connector connector = bucket.builder().build()) {
                assertThat(fetch(connector, "handbook/a b.md").source())
                        .isEqualTo("s3://" + bucket.name() + "/handbook/a%20b.md");
            }
        }
    }

    @Test
    void offersWhatItsRulesLetThrough() {
        try (TestBucket bucket = new TestBucket(false)) {
            put(bucket, "docs/", "docs/a.md", "docs/c.png", "docs/drafts/d.md", "docs/e.md", "other/f.md");
            bucket.putBytes("docs/b.md", "text/markdown", new byte[101], Map.of());
            try (S3Connector connector = bucket.builder()
                    .prefix("docs/")
                    .paths(key -> !key.contains("/drafts/"))
                    .maxBytes(100)
                    .build()) {
                assertThat(connector.name()).isEqualTo("s3://" + bucket.name() + "/docs/");
                assertThat(ids(connector)).containsExactly("docs/a.md", "docs/e.md");
                assertThat(pages(connector).stream().flatMap(page -> page.skipped().stream()))
                        .containsExactly(
                                new Connector.Skipped("docs/", "folder"),
                                new Connector.Skipped("docs/b.md", "101 bytes, more than 100"),
                                new Connector.Skipped("docs/c.png", "no kind of file that is read"));
                assertThatThrownBy(() -> fetch(connector, "docs/b.md"))
                        .isInstanceOf(StoreException.class)
                        .hasMessage("object: docs/b.md has grown (expected: at most 100 bytes)");
            }
        }
    }

    /** The place is a key: it holds whatever came or went before it. */
    @Test
    void aListThatWasBrokenOffGoesOnBehindTheLastKey() {
        try (TestBucket bucket = new TestBucket(false);
                Connector first = bucket.connect()) {
            put(bucket, "a.md", "b.md", "c.md", "d.md", "e.md");
            String next = first.list(null).next();
            bucket.putBytes("0.md", "text/markdown", new byte[] {'0'}, Map.of());
            try (Connector second = bucket.connect()) {
                assertThat(second.list(next).items())
                        .extracting(Connector.Item::id)
                        .containsExactly("d.md", "e.md");
            }
        }
    }

    @Test
    void aBucketWithoutAnObjectIsRefused() {
        try (TestBucket bucket = new TestBucket(false)) {
            put(bucket, "docs/a.md");
            try (S3Connector connector = bucket.builder().prefix("dosc/").build()) {
                assertThatThrownBy(() -> connector.list(null))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("holds no object (expected: at least one with this prefix)");
            }
        }
    }

    @Test
    void whatDoesNotSayWhoMayReadItIsReadByNobody() {
        try (TestBucket bucket = new TestBucket(true);
                Connector connector = bucket.connect()) {
            bucket.putBytes("a.md", "text/markdown", new byte[] {'a'}, Map.of());
            bucket.putBytes("b.md", "text/markdown", new byte[] {'b'}, Map.of("readers", " user:1 ,, group:x"));
            assertThat(fetch(connector, "a.md").readers()).isEqualTo(Readers.NOBODY);
            assertThat(fetch(connector, "b.md").readers()).isEqualTo(Readers.of("group:x", "user:1"));
        }
    }

    @Test
    void asksAtThePaceThatWasSet() {
        TestTime time = TestTime.autoAdvancing();
        try (TestBucket bucket = new TestBucket(false)) {
            put(bucket, "a.md", "b.md", "c.md", "d.md");
            try (S3Connector connector =
                    bucket.builder().requestsPerSecond(4).time(time).build()) {
                pages(connector);
                fetch(connector, "a.md");
            }
        }
        Duration between = Duration.ofMillis(250);
        assertThat(time.sleeps().stream().filter(sleep -> !sleep.isZero()).toList())
                .containsExactly(between, between);
    }

    @Test
    void interruptionEndsTheWaitForItsTurn() {
        TestTime time = TestTime.manual();
        try (S3Connector connector =
                local(1).requestsPerSecond(0.001).time(time).build()) {
            assertThatThrownBy(() -> connector.list(null)).isInstanceOf(StoreException.class);
            Thread caller = Thread.currentThread();
            Thread interrupting = new Thread(() -> {
                try {
                    time.awaitSleepers(1);
                } catch (InterruptedException ended) {
                    return;
                }
                caller.interrupt();
            });
            interrupting.start();
            assertThatThrownBy(() -> connector.list(null)).isInstanceOf(CancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static S3Connector.Builder local(int port) {
        return S3Connector.bucket("docs")
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .credentials("AKIAEXAMPLE", () -> "s3cret-value")
                .readers(Readers.EVERYONE);
    }

    /** A port where nobody listens, and nobody else can. */
    private static int unanswered(Socket taken) throws IOException {
        taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return taken.getLocalPort();
    }

    @Test
    void aStorageThatIsNotThereIsAnError() throws Exception {
        try (Socket taken = new Socket();
                S3Connector connector = local(unanswered(taken)).build()) {
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(() -> connector.list(null), () -> fetch(connector, "a.md"))) {
                assertThatThrownBy(call)
                        .isInstanceOf(StoreException.class)
                        .hasMessage("storage: s3://docs/ cannot be reached");
            }
        }
    }

    @Test
    void whatIsDeniedOfAllIsAMatterOfCredentialsOfOneObjectIsNot() throws Exception {
        try (StubServer server = StubServer.start()) {
            try (S3Connector connector = S3Connector.bucket("docs")
                    .endpoint(server.url("/"))
                    .credentials("AKIAEXAMPLE", () -> "s3cret-value")
                    .readers(Readers.EVERYONE)
                    .build()) {
                server.enqueue(error(403, "AccessDenied"));
                assertThatThrownBy(() -> connector.list(null))
                        .isInstanceOf(AuthenticationException.class)
                        .hasMessageContaining("AccessDenied");
                server.enqueue(error(403, "AccessDenied"));
                assertThatThrownBy(() -> fetch(connector, "a.md"))
                        .isInstanceOf(StoreException.class)
                        .hasMessageStartingWith("object: a.md cannot be read, HTTP status 403 AccessDenied");
                server.enqueue(error(400, "ExpiredToken"));
                assertThatThrownBy(() -> fetch(connector, "a.md"))
                        .isInstanceOf(AuthenticationException.class)
                        .satisfies(thrown -> assertThat(
                                        ((LlmException) thrown).details().providerCode())
                                .contains("ExpiredToken"));
            }
        }
    }

    @Test
    void whenTheStorageIsBusyItIsAskedAgain() throws Exception {
        try (StubServer server = StubServer.start();
                S3Connector connector = S3Connector.bucket("docs")
                        .endpoint(server.url("/"))
                        .credentials("AKIAEXAMPLE", () -> "s3cret-value")
                        .readers(Readers.EVERYONE)
                        .build()) {
            server.enqueue(error(503, "SlowDown"), listed(false, "a.md"));
            assertThat(connector.list(null).items()).containsExactly(new Connector.Item("a.md", "1"));
            for (int i = 0; i < 3; i++) {
                server.enqueue(error(503, "SlowDown"));
            }
            assertThatThrownBy(() -> connector.list(null))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("HTTP status 503 SlowDown");
            assertThat(server.requests()).hasSize(5);
            assertThat(server.requests().toString()).doesNotContain("s3cret-value");
        }
    }

    @Test
    void aStorageThatStartsAnewOnEveryPageIsRefused() throws Exception {
        try (StubServer server = StubServer.start();
                S3Connector connector = at(server).build()) {
            server.otherwise(request -> listed(true, "a.md", "b.md"));
            String next = connector.list(null).next();
            assertThatThrownBy(() -> connector.list(next))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("storage: s3://docs/ lists again what it has listed"
                            + " (expected: to go on behind b.md, by start-after)");
        }
    }

    /** Or all that comes after it would be taken for gone. */
    @Test
    void aStorageThatBreaksItsListOffIsRefused() throws Exception {
        try (StubServer server = StubServer.start();
                S3Connector connector = at(server).build()) {
            server.enqueue(listed(true, "a.md"), listed(true));
            String next = connector.list(null).next();
            assertThatThrownBy(() -> connector.list(next))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("storage: s3://docs/ breaks its list off"
                            + " (expected: objects on every page but the last)");
        }
    }

    @Test
    void objectThatMayNotBeAskedForIsGone() throws Exception {
        try (StubServer server = StubServer.start();
                S3Connector connector = at(server).readersMetadata("readers").build()) {
            server.otherwise(request -> switch (request.path()) {
                case "/docs/a.md" -> error(403, "AccessDenied");
                case "/docs/b.md" -> error(404, "NoSuchKey");
                case "/docs/c.md" ->
                    StubAnswer.of(200, "text/markdown", new byte[0]).header("x-amz-meta-readers", "user:1");
                default -> listed(false, "a.md", "b.md", "c.md");
            });
            Connector.Page page = connector.list(null);
            assertThat(page.items()).containsExactly(new Connector.Item("c.md", "1 [user:1]"));
            assertThat(page.removed()).as("or the old text would stay readable").containsExactly("a.md", "b.md");
            assertThat(page.skipped()).isEmpty();
            assertThatThrownBy(() -> fetch(connector, "a.md")).isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> fetch(connector, "b.md")).isInstanceOf(StoreException.class);
        }
    }

    private static S3Connector.Builder at(StubServer server) {
        return S3Connector.bucket("docs")
                .endpoint(server.url("/"))
                .credentials("AKIAEXAMPLE", () -> "s3cret-value")
                .readers(Readers.EVERYONE);
    }

    private static StubAnswer listed(boolean more, String... keys) {
        StringBuilder body = new StringBuilder("<ListBucketResult><IsTruncated>" + more + "</IsTruncated>");
        for (String key : keys) {
            body.append("<Contents><Key>" + key + "</Key><ETag>&quot;1&quot;</ETag><Size>1</Size></Contents>");
        }
        body.append("</ListBucketResult>");
        return StubAnswer.of(200, "application/xml", body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static StubAnswer error(int status, String code) {
        String body = "<Error><Code>" + code + "</Code><Message>no</Message></Error>";
        return StubAnswer.of(status, "application/xml", body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void somebodySaysWhoMayRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(S3Connector.bucket("docs")::build)
                .withMessage("readers: missing (expected: who may read what is read with credentials, such as"
                        + " Readers.of(...) or Readers.EVERYONE)");
        S3Connector.bucket("docs").readersMetadata("readers").build().close();
    }

    @Test
    void showsNoSecretAndRefusesWhatMakesNoSense() {
        assertThat(new SecretKey("AKIAEXAMPLE", () -> "s3cret-value")).hasToString("SecretKey[AKIAEXAMPLE, ***]");
        S3Connector.Builder builder = S3Connector.bucket("docs");
        assertThatIllegalArgumentException().isThrownBy(() -> S3Connector.bucket(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.pageSize(1001));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requestsPerSecond(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.url("https://files.example/"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.endpoint(URI.create("http://a:b@host")));
    }
}
