package dev.plinth.providers.cohere;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class TextPlacesTest {

    /** The same place as Java's own count of code points finds in the whole text. */
    @Property
    void placesAreThoseOfTheWholeText(
            @ForAll("blocks") List<String> blocks, @ForAll @IntRange(max = 12) int codePoint) {
        TextPlaces places = new TextPlaces();
        StringBuilder whole = new StringBuilder();
        for (int block = 0; block < blocks.size(); block++) {
            for (String character :
                    blocks.get(block).codePoints().mapToObj(Character::toString).toList()) {
                places.add(character, block);
            }
            whole.append(blocks.get(block));
        }
        assertThat(places.length()).isEqualTo(whole.length());
        int start = 0;
        for (int block = 0; block < blocks.size(); block++) {
            int left = whole.codePointCount(start, whole.length());
            int expected = whole.offsetByCodePoints(start, Math.min(left, codePoint));
            assertThat(places.of(codePoint, block)).isEqualTo(expected);
            start += blocks.get(block).length();
        }
        assertThat(places.of(-1, 0)).isZero();
        assertThat(places.of(Long.MAX_VALUE, 99)).isEqualTo(whole.length());
    }

    @Provide
    Arbitrary<List<String>> blocks() {
        return Arbitraries.strings()
                .withChars('a', 'é', '€')
                .ofMinLength(1)
                .ofMaxLength(4)
                .flatMap(plain -> Arbitraries.of(plain, plain + "😀", "😀" + plain, "😀👍"))
                .filter(StandardCharsets.UTF_8.newEncoder()::canEncode)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }
}
