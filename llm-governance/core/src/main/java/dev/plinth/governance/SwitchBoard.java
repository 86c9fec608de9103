package dev.plinth.governance;

import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.time.TimeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a kill switch stops, by code and by file, and the streams that have to end when that changes.
 *
 * <p>Thread-safe.
 */
final class SwitchBoard {

    private final Object lock = new Object();
    private final Map<Stoppable, Stop> byCode = new LinkedHashMap<>(); // with the lock only
    private List<Stop> byFile = List.of(); // with the lock only
    private volatile Stops stops = Stops.NONE;

    // Weak: a stream that nobody reads to its end, and nobody closes, must not stay.
    private final Set<SwitchedStream> open =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final @Nullable StopsFile file;

    SwitchBoard(@Nullable Path path, TimeSource time) {
        this.file = path == null ? null : new StopsFile(path, time, this::fileSays);
    }

    /** All that is stopped by now. */
    Stops now() {
        if (file != null && file.lookAgain()) {
            endStopped();
        }
        return stops;
    }

    Optional<StopsFile.Look> lastLook() {
        return Optional.ofNullable(file).map(StopsFile::last);
    }

    void stop(Stop stop) {
        synchronized (lock) {
            byCode.put(stop.what(), stop);
            publish();
        }
        endStopped();
    }

    void resume(Stoppable what) {
        synchronized (lock) {
            byCode.remove(what);
            publish();
        }
    }

    private void fileSays(List<Stop> said) {
        synchronized (lock) {
            byFile = said;
            publish();
        }
    }

    private void publish() {
        List<Stop> all = new ArrayList<>(byCode.values());
        all.addAll(byFile);
        stops = new Stops(all);
    }

    /** The stream of a call, watched from now on. Its first read sees what was stopped before. */
    ChatStream opened(ChatStream stream, SwitchedCall call) {
        SwitchedStream switched = new SwitchedStream(stream, call, this::now, open::remove);
        open.add(switched);
        return switched;
    }

    private void endStopped() {
        Stops now = stops;
        for (SwitchedStream stream : open.toArray(new SwitchedStream[0])) {
            stream.endIfStopped(now);
        }
    }
}
