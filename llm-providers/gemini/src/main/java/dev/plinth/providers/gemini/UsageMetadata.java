package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.UsageCounts;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code usageMetadata} of an answer. What servers run tools with is counted beside the prompt, and thoughts beside the
 * answer; a count of zero is left out, so an answer of none is known by the total.
 */
final class UsageMetadata {

    private static final long ABSENT = -1;

    private long prompt = ABSENT;
    private long tools = ABSENT;
    private long cached = ABSENT;
    private long candidates = ABSENT;
    private long thoughts = ABSENT;
    private long total = ABSENT;
    private @Nullable String serviceTier;

    /** Reads the object the parser stands at; of a stream, each that counts at all counts everything again. */
    void read(JsonParser json, UsageCounts counts) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        prompt = ABSENT;
        tools = ABSENT;
        cached = ABSENT;
        candidates = ABSENT;
        thoughts = ABSENT;
        total = ABSENT;
        readFields(json);
        if (prompt != ABSENT || candidates != ABSENT || thoughts != ABSENT) {
            tell(counts);
        }
    }

    /** The class of service; null: not said. */
    @Nullable
    String serviceTier() {
        return serviceTier;
    }

    private void readFields(JsonParser json) throws IOException {
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "promptTokenCount" -> prompt = Json.number(json, ABSENT);
                case "toolUsePromptTokenCount" -> tools = Json.number(json, ABSENT);
                case "cachedContentTokenCount" -> cached = Json.number(json, ABSENT);
                case "candidatesTokenCount", "responseTokenCount" -> candidates = Json.number(json, candidates);
                case "thoughtsTokenCount" -> thoughts = Json.number(json, ABSENT);
                case "totalTokenCount" -> total = Json.number(json, ABSENT);
                case "serviceTier", "trafficType" -> serviceTier = Json.firstText(json, serviceTier);
                default -> json.skipChildren();
            }
        }
    }

    private void tell(UsageCounts counts) {
        counts.input(prompt == ABSENT ? ABSENT : prompt + Math.max(0, tools));
        counts.cachedInput(cached);
        counts.output(answer());
        counts.reasoning(thoughts);
    }

    /** The answer without the thoughts. */
    private long answer() {
        if (candidates != ABSENT) {
            return candidates;
        }
        if (prompt != ABSENT && total != ABSENT) {
            return Math.max(0, total - prompt - Math.max(0, tools) - Math.max(0, thoughts));
        }
        return thoughts == ABSENT ? ABSENT : 0;
    }
}
