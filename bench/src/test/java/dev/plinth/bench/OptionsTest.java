package dev.plinth.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static Options parse(String... arguments) {
        return Options.parse(arguments, Set.of("quick"));
    }

    @Test
    void flagsHaveNoValueAndOptionsHaveOne() {
        Options options = parse("overhead", "--quick", "--rounds", "2");

        assertThat(options.flag("quick")).isTrue();
        assertThat(options.number("rounds", 1)).isEqualTo(2);
        assertThat(parse("overhead").flag("quick")).isFalse();
    }

    @Test
    void aMissingValueIsRefused() {
        assertThatThrownBy(() -> parse("overhead", "--quick", "--rounds"))
                .hasMessage("option: --rounds (expected: a value after it)");
        assertThatThrownBy(() -> parse("overhead", "quick"))
                .hasMessage("option: quick (expected: a name that starts with --)");
    }
}
