/** The mails of a mailbox as documents: {@link dev.plinth.rag.connectors.imap.ImapConnector}. */
@NullMarked
package dev.plinth.rag.connectors.imap;

import org.jspecify.annotations.NullMarked;
