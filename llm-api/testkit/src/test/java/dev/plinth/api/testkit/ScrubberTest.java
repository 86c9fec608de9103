package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ScrubberTest {

    private static Scrubber of(String... secrets) {
        return new Scrubber(List.of(new Secrets(Set.of(secrets)).rule()));
    }

    private static List<byte[]> pieces(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> texts(List<byte[]> pieces) {
        return pieces.stream()
                .map(piece -> new String(piece, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void findsWhatLiesAcrossPiecesAndKeepsTheCuts() {
        assertThat(texts(of("canary").scrub(pieces("a can", "", "ar", "y b", "c", "canary"))))
                .containsExactly("a [scrubbed]", "", "", " b", "c", "[scrubbed]");
        assertThat(texts(of("canary").scrub(pieces("x", "canarycanary", "y"))))
                .containsExactly("x", "[scrubbed][scrubbed]", "y");
        assertThat(of("canary").scrub(List.of())).isEmpty();
    }

    @Test
    void findsSecretsAsJsonAndAddressesSpellThem() {
        String secret = "a/b \"c\"ö";
        String all = secret + " a\\/b \\\"c\\\"ö a/b \\\"c\\\"ö a%2Fb+%22c%22%C3%B6 a%2Fb%20%22c%22%C3%B6";
        assertThat(of(secret).scrub(all)).isEqualTo("[scrubbed] ".repeat(5).strip());
    }

    @Test
    void takesTheLongestFirst() {
        assertThat(of("canary", "canary-long").scrub("canary-long canary")).isEqualTo("[scrubbed] [scrubbed]");
    }

    @Test
    void rulesSeeTheWholeBodyAndMayAnswerWhatTheyFound() {
        Scrubber.Rule rule = new Scrubber.Rule(
                Pattern.compile("user-(\\d+)"), found -> "$" + found.group(1).length());
        assertThat(texts(new Scrubber(List.of(rule)).scrub(pieces("us", "er-123 user-1", "2"))))
                .containsExactly("$3", " $2", "");
    }

    @Property(tries = 500)
    void cutsStayWhereTheyWere(
            @ForAll @Chars({'a', 'b', 'c', 'ö', '\u20ac'}) @StringLength(max = 30) String text,
            @ForAll @Size(max = 5) List<@IntRange(max = 60) Integer> places) {
        byte[] whole = text.getBytes(StandardCharsets.UTF_8);
        List<Integer> cuts = places.stream()
                .map(place -> Math.min(place, whole.length))
                .sorted()
                .toList();
        List<byte[]> pieces = new ArrayList<>();
        int start = 0;
        for (int cut : cuts) {
            pieces.add(Arrays.copyOfRange(whole, start, cut));
            start = cut;
        }
        pieces.add(Arrays.copyOfRange(whole, start, whole.length));

        List<byte[]> scrubbed = of("abab").scrub(pieces);

        assertThat(scrubbed).hasSameSizeAs(pieces);
        String before = "";
        String after = "";
        for (int i = 0; i < pieces.size(); i++) {
            before += new String(pieces.get(i), StandardCharsets.ISO_8859_1);
            after += new String(scrubbed.get(i), StandardCharsets.ISO_8859_1);
            String rest = new String(whole, StandardCharsets.ISO_8859_1).substring(before.length());
            if ((before + rest).replace("abab", "!").equals(before.replace("abab", "!") + rest.replace("abab", "!"))) {
                assertThat(after).isEqualTo(before.replace("abab", Secrets.SCRUBBED));
            }
        }
        assertThat(after).isEqualTo(before.replace("abab", Secrets.SCRUBBED));
    }
}
