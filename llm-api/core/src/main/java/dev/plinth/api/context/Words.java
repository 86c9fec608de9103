package dev.plinth.api.context;

import java.util.Locale;

/** Constants as words for telemetry. */
final class Words {

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
