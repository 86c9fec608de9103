package dev.plinth.tracing.content;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Stands for an id that must not be recorded: the same for the same id as long as the process runs, so that a call and
 * its result still match. It is made with a secret of the process, or else whoever guesses an address could try it out.
 */
final class Pseudonym {

    private static final int BYTES = 8;
    private static final byte[] SECRET = new byte[32];

    static {
        new SecureRandom().nextBytes(SECRET);
    }

    private Pseudonym() {}

    static String of(String id) {
        MessageDigest digest = sha256();
        digest.update(SECRET);
        byte[] hash = digest.digest(id.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every Java has it
        }
    }
}
