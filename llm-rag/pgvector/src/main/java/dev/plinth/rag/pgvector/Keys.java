package dev.plinth.rag.pgvector;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;

/** What rows are found by: digests of ids, since an index takes no long ones. */
final class Keys {
    private Keys() {}

    /** The SHA-256 of the id, as it stands in its column, in UTF-8. */
    static byte[] of(String id) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(PgText.escaped(id).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: missing (expected: in every JDK)", impossible);
        }
    }

    /** The keys of these ids in ascending order. */
    static byte[][] of(Collection<String> ids) {
        byte[][] keys = ids.stream().map(Keys::of).toArray(byte[][]::new);
        Arrays.sort(keys, Arrays::compareUnsigned);
        return keys;
    }
}
