package dev.plinth.bench;

import dev.plinth.bench.wire.Recordings;
import java.io.IOException;

/** How far the adapters send what official clients sent, and read what they read. */
final class WireCommand implements Command {

    @Override
    public String usage() {
        return "--recordings DIR   requests of official SDKs with the answers they were served, one file a protocol";
    }

    @Override
    public void run(Options options, Figures figures) throws IOException {
        Recordings.compare(options.requiredPath("recordings"), System.out::println)
                .forEach((name, count) -> figures.set(name, (long) count));
    }
}
