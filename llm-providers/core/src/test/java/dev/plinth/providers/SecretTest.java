package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SecretTest {

    @Test
    void showsItselfByNameOnly() {
        Secret secret = Secret.of(" sk-1234\n");
        assertThat(secret.reveal()).isEqualTo("sk-1234");
        assertThat(secret)
                .hasToString("Secret[***]")
                .isEqualTo(Secret.of("sk-1234"))
                .isNotEqualTo(Secret.of("sk-5"));
    }

    @Test
    void refusesWhatNoHeaderTakesWithoutRepeatingIt() {
        for (String value : new String[] {"", "  ", "two words", "line\nbreak", "schlüssel"}) {
            assertThatThrownBy(() -> Secret.of(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("secret: ")
                    .hasMessageNotContainingAny("two words", "break", "schlüssel");
        }
    }
}
