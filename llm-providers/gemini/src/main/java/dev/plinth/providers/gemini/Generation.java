package dev.plinth.providers.gemini;

import java.util.Locale;

/** What a model's name says of its generation. */
final class Generation {

    private Generation() {}

    /** Whether it is older than Gemini 3: such models take budgets of thinking and do not ask for signed calls. */
    static boolean beforeThree(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return name.startsWith("gemini-1") || name.startsWith("gemini-2");
    }
}
