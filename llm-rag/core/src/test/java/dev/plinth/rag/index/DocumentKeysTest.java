package dev.plinth.rag.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Nothing is taken for another. */
class DocumentKeysTest {
    @Test
    void kindsAndTenantsHaveOwnTermsAndKeys() {
        List<DocumentKeys> all = List.of(
                DocumentKeys.chunks(""),
                DocumentKeys.chunks("a"),
                DocumentKeys.chunks("a'; --"),
                DocumentKeys.entries("a"),
                DocumentKeys.checkpoints("a"));
        assertThat(all).extracting(DocumentKeys::owner).doesNotHaveDuplicates().allMatch(term -> term.matches("\\w+"));
        assertThat(all).extracting(keys -> keys.of("x")).doesNotHaveDuplicates().allMatch(key -> key.length() == 64);
        assertThat(DocumentKeys.chunks("").of("a\uD800"))
                .isNotEqualTo(DocumentKeys.chunks("").of("a\uD801"));
    }

    @Property
    void keysAreTheSameForTheSameNamesOnly(
            @ForAll @Size(max = 3) List<String> one, @ForAll @Size(max = 3) List<String> other) {
        DocumentKeys keys = DocumentKeys.entries("t");
        assertThat(keys.of(one.toArray(String[]::new)).equals(keys.of(other.toArray(String[]::new))))
                .isEqualTo(one.equals(other));
    }
}
