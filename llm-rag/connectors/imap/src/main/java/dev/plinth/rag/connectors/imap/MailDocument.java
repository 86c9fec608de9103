package dev.plinth.rag.connectors.imap;

import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.text.Sha256;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a document of a mail. Immutable. */
final class MailDocument {
    private static final Pattern MESSAGE_ID = Pattern.compile("<([^<>\\s]+)>");

    private final DocumentParser parser;
    private final boolean withAttachments;
    private final boolean withoutQuotes;
    private final @Nullable Readers readers;
    private final String url;

    MailDocument(ImapConnector.Builder builder) {
        this.parser = builder.attachments == null ? DocumentParser.text() : builder.attachments;
        this.withAttachments = builder.attachments != null;
        this.withoutQuotes = builder.withoutQuotes;
        this.readers = builder.readers;
        this.url = builder.url;
    }

    /** Of what makes another document of the same mail. */
    String fingerprint() {
        return Sha256.of(List.of(
                readers == null ? "participants" : readers.text(),
                parser.fingerprint(),
                Boolean.toString(withAttachments),
                Boolean.toString(withoutQuotes),
                url));
    }

    Document of(MailId id, MimeMessage mail) throws MessagingException, IOException {
        Set<String> from = addresses(mail.getFrom());
        Set<String> to = addresses(mail.getRecipients(Message.RecipientType.TO));
        to.addAll(
                addresses(mail.getRecipients(Message.RecipientType.CC))); // whom Bcc names, the others are not to know
        MailText text = new MailText(parser, withAttachments, withoutQuotes);
        String said = text.of(mail);
        String messageId = first(mail.getHeader("Message-ID", " "));
        Metadata facts = Metadata.NONE
                .with("folder", id.folder())
                .with("from", String.join(", ", from))
                .with("to", Value.of(to));
        if (messageId != null) {
            facts = facts.with("message_id", messageId);
        }
        String thread = thread(mail, messageId);
        if (thread != null) {
            facts = facts.with("thread", thread);
        }
        if (mail.getSentDate() != null) {
            facts = facts.with(
                    Document.MODIFIED, Value.of(mail.getSentDate().toInstant().toEpochMilli()));
        }
        if (!text.attachments().isEmpty()) {
            facts = facts.with("attachments", Value.of(text.attachments()));
        }
        if (!text.unread().isEmpty()) {
            facts = facts.with("unread_attachments", Value.of(text.unread()));
        }
        String subject = mail.getSubject() == null ? "" : mail.getSubject();
        return new Document(id.toString(), subject, said, place(id, messageId), readers(from, to), facts);
    }

    private Readers readers(Set<String> from, Set<String> to) {
        if (readers != null) {
            return readers;
        }
        Set<String> names = new TreeSet<>(from);
        names.addAll(to);
        return new Readers(names);
    }

    /** Without their names, in lower case; what is no address is left out, which lets nobody read more. */
    private static Set<String> addresses(Address @Nullable [] addresses) {
        Set<String> all = new TreeSet<>();
        for (Address address : addresses == null ? new Address[0] : addresses) {
            if (address instanceof InternetAddress one
                    && one.getAddress() != null
                    && one.getAddress().contains("@")) {
                all.add(one.getAddress().toLowerCase(Locale.ROOT));
            }
        }
        return all;
    }

    /** The first mail of the conversation: of those it refers to, or the one it answers, or itself. */
    private static @Nullable String thread(MimeMessage mail, @Nullable String own) throws MessagingException {
        String references = first(mail.getHeader("References", " "));
        String answered = first(mail.getHeader("In-Reply-To", " "));
        return references != null ? references : answered != null ? answered : own;
    }

    private static @Nullable String first(@Nullable String header) {
        Matcher id = MESSAGE_ID.matcher(header == null ? "" : header);
        return id.find() ? id.group(1) : null;
    }

    private String place(MailId id, @Nullable String messageId) {
        return url.replace("{folder}", encoded(id.folder()))
                .replace("{validity}", Long.toString(id.validity()))
                .replace("{uid}", Long.toString(id.uid()))
                .replace("{message_id}", messageId == null ? "" : encoded(messageId));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }
}
