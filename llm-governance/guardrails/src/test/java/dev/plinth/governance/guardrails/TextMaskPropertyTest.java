package dev.plinth.governance.guardrails;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Whatever the pieces a text comes in, the masked text is the same, and little is kept back. */
class TextMaskPropertyTest {

    private static final List<Detector> ALL = List.of(new EmailDetector(), new CardDetector(), new TokenDetector());

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> fragments = Arbitraries.frequencyOf(
                Tuple.of(
                        6,
                        Arbitraries.of(
                                "anna@example.com",
                                "k@example.io",
                                "müller@example.de",
                                "x@y.co@z.org",
                                "4111 1111 1111 1111",
                                "4242424242424242",
                                "3714-496353-98431",
                                "5555 5555",
                                "<EMAIL_1>",
                                "<CARD_12>",
                                "<EMAIL_",
                                "git@github.com:a/b",
                                "1763942400000")),
                Tuple.of(4, Arbitraries.of(" ", "-", ".", ",", "@", "\"", "\\", "\\n", "<", ">", ": ", "\n", "'")),
                Tuple.of(2, Arbitraries.strings().withChars("ab1.@- _<>\\\"é4").ofMaxLength(8)),
                Tuple.of(
                        1,
                        Arbitraries.integers()
                                .between(40, 400)
                                .flatMap(length -> Arbitraries.of("a", "1", "1 ", "a.", "-", "@")
                                        .map(unit -> unit.repeat(length)))));
        return fragments.list().ofMinSize(1).ofMaxSize(12).map(parts -> String.join("", parts));
    }

    @Property(tries = 3000)
    void piecesDoNotMatter(
            @ForAll("texts") String text,
            @ForAll List<@IntRange(min = 1, max = 30) Integer> sizes,
            @ForAll boolean json) {
        String whole = masked(List.of(text), json);
        assertThat(masked(cut(text, sizes), json)).isEqualTo(whole);
        assertThat(masked(text.codePoints().mapToObj(Character::toString).toList(), json))
                .isEqualTo(whole);
    }

    @Property(tries = 1000)
    void littleIsKeptBack(@ForAll("texts") String text) {
        TextMask mask = new TextMask(ALL, (kind, value) -> value, false);
        StringBuilder released = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            released.append(mask.append(text.substring(i, i + 1)));
            assertThat(i + 1 - released.length()).isLessThanOrEqualTo(TextMask.WINDOW);
            assertThat(text).startsWith(released);
        }
        assertThat(released + mask.flush()).isEqualTo(text);
    }

    @Property(tries = 1000)
    void whatStandsByItselfIsAlwaysMasked(@ForAll("texts") String before, @ForAll("texts") String after) {
        String values = "\n(anna.keller@example.com)\n4012 8888 8888 1881.\nMARTIN@EXAMPLE.COM,371449635398431\n";
        assertThat(once(before + values + after, new Tokens()))
                .doesNotContain("keller", "8888", "MARTIN", "EXAMPLE", "371449635398431");
    }

    @Example
    void longTextsAreNotKept() {
        String line = "ask anna@example.com about 4111 1111 1111 1111. ";
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            pieces.add(line.substring(0, 20));
            pieces.add(line.substring(20));
        }
        assertThat(masked(pieces, false))
                .isEqualTo("ask [EMAIL:anna@example.com] about [CARD:4111 1111 1111 1111]. ".repeat(2000));
    }

    private static String once(String text, Tokens tokens) {
        TextMask mask = new TextMask(RequestMask.PERSONAL_DATA, tokens::tokenOf, false);
        return mask.append(text) + mask.flush();
    }

    private static String masked(List<String> pieces, boolean json) {
        TextMask mask = new TextMask(ALL, (kind, value) -> "[" + kind + ":" + value + "]", json);
        StringBuilder masked = new StringBuilder();
        pieces.forEach(piece -> masked.append(mask.append(piece)));
        return masked.append(mask.flush()).toString();
    }

    private static List<String> cut(String text, List<Integer> sizes) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int size : sizes) {
            int end = Math.min(text.length(), start + size);
            pieces.add(text.substring(start, end));
            start = end;
        }
        pieces.add(text.substring(start));
        return pieces;
    }
}
