package dev.plinth.rag.version;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.VectorStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which versions of an index there are, and which of them is read.
 *
 * @param index its name
 * @param versions in the order they were made
 * @param activated numbers of the versions that were read, the present one last; empty: none yet
 * @param last the highest number a version ever had; 0: there was none yet
 */
public record Manifest(String index, List<Version> versions, List<Integer> activated, int last) {

    public Manifest {
        Check.notBlank(index, "index");
        versions = List.copyOf(Check.notNull(versions, "versions"));
        activated = List.copyOf(Check.notNull(activated, "activated"));
    }

    /**
     * One version.
     *
     * @param number from 1, never used again
     * @param stamp whose vectors it holds
     * @param created when
     */
    public record Version(int number, VectorStore.Stamp stamp, Instant created) {
        public Version {
            Check.positive(number, "number");
            Check.notNull(stamp, "stamp");
            Check.notNull(created, "created");
        }
    }

    /** The version that is read; empty when none is yet. */
    public Optional<Version> active() {
        return activated.isEmpty() ? Optional.empty() : version(activated.get(activated.size() - 1));
    }

    /** The version of this number. */
    public Optional<Version> version(int number) {
        return versions.stream().filter(version -> version.number() == number).findFirst();
    }

    Manifest with(Version version) {
        List<Version> more = new ArrayList<>(versions);
        more.add(version);
        return new Manifest(index, more, activated, Math.max(last, version.number()));
    }

    Manifest without(int number) {
        List<Integer> left = new ArrayList<>();
        for (int one : activated) {
            if (one != number && (left.isEmpty() || left.get(left.size() - 1) != one)) {
                left.add(one); // what was read before and after the one that is gone stands here once
            }
        }
        return new Manifest(
                index,
                versions.stream().filter(version -> version.number() != number).toList(),
                left,
                last);
    }

    Manifest activate(int number) {
        if (active().filter(active -> active.number() == number).isPresent()) {
            return this;
        }
        List<Integer> more = new ArrayList<>(activated);
        more.add(number);
        return new Manifest(index, versions, more, last);
    }

    Manifest rollBack() {
        return new Manifest(index, versions, activated.subList(0, activated.size() - 1), last);
    }

    /** A number that was never used: the versions that were dropped have left theirs in {@code last}. */
    int nextNumber() {
        return last + 1;
    }
}
