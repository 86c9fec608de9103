package dev.plinth.rag.connectors.imap;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.text.Sha256;
import jakarta.mail.FetchProfile;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.UIDFolder;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The mails in folders of a mailbox, over IMAP (RFC 3501 and 9051).
 *
 * <pre>{@code
 * ImapConnector support = ImapConnector.server("imap.example.org")
 *         .password("support@example.org", () -> System.getenv("IMAP_PASSWORD"))
 *         .folders("INBOX", "Archive")
 *         .attachments(TikaParser.create())
 *         .build();
 * }</pre>
 *
 * <p>A mail's id is its folder, the validity of the folder's numbers, and its number: {@code INBOX/1773000000/42}. Mails
 * never change, so a list of changes names those that are new and those that are gone; when the server numbers a folder
 * anew, everything is listed. Folders are opened to read only, and a mail that is read stays unread.
 *
 * <p>A document's text is the plain text of the mail, else its HTML without the tags, then the text of its attachments
 * where they are wanted, each under its name as a heading. Its metadata are {@code from}, {@code to} (with those who got
 * a copy), {@code folder}, {@code message_id}, {@code thread} (the first mail it goes back to, the same for a whole
 * conversation), {@code attachments}, those of them that were not read as {@code unread_attachments}, and
 * {@link Document#MODIFIED}, when it was sent.
 *
 * <p>Unless {@link Builder#readers} says otherwise, a mail may be read by those it names as sender and receivers, under
 * their addresses in lower case; lists are not resolved, and blind copies (Bcc) are left out of readers and metadata.
 *
 * <p>Thread-safe. A server that does not answer is given up after the time limit, not at an interruption.
 */
public final class ImapConnector implements Connector {
    /** More of a cursor is not kept: then everything is listed, which costs a number for each mail. */
    private static final int MAX_CURSOR = 500_000;

    /** Mails never change: only how they are read does, of which the fingerprint tells. */
    private static final String VERSION = "1";

    private final String name;
    private final Mailbox mailbox;
    private final List<String> folders;
    private final MailDocument documents;
    private final long maxBytes;
    private final int pageSize;
    private final String settings;

    private ImapConnector(Builder builder, Mailbox.Server server) {
        this.name = builder.name == null ? "imap://" + server.user() + "@" + server.host() : builder.name;
        this.mailbox = new Mailbox(name, server);
        this.folders = builder.folders;
        this.documents = new MailDocument(builder);
        this.maxBytes = builder.maxBytes;
        this.pageSize = builder.pageSize;
        this.settings =
                Sha256.of(List.of(folders.toString(), Long.toString(maxBytes))).substring(0, 8);
    }

    /** The mailbox of a user of this server, protected by TLS. */
    public static Builder server(String host) {
        return new Builder(Check.notBlank(host, "host"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fingerprint() {
        return documents.fingerprint();
    }

    @Override
    public Page list(@Nullable String cursor) {
        Place place = Place.parse(cursor, settings, folders.size()).orElseGet(() -> Place.start(folders.size()));
        String folder = folders.get(place.folder());
        Optional<Page> page = mailbox.read(folder, open -> page(place, folder, open));
        return page.orElseGet(() -> list(null)); // the folder is numbered anew
    }

    private Optional<Page> page(Place place, String name, Folder folder) throws MessagingException {
        UIDFolder numbered = (UIDFolder) folder;
        Place.State before = place.state();
        long validity = numbered.getUIDValidity();
        if (before.validity() != validity && before.validity() != -1) {
            return Optional.empty();
        }
        long next = numbered.getUIDNext();
        if (next != -1
                && next == before.next()
                && folder.getMessageCount() == before.known().size()) {
            return Optional.of(page(place, place.nextFolder(before), List.of(), List.of(), List.of()));
        }
        Uids present = present(folder, numbered);
        boolean namesGone = !place.complete() && !place.begun();
        Uids gone = namesGone ? before.known().minus(present) : Uids.NONE;
        Uids fresh = present.minus(before.known());
        Uids taken = fresh.first(pageSize);
        List<Item> items = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        take(name, validity, folder, taken, items, skipped);
        List<String> removed =
                gone.stream().mapToObj(uid -> id(name, validity, uid)).toList();
        boolean further = fresh.size() > taken.size();
        Uids known = before.known().minus(gone).plus(taken);
        Place.State now = new Place.State(validity, further ? -1 : next, known);
        return Optional.of(page(place, further ? place.further(now) : place.nextFolder(now), items, removed, skipped));
    }

    private Page page(Place at, Place then, List<Item> items, List<String> removed, List<Skipped> skipped) {
        String text = then.text(settings);
        boolean end = at.isLast() && !then.begun();
        String since = text.length() > MAX_CURSOR ? null : text;
        return new Page(items, removed, skipped, end ? null : text, end ? since : null, at.complete(), -1);
    }

    private static Uids present(Folder folder, UIDFolder numbered) throws MessagingException {
        Message[] messages = folder.getMessages();
        FetchProfile numbers = new FetchProfile();
        numbers.add(UIDFolder.FetchProfileItem.UID);
        folder.fetch(messages, numbers);
        LongStream.Builder uids = LongStream.builder();
        for (Message message : messages) {
            if (!message.isExpunged()) {
                uids.add(numbered.getUID(message));
            }
        }
        return Uids.of(uids.build());
    }

    private void take(String name, long validity, Folder folder, Uids uids, List<Item> items, List<Skipped> skipped)
            throws MessagingException {
        Message[] messages = ((UIDFolder) folder).getMessagesByUID(uids.stream().toArray());
        Message[] there =
                Arrays.stream(messages).filter(message -> message != null).toArray(Message[]::new);
        FetchProfile sizes = new FetchProfile();
        sizes.add(FetchProfile.Item.SIZE);
        folder.fetch(there, sizes);
        for (Message message : there) {
            String id = id(name, validity, ((UIDFolder) folder).getUID(message));
            if (message.getSize() > maxBytes) {
                skipped.add(new Skipped(id, message.getSize() + " bytes, more than " + maxBytes));
            } else {
                items.add(new Item(id, VERSION));
            }
        }
    }

    private static String id(String folder, long validity, long uid) {
        return folder + "/" + validity + "/" + uid;
    }

    @Override
    public Document fetch(Item item) {
        MailId id = MailId.parse(item.id())
                .filter(parsed -> folders.contains(parsed.folder()))
                .orElseThrow(() -> new StoreException(
                        "mail: " + item.id() + " (expected: folder/validity/number, of a folder of " + name + ")"));
        byte[] content = mailbox.read(id.folder(), folder -> content(id, folder));
        try {
            return documents.of(id, new MimeMessage(mailbox.session(), new ByteArrayInputStream(content)));
        } catch (MessagingException | IOException exception) {
            throw new StoreException("mail: " + id + " cannot be read", ErrorDetails.NONE, exception);
        }
    }

    private static byte[] content(MailId id, Folder folder) throws MessagingException, IOException {
        UIDFolder numbered = (UIDFolder) folder;
        Message mail = numbered.getUIDValidity() == id.validity() ? numbered.getMessageByUID(id.uid()) : null;
        if (mail == null) {
            throw new StoreException("mail: " + id + " is gone (expected: in its folder)");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        mail.writeTo(content);
        return content.toByteArray();
    }

    @Override
    public void close() {
        mailbox.close();
    }

    @Override
    public String toString() {
        return "ImapConnector[" + name + "]";
    }

    /** What is read of a mailbox, and how. Not thread-safe. */
    public static final class Builder {
        private final String host;
        private int port;
        private Security security = Security.TLS;
        private @Nullable SSLSocketFactory factory;
        private @Nullable String user;
        private @Nullable Supplier<String> secret;
        private boolean token;
        private Duration timeout = Duration.ofMinutes(1);
        private @Nullable String name;
        private List<String> folders = List.of("INBOX");
        private long maxBytes = 16L << 20;
        private int pageSize = 500;

        @Nullable
        DocumentParser attachments;

        boolean withoutQuotes;

        @Nullable
        Readers readers;

        String url;

        private Builder(String host) {
            this.host = host;
            this.url = "imap://" + host + "/{folder};UIDVALIDITY={validity}/;UID={uid}";
        }

        /** The port, if it is not the usual one. */
        public Builder port(int port) {
            Check.that(port >= 1 && port <= 65_535, "port", port, "1 to 65535");
            this.port = port;
            return this;
        }

        /** How the connection is protected; by TLS unless set. The server has to prove its name either way. */
        public Builder security(Security security) {
            this.security = Check.notNull(security, "security");
            return this;
        }

        /** Makes the TLS connections, such as one that knows the authority of a company; the JDK's unless set. */
        public Builder socketFactory(SSLSocketFactory factory) {
            this.factory = Check.notNull(factory, "factory");
            return this;
        }

        /**
         * Logs in with a password.
         *
         * @param password asked whenever a connection is made
         */
        public Builder password(String user, Supplier<String> password) {
            return login(user, password, false);
        }

        /**
         * Logs in with an OAuth 2.0 token (XOAUTH2).
         *
         * @param token asked whenever a connection is made
         */
        public Builder token(String user, Supplier<String> token) {
            return login(user, token, true);
        }

        private Builder login(String user, Supplier<String> secret, boolean token) {
            this.user = Check.notBlank(user, "user");
            this.secret = Check.notNull(secret, "secret");
            this.token = token;
            return this;
        }

        /** How long the server may be silent; 1 minute unless set. */
        public Builder timeout(Duration timeout) {
            Check.positive(timeout, "timeout");
            Check.that(timeout.compareTo(Duration.ofDays(1)) <= 0, "timeout", timeout, "at most a day");
            this.timeout = timeout;
            return this;
        }

        /** The name of the source; {@code imap://}, the user and the server unless set. */
        public Builder name(String name) {
            this.name = Check.notBlank(name, "name");
            return this;
        }

        /** The folders, by their full names; {@code INBOX} unless set. */
        public Builder folders(String... folders) {
            for (String folder : folders) {
                Check.notBlank(folder, "folders");
            }
            this.folders = Check.notEmpty(List.of(folders), "folders");
            Check.that(
                    folders.length == List.of(folders).stream().distinct().count(),
                    "folders",
                    this.folders,
                    "each once");
            return this;
        }

        /** Attachments that this parser accepts belong to the text; it also reads HTML, if it can. */
        public Builder attachments(DocumentParser parser) {
            this.attachments = Check.notNull(parser, "parser");
            return this;
        }

        /** Leaves out what a reply repeats at its end of the mails before it, as far as that can be told. */
        public Builder withoutQuotedReplies() {
            this.withoutQuotes = true;
            return this;
        }

        /** Who may read the documents, in place of those whom a mail names. */
        public Builder readers(Readers readers) {
            this.readers = Check.notNull(readers, "readers");
            return this;
        }

        /**
         * Where a person finds a mail, with {@code {folder}}, {@code {validity}}, {@code {uid}} or {@code {message_id}}; its
         * {@code imap://} address unless set.
         */
        public Builder url(String template) {
            this.url = Check.notBlank(template, "url");
            return this;
        }

        /** The most bytes of a mail with all that is attached; 16 MiB unless set. */
        public Builder maxBytes(long bytes) {
            this.maxBytes = Check.positive(bytes, "maxBytes");
            return this;
        }

        /** The most mails in one page of the list; 500 unless set. */
        public Builder pageSize(int mails) {
            this.pageSize = Check.positive(mails, "pageSize");
            return this;
        }

        /** The connector. The server is not asked before the first list. */
        public ImapConnector build() {
            int usual = security == Security.TLS ? 993 : 143;
            Mailbox.Server server = new Mailbox.Server(
                    host,
                    port == 0 ? usual : port,
                    security,
                    Check.notNull(user, "user"),
                    Check.notNull(secret, "secret"),
                    token,
                    factory,
                    (int) Math.max(1, timeout.toMillis()));
            return new ImapConnector(this, server);
        }
    }
}
