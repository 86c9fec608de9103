package dev.plinth.rag.connectors.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ImapPropertiesTest {
    private static Uids uids(Set<Long> numbers) {
        return Uids.of(numbers.stream().mapToLong(Long::longValue));
    }

    private static Set<Long> numbers(Uids uids) {
        Set<Long> numbers = new TreeSet<>();
        uids.stream().forEach(numbers::add);
        return numbers;
    }

    @Property
    void uidsAreASet(
            @ForAll @Size(max = 60) Set<@LongRange(min = 1, max = 100) Long> one,
            @ForAll @Size(max = 60) Set<@LongRange(min = 1, max = 100) Long> other,
            @ForAll @IntRange(max = 70) int most) {
        assertThat(numbers(Uids.parse(uids(one).toString()))).isEqualTo(new TreeSet<>(one));
        Set<Long> both = new TreeSet<>(one);
        both.addAll(other);
        assertThat(numbers(uids(one).plus(uids(other)))).isEqualTo(both);
        Set<Long> less = new TreeSet<>(one);
        less.removeAll(other);
        assertThat(numbers(uids(one).minus(uids(other)))).isEqualTo(less);
        assertThat(numbers(uids(one).first(most)))
                .containsExactlyElementsOf(
                        new TreeSet<>(one).stream().limit(most).toList());
    }

    @Example
    void uidsAreWrittenInRanges() {
        assertThat(uids(Set.of(7L, 1L, 2L, 3L, 5L, 6L))).hasToString("1:3,5:7");
        for (String bad : List.of("x", "0", "3:1", "1:", ",", "1:99999999999")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Uids.parse(bad));
        }
    }

    @Property
    void placesAreRead(
            @ForAll boolean complete,
            @ForAll boolean begun,
            @ForAll @IntRange(max = 2) int folder,
            @ForAll @Size(max = 20) Set<@LongRange(min = 1, max = 100) Long> known) {
        Place place = new Place(
                complete,
                folder,
                begun,
                List.of(new Place.State(7, 101, uids(known)), Place.State.UNKNOWN, Place.State.UNKNOWN));
        String text = place.text("settings");
        assertThat(Place.parse(text, "settings", 3))
                .hasValueSatisfying(read -> assertThat(read.text("settings")).isEqualTo(text));
        assertThat(Place.parse(text, "others", 3)).isEmpty();
        assertThat(Place.parse(text, "settings", 2)).isEmpty();
    }

    @Property
    void anyOtherTextIsNoPlace(@ForAll String text) {
        assertThat(Place.parse(text, "settings", 1)).isEmpty();
        assertThat(Place.parse("imap1;settings;" + text, "settings", 1)).isEmpty();
    }

    @Property
    void htmlOfAnyKindHasAText(@ForAll String html) {
        assertThat(HtmlText.of(html)).isEqualTo(HtmlText.of(html).strip());
    }

    @Example
    void noLineBeginsOrEndsWithASpace() {
        assertThat(HtmlText.of("a <b> </b> <br> <b> </b> <p> <br> <i> b</i> </p> c"))
                .isEqualTo("a\n\nb\nc");
    }

    @Example
    void aMailOfNothingButStartsTakesNoTime() {
        for (String start : List.of("<div", "<!--", "<style>", "<style", "&", "\n ", "<", "</")) {
            assertThat(HtmlText.of(start.repeat(300_000))).isNotNull();
        }
        for (String space : List.of("<b> ", "&nbsp;", " <br>", "<br> ", "&#10;")) {
            assertThat(HtmlText.of("a" + space.repeat(400_000) + "z"))
                    .startsWith("a")
                    .endsWith("z");
        }
        assertThat(QuotedReplies.trim("a\n" + " schrieb".repeat(100_000) + "\n> b"))
                .startsWith("a");
    }

    @Property
    void trimmingLeavesSomethingOfEveryText(@ForAll String text) {
        assertThat(QuotedReplies.trim(text).isBlank()).isEqualTo(text.isBlank());
    }

    @Example
    void trimsWhatIsKnown() {
        String answer = "Yes.\n\n-- \nBob";
        for (String repeated : List.of(
                "On Mon, Mar 2, 2026 at 9:00 AM Ada <a@example.org> wrote:\n\n> One\n>\n>> Zero\n",
                "Am 02.03.26 um 09:00 schrieb Ada:\n> Eins\n",
                "Le lun. 2 mars 2026, Ada a \u00e9crit :\n> Un\n\n",
                "On Mon, Mar 2, 2026 at 9:00 AM Ada with a long name\n<a@example.org> wrote:\n> One\n",
                "-----Original Message-----\nFrom: Ada\nSent: Monday\n\nOne\n",
                "> One\n")) {
            assertThat(QuotedReplies.trim(answer + "\n\n" + repeated))
                    .as(repeated)
                    .isEqualTo(answer);
        }
        String between = "> Shall we?\nYes.\n> When?\nToday.";
        assertThat(QuotedReplies.trim(between)).as("answers between the lines").isEqualTo(between);
        assertThat(QuotedReplies.trim("> all\n> quoted")).isEqualTo("> all\n> quoted");
    }
}
