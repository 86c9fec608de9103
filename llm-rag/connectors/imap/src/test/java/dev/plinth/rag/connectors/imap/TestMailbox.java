package dev.plinth.rag.connectors.imap;

import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.tck.DocumentSource;
import dev.plinth.rag.parse.DocumentParser;
import jakarta.mail.Flags;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A mailbox of a real server in this process. To write a document again is to delete a mail and to get another. */
final class TestMailbox implements DocumentSource {
    static final String USER = "ada@example.org";
    static final String PASSWORD = "s3cret-password";

    private final GreenMail server;
    private final GreenMailUser user;
    private final ServerSetup setup;
    private final long validity;
    private final Map<String, Long> uids = new HashMap<>();

    TestMailbox() throws Exception {
        this(ServerSetup.PROTOCOL_IMAP);
    }

    /** @param protocol imap or imaps */
    TestMailbox(String protocol) throws Exception {
        ServerSetup wanted = new ServerSetup(0, "127.0.0.1", protocol);
        wanted.setServerStartupTimeout(60_000);
        server = new GreenMail(wanted);
        user = server.setUser(USER, USER, PASSWORD);
        server.start();
        setup = protocol.equals(ServerSetup.PROTOCOL_IMAPS)
                ? server.getImaps().getServerSetup()
                : server.getImap().getServerSetup();
        validity = inbox().getUidValidity();
    }

    ImapConnector.Builder builder() {
        return ImapConnector.server("127.0.0.1")
                .port(setup.getPort())
                .security(Security.NONE)
                .password(USER, () -> PASSWORD)
                .pageSize(3);
    }

    MailFolder inbox() throws Exception {
        return server.getManagers().getImapHostManager().getInbox(user);
    }

    MailFolder folder(String name) throws Exception {
        var folders = server.getManagers().getImapHostManager();
        MailFolder there = folders.getFolder(user, name);
        return there == null ? folders.createMailbox(user, name) : there;
    }

    int port() {
        return setup.getPort();
    }

    static MimeMessage mail(String raw) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(raw.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** Its number. */
    static long deliver(MailFolder folder, String raw) throws Exception {
        return folder.appendMessage(mail(raw), new Flags(), new Date());
    }

    static void expunge(MailFolder folder, long uid) throws Exception {
        folder.setFlags(new Flags(Flags.Flag.DELETED), true, uid, null, false);
        folder.expunge();
    }

    private static String raw(String name, String encoding, String text) {
        String subject = Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
        return "From: Bob <bob@example.org>\nTo: Ada <ada@example.org>\nDate: Sun, 1 Mar 2026 12:00:00 +0000\n"
                + "Subject: =?UTF-8?B?" + subject + "?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8"
                + "\nContent-Transfer-Encoding: "
                + encoding
                + "\n\n"
                + Base64.getMimeEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "\n";
    }

    @Override
    public Connector connect() {
        return builder().build();
    }

    @Override
    public List<Connector> otherwise() {
        return List.of(
                builder().readers(Readers.of("group:support")).build(),
                builder().attachments(DocumentParser.text()).build(),
                builder().withoutQuotedReplies().build(),
                builder().url("https://mail.example.org/{uid}").build());
    }

    @Override
    public String id(String name) {
        return "INBOX/" + validity + "/" + uids.getOrDefault(name, 0L);
    }

    @Override
    public void put(String name, String text) throws Exception {
        remove(name);
        uids.put(name, deliver(inbox(), raw(name, "base64", text)));
    }

    @Override
    public void remove(String name) throws Exception {
        Long uid = uids.remove(name);
        if (uid != null) {
            expunge(inbox(), uid);
        }
    }

    @Override
    public void damage(String name) throws Exception {
        remove(name);
        uids.put(name, deliver(inbox(), raw(name, "x-no-such-encoding", "damaged")));
    }

    @Override
    public void disappear() {
        server.stop();
    }

    @Override
    public String secret() {
        return PASSWORD;
    }

    @Override
    public Connector connectWith(String wrongSecret) {
        return builder().password(USER, () -> wrongSecret).build();
    }

    /** Mails with their flags: who reads one in another way leaves \Seen there. */
    @Override
    public Object state() throws Exception {
        Map<Long, String> state = new TreeMap<>();
        for (StoredMessage message : inbox().getMessages()) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            message.getMimeMessage().writeTo(content);
            state.put(message.getUid(), message.getFlags() + content.toString(StandardCharsets.UTF_8));
        }
        return state;
    }

    @Override
    public void close() {
        server.stop();
    }
}
