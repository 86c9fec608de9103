package dev.plinth.rag.connectors.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.store.MailFolder;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.TextParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImapConnectorTest {
    private static final String MAIL = """
            From: Bob Builder <Bob@Example.org>
            To: Ada <ada@example.org>, team@example.org
            Cc: "Carol, C." <carol@example.org>
            Date: Sun, 1 Mar 2026 14:00:00 +0200
            Message-ID: <2@example.org>
            In-Reply-To: <1@example.org>
            References: <0@example.org> <1@example.org>
            Subject: =?UTF-8?Q?Gr=C3=B6=C3=9Fe?=
            """;

    private TestMailbox mailbox;

    @BeforeEach
    void open() throws Exception {
        mailbox = new TestMailbox();
    }

    @AfterEach
    void close() {
        mailbox.close();
    }

    private static List<Connector.Page> pages(Connector connector, String cursor) {
        List<Connector.Page> pages = new ArrayList<>();
        Connector.Page page = connector.list(cursor);
        pages.add(page);
        while (page.next() != null) {
            page = connector.list(page.next());
            pages.add(page);
        }
        return pages;
    }

    private static List<String> ids(Connector connector) {
        return pages(connector, null).stream()
                .flatMap(page -> page.items().stream())
                .map(Connector.Item::id)
                .toList();
    }

    private static String since(Connector connector, String cursor) {
        List<Connector.Page> pages = pages(connector, cursor);
        return pages.get(pages.size() - 1).since();
    }

    private Document read(ImapConnector.Builder builder, String raw) throws Exception {
        MailFolder inbox = mailbox.inbox();
        long uid = TestMailbox.deliver(inbox, raw);
        try (ImapConnector connector = builder.build()) {
            return connector.fetch(new Connector.Item("INBOX/" + inbox.getUidValidity() + "/" + uid, "?"));
        }
    }

    private String text(String raw) throws Exception {
        return read(mailbox.builder(), raw).text();
    }

    @Test
    void anotherParserIsAnotherFingerprint() {
        try (ImapConnector text =
                        mailbox.builder().attachments(DocumentParser.text()).build();
                ImapConnector other = mailbox.builder()
                        .attachments(TextParser.create().extensions("adoc"))
                        .build()) {
            assertThat(text.fingerprint()).isNotEqualTo(other.fingerprint());
        }
    }

    @Test
    void mailBecomesADocument() throws Exception {
        Document document = read(mailbox.builder(), MAIL + "\nIt is large.\n");
        String id = "INBOX/" + mailbox.inbox().getUidValidity() + "/1";
        assertThat(document)
                .isEqualTo(new Document(
                        id,
                        "Gr\u00f6\u00dfe",
                        "It is large.",
                        "imap://127.0.0.1/INBOX;UIDVALIDITY=" + mailbox.inbox().getUidValidity() + "/;UID=1",
                        Readers.of("bob@example.org", "ada@example.org", "team@example.org", "carol@example.org"),
                        Metadata.NONE
                                .with("folder", "INBOX")
                                .with("from", "bob@example.org")
                                .with(
                                        "to",
                                        Value.of(Set.of("ada@example.org", "team@example.org", "carol@example.org")))
                                .with("message_id", "2@example.org")
                                .with("thread", "0@example.org")
                                .with(Document.MODIFIED, Value.of(1772366400000L))));
        assertThat(read(
                                mailbox.builder()
                                        .readers(Readers.of("group:support"))
                                        .url("https://mail.example/?id={message_id}"),
                                MAIL + "\nx")
                        .readers())
                .isEqualTo(Readers.of("group:support"));
        assertThat(read(mailbox.builder(), "Subject: nobody\n\nx").readers())
                .as("a mail that names nobody")
                .isEqualTo(Readers.NOBODY);
    }

    @Test
    void whoGotABlindCopyIsToldToNobody() throws Exception {
        Document document = read(mailbox.builder(), "Bcc: Dan <dan@example.org>\n" + MAIL + "\nx");
        Set<String> named = Set.of("ada@example.org", "team@example.org", "carol@example.org");
        assertThat(document.metadata().get("to")).contains(Value.of(named));
        assertThat(document.readers().names()).hasSize(4).doesNotContain("dan@example.org");
    }

    @Test
    void aCharsetThatNobodyKnowsLosesNoMail() throws Exception {
        String words = "Gr\u00fc\u00dfe";
        for (var charset : List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1)) {
            String said = Base64.getEncoder().encodeToString(words.getBytes(charset));
            assertThat(text(MAIL
                            + "Content-Type: text/plain; charset=unknown-8bit\nContent-Transfer-Encoding: base64\n\n"
                            + said + "\n"))
                    .isEqualTo(words);
            assertThat(text(MAIL + "Content-Type: text/html; charset=x-unknown\nContent-Transfer-Encoding: base64\n\n"
                            + said + "\n"))
                    .isEqualTo(words);
        }
        Document attached = read(mailbox.builder(), MAIL + """
                Content-Type: text/markdown; charset=utf-8
                Content-Disposition: attachment; filename="=?x-unknown?Q?a.md?="

                x
                """);
        assertThat(attached.metadata().get("attachments")).contains(Value.of(Set.of("=?x-unknown?Q?a.md?=")));
    }

    @Test
    void prefersPlainTextAndStripsHtml() throws Exception {
        String alternatives = MAIL + """
                MIME-Version: 1.0
                Content-Type: multipart/alternative; boundary=b

                --b
                Content-Type: text/html; charset=utf-8

                <p>as HTML</p>
                --b
                Content-Type: text/plain; charset=utf-8

                as text
                --b--
                """;
        assertThat(text(alternatives)).isEqualTo("as text");
        assertThat(text(alternatives.replace("as text", " ")))
                .as("a blank version")
                .isEqualTo("as HTML");
        assertThat(text(MAIL + """
                        MIME-Version: 1.0
                        Content-Type: text/html; charset=iso-8859-1
                        Content-Transfer-Encoding: quoted-printable

                        <html><head><title>x</title><style>p {}</style></head><body><h1>Gr=FC=DFe</h1>
                        <p>1 &lt; 2 &amp;&amp; 3&nbsp;&gt; 2<br>Line&#32;two &unknown; &#x1F600;</p><!-- hidden -->
                        <ul><li>one<li>two</ul><script>alert(1)</script></body></html>
                        """))
                .isEqualTo("Gr\u00fc\u00dfe\n\n1 < 2 && 3 > 2\nLine two &unknown; \ud83d\ude00\n\none\ntwo");
    }

    private static String withAttachments() {
        return MAIL + """
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain; charset=utf-8

                See below.
                --b
                Content-Type: text/markdown; charset=utf-8
                Content-Disposition: attachment; filename="=?UTF-8?Q?Gr=C3=B6=C3=9Fe.md?="

                large
                --b
                Content-Type: text/plain
                Content-Disposition: attachment; filename=broken.txt
                Content-Transfer-Encoding: base64

                AAAA
                --b
                Content-Type: image/png
                Content-Disposition: inline; filename=image.png
                Content-Transfer-Encoding: base64

                iVBORw==
                --b
                Content-Type: message/rfc822

                From: dan@example.org
                Subject: the older one
                Content-Type: text/plain

                forwarded
                --b--
                """;
    }

    @Test
    void attachmentsBelongToTheTextWhereTheyAreWanted() throws Exception {
        Document without = read(mailbox.builder(), withAttachments());
        assertThat(without.text()).isEqualTo("See below.\n\n---------- the older one ----------\n\nforwarded");
        Value names = Value.of(Set.of("Gr\u00f6\u00dfe.md", "broken.txt", "image.png"));
        assertThat(without.metadata().get("attachments")).contains(names);
        assertThat(without.metadata().get("unread_attachments")).contains(names);

        Document with = read(mailbox.builder().attachments(DocumentParser.text()), withAttachments());
        assertThat(with.text())
                .isEqualTo("See below.\n\n---------- the older one ----------\n\nforwarded"
                        + "\n\n# Gr\u00f6\u00dfe.md\n\nlarge");
        assertThat(with.metadata().get("attachments")).contains(names);
        assertThat(with.metadata().get("unread_attachments")).contains(Value.of(Set.of("broken.txt", "image.png")));
    }

    @Test
    void partsWithinPartsHaveALimit() throws Exception {
        StringBuilder raw = new StringBuilder("MIME-Version: 1.0\n");
        for (int i = 0; i < 30; i++) {
            raw.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        assertThatThrownBy(() -> text(MAIL + raw + "\n\ndeep"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void leavesOutWhatAReplyRepeats() throws Exception {
        String reply = MAIL + "\nYes.\n\nOn Sun, 1 Mar 2026, Ada <ada@example.org>\nwrote:\n> Shall we?\n>\n> Ada\n";
        assertThat(text(reply)).contains("Shall we?");
        assertThat(read(mailbox.builder().withoutQuotedReplies(), reply).text()).isEqualTo("Yes.");
    }

    @Test
    void aFolderThatIsNumberedAnewIsListedFromTheStart() throws Exception {
        MailFolder archive = mailbox.folder("Archive");
        TestMailbox.deliver(mailbox.inbox(), MAIL + "\nin the inbox");
        TestMailbox.deliver(archive, MAIL + "\nin the archive");
        try (ImapConnector connector =
                mailbox.builder().folders("INBOX", "Archive").build()) {
            String since = since(connector, null);
            assertThat(ids(connector)).hasSize(2);
            assertThat(pages(connector, since)).allSatisfy(page -> {
                assertThat(page.items()).isEmpty();
                assertThat(page.removed()).isEmpty();
                assertThat(page.complete()).isFalse();
            });

            int archives = since.lastIndexOf(';') + 1;
            String earlier = since.substring(0, archives) + "1" + since.substring(since.indexOf(' ', archives));
            Connector.Page inbox = connector.list(earlier);
            assertThat(inbox.complete()).isFalse();
            Connector.Page restart = connector.list(inbox.next());
            assertThat(restart.complete()).isTrue();
            assertThat(restart.items()).as("from the first folder on").hasSize(1);
            Connector.Page last = connector.list(restart.next());
            assertThat(last.items())
                    .extracting(Connector.Item::id)
                    .containsExactly("Archive/" + archive.getUidValidity() + "/1");
            assertThat(last.since()).isEqualTo(since);
            assertThatThrownBy(() -> connector.fetch(new Connector.Item("Archive/1/1", "?")))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("mail: Archive/1/1 is gone (expected: in its folder)");
        }
    }

    @Test
    void namesWhatIsTooLarge() throws Exception {
        TestMailbox.deliver(mailbox.inbox(), MAIL + "\n" + "long line of words\n".repeat(100));
        TestMailbox.deliver(mailbox.inbox(), MAIL + "\nshort");
        try (ImapConnector connector = mailbox.builder().maxBytes(1000).build()) {
            Connector.Page page = connector.list(null);
            assertThat(page.items()).extracting(Connector.Item::id).hasSize(1).allMatch(id -> id.endsWith("/2"));
            assertThat(page.skipped()).hasSize(1);
            assertThat(page.skipped().get(0).reason()).matches("\\d{4} bytes, more than 1000");
        }
    }

    @Test
    void otherSettingsListEverythingAgain() throws Exception {
        TestMailbox.deliver(mailbox.inbox(), MAIL + "\nx");
        try (ImapConnector one = mailbox.builder().build();
                ImapConnector other = mailbox.builder().maxBytes(1000).build()) {
            Connector.Page before = one.list(null);
            Connector.Page after = other.list(before.since());
            assertThat(after.complete()).isTrue();
            assertThat(after.items()).hasSize(1).isEqualTo(before.items());
        }
    }

    @Test
    void aConnectionThatWasClosedIsOpenedAgain() throws Exception {
        TestMailbox.deliver(mailbox.inbox(), MAIL + "\nx");
        List<String> asked = new ArrayList<>();
        try (Relay relay = new Relay(mailbox.port());
                ImapConnector connector = mailbox.builder()
                        .port(relay.port())
                        .password(TestMailbox.USER, () -> {
                            asked.add("once more");
                            return TestMailbox.PASSWORD;
                        })
                        .build()) {
            Connector.Item item = connector.list(null).items().get(0);
            connector.fetch(item);
            assertThat(asked).hasSize(1);
            relay.cut();
            assertThat(connector.fetch(item).text()).isEqualTo("x");
            assertThat(asked).hasSize(2);
        }
    }

    @Test
    void aTokenIsNoPassword() throws Exception {
        try (ImapConnector connector =
                mailbox.builder().token(TestMailbox.USER, () -> "t0ken").build()) {
            assertThatThrownBy(() -> connector.list(null))
                    .satisfies(thrown -> assertThat(thrown.toString()).doesNotContain("t0ken"))
                    .isInstanceOfAny(AuthenticationException.class, StoreException.class);
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> ImapConnector.server(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImapConnector.server("localhost").build());
        ImapConnector.Builder builder = mailbox.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.folders());
        assertThatIllegalArgumentException().isThrownBy(() -> builder.folders("INBOX", "INBOX"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.port(0));
        try (ImapConnector connector = builder.folders("No such folder").build()) {
            assertThatThrownBy(() -> connector.list(null))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("has no folder No such folder");
            assertThatThrownBy(() -> connector.fetch(new Connector.Item("Other/1/1", "?")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("of a folder of");
        }
    }
}
