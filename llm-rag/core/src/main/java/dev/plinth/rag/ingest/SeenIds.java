package dev.plinth.rag.ingest;

/**
 * The ids that a source has listed, and the version of each that it listed last, as 64-bit hashes: 32 to 64 bytes for
 * each, so that a source of ten million documents fits. Two ids of one hash, which ten million ids have with a chance of
 * about 3 in a million, keep a document that is gone for as long as the source lists the other one.
 */
final class SeenIds {
    private static final long NO_VERSION = 0;

    private long[] slots = new long[1024];
    private long[] versions = new long[slots.length];
    private int count;

    /** Whether it is new. It is without a version from now on, so that any version of it is another one. */
    boolean add(String id) {
        int before = count;
        put(hash(id), NO_VERSION);
        return count > before;
    }

    /** Whether it is new, or was listed last in another version. */
    boolean add(String id, String version) {
        long hash = hash(version);
        return put(hash(id), hash) != hash;
    }

    boolean contains(String id) {
        long hash = hash(id);
        int at = slot(slots, hash);
        return slots[at] == hash;
    }

    /** The version that was there before. */
    private long put(long hash, long version) {
        if (count * 2 >= slots.length) {
            grow();
        }
        int at = slot(slots, hash);
        count += slots[at] == 0 ? 1 : 0;
        long before = versions[at];
        slots[at] = hash;
        versions[at] = version;
        return before;
    }

    private void grow() {
        long[] more = new long[slots.length * 2];
        long[] moreVersions = new long[more.length];
        for (int from = 0; from < slots.length; from++) {
            if (slots[from] != 0) {
                int to = slot(more, slots[from]);
                more[to] = slots[from];
                moreVersions[to] = versions[from];
            }
        }
        slots = more;
        versions = moreVersions;
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
