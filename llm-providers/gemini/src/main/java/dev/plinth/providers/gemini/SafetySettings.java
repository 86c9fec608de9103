package dev.plinth.providers.gemini;

import dev.plinth.api.check.Check;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * From which probability of harm on Gemini blocks a prompt or an answer.
 *
 * @param thresholds by category, both in Google's words, such as {@code HARM_CATEGORY_HARASSMENT} and {@code
 *     BLOCK_ONLY_HIGH}; categories that are not named stay as Google has them
 */
public record SafetySettings(Map<String, String> thresholds) {

    public SafetySettings {
        Check.notNull(thresholds, "thresholds");
        thresholds.forEach((category, threshold) -> {
            Check.notBlank(category, "category");
            Check.notBlank(threshold, category);
        });
        thresholds = Collections.unmodifiableMap(new TreeMap<>(thresholds));
    }
}
