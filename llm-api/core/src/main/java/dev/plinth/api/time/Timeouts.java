package dev.plinth.api.time;

import dev.plinth.api.check.Check;
import java.time.Duration;

/**
 * How long each wait of one call may last. A {@link Deadline} in the call's context shortens all of them.
 *
 * @param connect until a connection stands
 * @param firstToken from the request's last byte to the answer's first; for streams only, since an answer in one piece
 *     begins when it is complete
 * @param betweenTokens between two reads of a running answer; for streams only
 * @param total from start to end of one attempt
 */
public record Timeouts(Duration connect, Duration firstToken, Duration betweenTokens, Duration total) {

    /** 10 s to connect, 60 s to the first token, 30 s between tokens, 10 min in all. */
    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofMinutes(10));

    public Timeouts {
        Check.positive(connect, "connect");
        Check.positive(firstToken, "firstToken");
        Check.positive(betweenTokens, "betweenTokens");
        Check.positive(total, "total");
    }

    /** The same limits with another one for connecting. */
    public Timeouts withConnect(Duration limit) {
        return new Timeouts(limit, firstToken, betweenTokens, total);
    }

    /** The same limits with another one for the wait for the first token. */
    public Timeouts withFirstToken(Duration limit) {
        return new Timeouts(connect, limit, betweenTokens, total);
    }

    /** The same limits with another one for the wait between tokens. */
    public Timeouts withBetweenTokens(Duration limit) {
        return new Timeouts(connect, firstToken, limit, total);
    }

    /** The same limits with another one for the whole attempt. */
    public Timeouts withTotal(Duration limit) {
        return new Timeouts(connect, firstToken, betweenTokens, limit);
    }
}
