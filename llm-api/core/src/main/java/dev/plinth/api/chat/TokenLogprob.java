package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import java.util.List;

/**
 * How likely a token of the answer was.
 *
 * @param token as text; of a character that is split over tokens, what the vendor makes of its bytes
 * @param logprob the natural logarithm of its probability: 0 is certain
 * @param alternatives the likeliest tokens in its place, likeliest first, without alternatives of their own; empty
 *     where none were asked for
 */
public record TokenLogprob(String token, double logprob, List<TokenLogprob> alternatives) {

    public TokenLogprob {
        Check.notNull(token, "token");
        Check.that(!Double.isNaN(logprob), "logprob", logprob, "a number");
        alternatives = List.copyOf(Check.notNull(alternatives, "alternatives"));
    }
}
