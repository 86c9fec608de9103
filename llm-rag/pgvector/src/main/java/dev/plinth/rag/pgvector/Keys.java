package dev.plinth.rag.pgvector;

import dev.plinth.rag.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/** What rows are found by: digests of ids, since an index takes no long ones. */
final class Keys {
    private Keys() {}

    /** The SHA-256 of the id, as it stands in its column, in UTF-8. */
    static byte[] of(String id) {
        return Sha256.bytes(PgText.escaped(id).getBytes(StandardCharsets.UTF_8));
    }

    /** The keys of these ids in ascending order. */
    static byte[][] of(Collection<String> ids) {
        byte[][] keys = ids.stream().map(Keys::of).toArray(byte[][]::new);
        Arrays.sort(keys, Arrays::compareUnsigned);
        return keys;
    }
}
