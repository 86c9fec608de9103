/** The mails of a mailbox as documents. */
module dev.plinth.rag.connectors.imap {
    requires transitive dev.plinth.rag;
    requires jakarta.mail;
    requires static org.jspecify;

    exports dev.plinth.rag.connectors.imap;
}
