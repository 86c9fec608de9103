package dev.plinth.rag.connectors.s3;

import dev.plinth.api.tck.ConnectorContract;
import dev.plinth.api.tck.ConnectorContract.Behavior;
import dev.plinth.api.tck.DocumentSource;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** A server that is not there at all, or denies one object, is tried by S3ConnectorTest. */
class S3ConnectorContractTest {
    private static final Set<Behavior> GAPS = EnumSet.of(
            Behavior.TOTAL, Behavior.CHANGES, Behavior.REMOVALS, Behavior.READERS, Behavior.DENIALS, Behavior.WAITS);

    @Nested
    class ReadByAll extends ConnectorContract {
        @Override
        protected DocumentSource source() {
            return new TestBucket(false);
        }

        @Override
        protected Set<Behavior> unsupported() {
            return GAPS;
        }
    }

    @Nested
    class WithReadersOfTheirOwn extends ConnectorContract {
        @Override
        protected DocumentSource source() {
            return new TestBucket(true);
        }

        @Override
        protected Set<Behavior> unsupported() {
            Set<Behavior> gaps = EnumSet.copyOf(GAPS);
            gaps.remove(Behavior.READERS);
            return gaps;
        }
    }
}
