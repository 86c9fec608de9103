package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Part;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Marks of the prompt cache. The protocol keeps for five minutes or an hour: the shorter one that is long enough, if any. */
final class CacheMarks {

    private static final Duration SHORT = Duration.ofMinutes(5);

    private CacheMarks() {}

    /** Writes the field of a mark into the object that is being written; null: there is none. */
    static void write(Part.@Nullable CachePoint mark, JsonGenerator json) throws IOException {
        if (mark == null) {
            return;
        }
        json.writeObjectFieldStart("cache_control");
        json.writeStringField("type", "ephemeral");
        Duration keep = mark.keep();
        if (keep != null) {
            json.writeStringField("ttl", keep.compareTo(SHORT) <= 0 ? "5m" : "1h");
        }
        json.writeEndObject();
    }
}
