package dev.plinth.governance;

import dev.plinth.api.check.Check;
import java.time.Instant;

/**
 * What a {@link KillSwitch} stops, and why.
 *
 * @param what is stopped
 * @param reason in words for those whose calls are refused
 * @param owner who answers for it
 * @param since when
 */
public record Stop(Stoppable what, String reason, String owner, Instant since) {

    public Stop {
        Check.notNull(what, "what");
        Check.notBlank(reason, "reason");
        Check.notBlank(owner, "owner");
        Check.notNull(since, "since");
    }
}
