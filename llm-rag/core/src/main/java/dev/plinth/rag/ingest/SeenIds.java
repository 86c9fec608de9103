package dev.plinth.rag.ingest;

import java.util.Arrays;

/**
 * The ids that a source has listed, as 64-bit hashes: 16 to 32 bytes for each, so that a source of ten million documents
 * fits. Two ids of one hash, which ten million ids have with a chance of about 3 in a million, would keep a document one
 * run longer.
 */
final class SeenIds {
    private long[] slots = new long[1024];
    private int count;

    /** Whether it is new. */
    boolean add(String id) {
        if (count * 2 >= slots.length) {
            grow();
        }
        boolean added = put(slots, hash(id));
        count += added ? 1 : 0;
        return added;
    }

    boolean contains(String id) {
        long hash = hash(id);
        int at = slot(slots, hash);
        return slots[at] == hash;
    }

    private void grow() {
        long[] more = new long[slots.length * 2];
        Arrays.stream(slots).filter(hash -> hash != 0).forEach(hash -> put(more, hash));
        slots = more;
    }

    private static boolean put(long[] slots, long hash) {
        int at = slot(slots, hash);
        boolean free = slots[at] == 0;
        slots[at] = hash;
        return free;
    }

    /** Where the hash stands, or may stand. */
    private static int slot(long[] slots, long hash) {
        int at = (int) (hash ^ hash >>> 32) & slots.length - 1;
        while (slots[at] != 0 && slots[at] != hash) {
            at = at + 1 & slots.length - 1;
        }
        return at;
    }

    /** FNV-1a over the code units, mixed once more; never 0, which is a free slot. */
    private static long hash(String id) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash ^= hash >>> 31;
        return hash == 0 ? 1 : hash;
    }
}
