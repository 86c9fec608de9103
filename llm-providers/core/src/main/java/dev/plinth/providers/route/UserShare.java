package dev.plinth.providers.route;

import dev.plinth.api.context.CallContext;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A number from 0 up to 1 for a name that is always the same for a user, or else for a session, in every process; for calls
 * that have neither it is drawn.
 */
@FunctionalInterface
interface UserShare {

    double of(String name);

    static UserShare of(CallContext context) {
        Optional<String> who = context.principal()
                .flatMap(principal -> Optional.ofNullable(principal.user()))
                .or(context::session);
        if (who.isEmpty()) {
            return name -> ThreadLocalRandom.current().nextDouble();
        }
        return name -> (hash(who.get() + '\n' + name) >>> 11) * 0x1.0p-53;
    }

    /** FNV-1a over the characters, its bits spread by the finish of MurmurHash3. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
