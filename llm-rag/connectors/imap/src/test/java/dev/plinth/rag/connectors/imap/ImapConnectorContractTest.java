package dev.plinth.rag.connectors.imap;

import dev.plinth.api.tck.ConnectorContract;
import dev.plinth.api.tck.DocumentSource;
import java.util.Set;

class ImapConnectorContractTest extends ConnectorContract {
    @Override
    protected DocumentSource source() throws Exception {
        return new TestMailbox();
    }

    /** Who may read a mail does not change: ImapConnectorTest tries who may. */
    @Override
    protected Set<Behavior> unsupported() {
        return Set.of(
                Behavior.TOTAL,
                Behavior.SAME_ID,
                Behavior.CONTENT_VERSIONS,
                Behavior.READERS,
                Behavior.DENIALS,
                Behavior.WAITS);
    }
}
