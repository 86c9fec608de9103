package dev.plinth.rag.connectors.imap;

import dev.plinth.api.error.LlmException;
import dev.plinth.rag.parse.DocumentParser;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the text of one mail: what it says, then its attachments. For one use. */
final class MailText {
    private static final int MAX_DEPTH = 20;
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private final DocumentParser parser;
    private final boolean withAttachments;
    private final boolean withoutQuotes;
    private final StringBuilder body = new StringBuilder();
    private final StringBuilder attached = new StringBuilder();
    private final Set<String> attachments = new TreeSet<>();
    private final Set<String> unread = new TreeSet<>();

    MailText(DocumentParser parser, boolean withAttachments, boolean withoutQuotes) {
        this.parser = parser;
        this.withAttachments = withAttachments;
        this.withoutQuotes = withoutQuotes;
    }

    String of(MimeMessage mail) throws MessagingException, IOException {
        read(mail, 0);
        String said = withoutQuotes ? QuotedReplies.trim(body.toString()) : body.toString();
        return said.strip() + attached;
    }

    /** The names of the attachments. */
    Set<String> attachments() {
        return attachments;
    }

    /** The names of those of which the text is not there: no kind that is read, or broken. */
    Set<String> unread() {
        return unread;
    }

    private void read(Part part, int depth) throws MessagingException, IOException {
        if (depth > MAX_DEPTH) {
            throw new MessagingException("parts: more than " + MAX_DEPTH + " within each other (expected: fewer)");
        }
        String name = fileName(part);
        boolean attachment = Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition()) || name != null;
        if (part.isMimeType("multipart/alternative")) {
            read(best((Multipart) part.getContent()), depth + 1);
        } else if (part.isMimeType("multipart/*")) {
            Multipart parts = (Multipart) part.getContent();
            for (int i = 0; i < parts.getCount(); i++) {
                read(parts.getBodyPart(i), depth + 1);
            }
        } else if (part.isMimeType("message/rfc822")) {
            forwarded(part, depth);
        } else if (attachment) {
            attach(part, name == null ? "unnamed" : name);
        } else if (part.isMimeType("text/html")) {
            say(html(part));
        } else if (part.isMimeType("text/*")) {
            say(text(part));
        }
    }

    /** Plain text that says something, else HTML, else the last, which its writer held for the best. */
    private static BodyPart best(Multipart versions) throws MessagingException, IOException {
        int chosen = versions.getCount() - 1;
        if (chosen < 0) {
            throw new MessagingException("multipart: empty (expected: a part)");
        }
        for (int i = versions.getCount() - 1; i >= 0; i--) {
            if (versions.getBodyPart(i).isMimeType("text/html")) {
                chosen = i;
            }
        }
        for (int i = versions.getCount() - 1; i >= 0; i--) {
            BodyPart version = versions.getBodyPart(i);
            if (version.isMimeType("text/plain") && !text(version).isBlank()) {
                chosen = i;
            }
        }
        return versions.getBodyPart(chosen);
    }

    private void forwarded(Part part, int depth) throws MessagingException, IOException {
        if (part.getContent() instanceof MimeMessage mail) {
            say("---------- " + (mail.getSubject() == null ? "" : mail.getSubject()) + " ----------");
            read(mail, depth + 1);
        }
    }

    private void attach(Part part, String name) throws MessagingException, IOException {
        attachments.add(name);
        String mediaType = part.getContentType().replaceAll("(?s);.*", "").strip();
        if (!withAttachments || !parser.accepts(name, mediaType)) {
            unread.add(name);
            return;
        }
        try {
            String text = parser.parse(name, mediaType, bytes(part)).text();
            attached.append("\n\n# ").append(name).append("\n\n").append(text.strip());
        } catch (LlmException broken) {
            unread.add(name);
        }
    }

    private void say(String text) {
        body.append(body.length() == 0 ? "" : "\n\n").append(text.strip());
    }

    private String html(Part part) throws MessagingException, IOException {
        String html = text(part);
        return parser.accepts("mail.html", "text/html")
                ? parser.parse("mail.html", "text/html", html.getBytes(StandardCharsets.UTF_8))
                        .text()
                : HtmlText.of(html);
    }

    private static String text(Part part) throws MessagingException, IOException {
        String text;
        try {
            text = part.getContent() instanceof String said ? said : decoded(bytes(part));
        } catch (UnsupportedEncodingException unknown) {
            text = decoded(bytes(part));
        }
        return text.replace("\r\n", "\n");
    }

    /** Of a charset that nobody knows, such as unknown-8bit: most mails are in UTF-8, and old ones as Windows wrote. */
    private static String decoded(byte[] text) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException other) {
            return new String(text, WINDOWS);
        }
    }

    private static byte[] bytes(Part part) throws MessagingException, IOException {
        try (var stream = part.getInputStream()) {
            return stream.readAllBytes();
        }
    }

    private static @Nullable String fileName(Part part) throws MessagingException {
        String name = part.getFileName();
        if (name == null || name.isBlank()) {
            return null;
        }
        try {
            return MimeUtility.decodeText(name);
        } catch (UnsupportedEncodingException unknown) {
            return name;
        }
    }
}
