package dev.plinth.providers.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.option.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Writes for how long the server shall keep the model loaded, as a duration of Go. */
final class KeepAlive {

    private KeepAlive() {}

    static void write(Options options, JsonGenerator json) throws IOException {
        Optional<Duration> span = options.get(Ollama.KEEP_ALIVE);
        if (span.isPresent()) {
            json.writeStringField("keep_alive", text(span.get()));
        }
    }

    private static String text(Duration span) {
        if (span.toMillisPart() != 0) {
            return span.toMillis() + "ms";
        }
        long seconds = span.toSeconds();
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
