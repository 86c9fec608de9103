package dev.plinth.api.option;

import dev.plinth.api.check.Check;

/**
 * Names an option that only one vendor knows, with the type of its value. Vendors publish theirs as constants, such as
 * {@code OpenAi.REASONING_EFFORT}.
 *
 * @param name unique, by convention {@code vendor.option}
 * @param type of the value; immutable
 */
public record OptionKey<T>(String name, Class<T> type) {

    public OptionKey {
        Check.notBlank(name, "name");
        Check.notNull(type, "type");
    }
}
