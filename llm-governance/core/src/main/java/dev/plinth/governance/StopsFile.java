package dev.plinth.governance;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidFileException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The file of a kill switch, looked at again by those who ask. It is read whole each time: it is small, and neither its
 * time nor its length tells for sure whether it was replaced.
 *
 * <p>Thread-safe.
 */
final class StopsFile {

    /** How old what is known may be: half of the second within which a switch has to hold. */
    private static final Duration OLD = Duration.ofMillis(500);

    /**
     * What came of the last look.
     *
     * @param readAt when the file was read well for the last time
     * @param problem why it was not read well since; null: it was
     */
    record Look(Instant readAt, @Nullable LlmException problem) {}

    private final YamlFile file;
    private final TimeSource time;
    private final Consumer<List<Stop>> changed;
    private final ReentrantLock looking = new ReentrantLock();
    private String text; // with the lock only
    private volatile long lookedNanos;
    private volatile Look last;

    /**
     * Reads the file.
     *
     * @param changed told what the file says: now, and whenever that changes
     * @throws StoreException if it cannot be read
     * @throws InvalidFileException if it breaks the format
     */
    StopsFile(Path path, TimeSource time, Consumer<List<Stop>> changed) {
        this.file = new YamlFile(path, "kill switch");
        this.time = time;
        this.changed = changed;
        this.lookedNanos = time.nanos();
        this.last = new Look(time.now(), null);
        this.text = file.text();
        changed.accept(file.parse(text, StopsReader::read));
    }

    Look last() {
        return last;
    }

    /**
     * Looks at the file again if it is time to, and nobody else does.
     *
     * @return whether it says something else now
     */
    boolean lookAgain() {
        if (!isOld() || !looking.tryLock()) {
            return false;
        }
        try {
            return isOld() && look();
        } finally {
            looking.unlock();
        }
    }

    private boolean isOld() {
        return time.nanos() - lookedNanos >= OLD.toNanos();
    }

    private boolean look() {
        lookedNanos = time.nanos();
        try {
            String now = file.text();
            boolean other = !now.equals(text);
            if (other) {
                changed.accept(file.parse(now, StopsReader::read));
                text = now;
            }
            last = new Look(time.now(), null);
            return other;
        } catch (LlmException problem) {
            last = new Look(last.readAt(), problem);
        } catch (RuntimeException | StackOverflowError unexpected) { // whatever is in the file, calls go on
            String message = "kill switch: not readable (expected: as in the format)";
            last = new Look(last.readAt(), new StoreException(message, ErrorDetails.NONE, unexpected));
        }
        return false;
    }
}
