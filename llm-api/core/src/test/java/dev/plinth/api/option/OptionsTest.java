package dev.plinth.api.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final OptionKey<String> EFFORT = new OptionKey<>("vendor.effort", String.class);
    private static final OptionKey<Integer> TOP = new OptionKey<>("vendor.top", Integer.class);

    @Test
    void keepsValuesByKey() {
        Options options = Options.NONE.with(EFFORT, "low").with(TOP, 5).with(EFFORT, "high");
        assertThat(options.get(EFFORT)).contains("high");
        assertThat(options.get(TOP)).contains(5);
        assertThat(options.names()).containsExactly("vendor.effort", "vendor.top");
        assertThat(Options.NONE.get(EFFORT)).isEmpty();
        assertThat(options).isEqualTo(Options.NONE.with(TOP, 5).with(EFFORT, "high"));
        assertThat(options.hashCode())
                .isEqualTo(Options.NONE.with(TOP, 5).with(EFFORT, "high").hashCode());
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void refusesAValueOfAnotherType() {
        OptionKey raw = TOP;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.NONE.with(raw, "five"))
                .withMessage("vendor.top: java.lang.String (expected: java.lang.Integer)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.NONE.with(raw, null))
                .withMessage("vendor.top: null (expected: not null)");
    }
}
