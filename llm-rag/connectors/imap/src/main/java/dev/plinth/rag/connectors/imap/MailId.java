package dev.plinth.rag.connectors.imap;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The id of a mail's document: {@code folder/validity/uid}. */
record MailId(String folder, long validity, long uid) {
    private static final Pattern ID = Pattern.compile("(.+)/(\\d{1,10})/(\\d{1,10})", Pattern.DOTALL);

    static Optional<MailId> parse(String id) {
        Matcher parts = ID.matcher(id);
        return parts.matches()
                ? Optional.of(
                        new MailId(parts.group(1), Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return folder + "/" + validity + "/" + uid;
    }
}
