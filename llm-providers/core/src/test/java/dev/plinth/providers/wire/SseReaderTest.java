package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SseReaderTest {

    private static List<String> events(InputStream body) throws IOException {
        return events(new SseReader(body));
    }

    private static List<String> events(SseReader reader) throws IOException {
        List<String> events = new ArrayList<>();
        while (reader.next()) {
            events.add(reader.event() + "|" + reader.data());
        }
        return events;
    }

    private static List<String> events(String body) throws IOException {
        return events(Pieces.whole(body));
    }

    @Test
    void readsOneEventPerEmptyLine() throws IOException {
        assertThat(events("data: a\n\ndata: b\n\n")).containsExactly("|a", "|b");
    }

    @Test
    void linesMayEndInThreeWays() throws IOException {
        assertThat(events("data: a\r\n\r\ndata: b\r\rdata: c\n\n")).containsExactly("|a", "|b", "|c");
    }

    /** What Unicode calls ends of lines stands inside texts, and is no end of a line here. */
    @Test
    void otherLineEndsAreText() throws IOException {
        assertThat(events("data: a\u2028b\u2029c\u0085d\u000be\u000cf\n\n"))
                .containsExactly("|a\u2028b\u2029c\u0085d\u000be\u000cf");
    }

    @Test
    void dataLinesAreJoinedByLineFeeds() throws IOException {
        assertThat(events("data: a\ndata:\ndata\ndata: b\n\n")).containsExactly("|a\n\n\nb");
    }

    @Test
    void oneSpaceAfterTheColonIsDropped() throws IOException {
        assertThat(events("data:a\n\ndata: b\n\ndata:  c\n\ndata:\td\n\n")).containsExactly("|a", "|b", "| c", "|\td");
    }

    @Test
    void commentsAndUnknownFieldsArePassedOver() throws IOException {
        assertThat(events(": OPENROUTER PROCESSING\n\n:\nid: 7\nretry: 10\nDATA: x\ndatum: x\n data: x\ndata: a\n\n"))
                .containsExactly("|a");
    }

    @Test
    void objectWithoutAFieldIsData() throws IOException {
        assertThat(events("data: a\n\n{\n  \"error\": {\n  }\n}\n\ndata: b\n\n{}"))
                .containsExactly("|a", "|{\n  \"error\": {\n  }\n}", "|b", "|{}");
        assertThat(events("data: a\n{}\n\n")).containsExactly("|a");
    }

    @Test
    void nameBelongsToOneEvent() throws IOException {
        assertThat(
                        events(
                                "event: error\ndata: a\n\ndata: b\n\nevent: lost\n\ndata: c\n\nevent: x\nevent: y\ndata: d\n\n"))
                .containsExactly("error|a", "|b", "|c", "y|d");
    }

    @Test
    void sameNameIsTheSameString() throws IOException {
        SseReader reader = new SseReader(Pieces.whole("event: delta\ndata: a\n\nevent: delta\ndata: b\n\n"));
        reader.next();
        String first = reader.event();
        reader.next();
        assertThat(reader.event()).isSameAs(first).isEqualTo("delta");
    }

    @Test
    void byteOrderMarkAtTheStartIsDropped() throws IOException {
        assertThat(events("\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: \uFEFFc\n\n"))
                .containsExactly("|a", "|\uFEFFc");
    }

    @Test
    void lastEventNeedsNoEmptyLine() throws IOException {
        assertThat(events("data: a\n\ndata: b")).containsExactly("|a", "|b");
        assertThat(events("data: a\n\ndata: b\n")).containsExactly("|a", "|b");
        assertThat(events("data: a\n\nevent: x")).containsExactly("|a");
    }

    @Test
    void emptyDataIsAnEvent() throws IOException {
        assertThat(events("data\n\ndata:\n\n")).containsExactly("|", "|");
    }

    @Test
    void noBytesAreNoEvents() throws IOException {
        assertThat(events("")).isEmpty();
        assertThat(events("\n\n\r\n")).isEmpty();
    }

    @Test
    void dataIsComparedWithoutAString() throws IOException {
        SseReader reader = new SseReader(Pieces.whole("data: [DONE]\n\n"));
        assertThat(reader.next()).isTrue();
        assertThat(reader.dataIs("[DONE]")).isTrue();
        assertThat(reader.dataIs("[DONE")).isFalse();
        assertThat(reader.dataIs("[DONE}")).isFalse();
    }

    @Test
    void longEventGrowsTheBuffer() throws IOException {
        String data = "é".repeat(50_000);
        assertThat(events("data: a\n\ndata: " + data + "\n\ndata: b\n\n")).containsExactly("|a", "|" + data, "|b");
    }

    @Test
    void eventOverTheLimitIsRefused() {
        String line = "data: " + "x".repeat(40_000) + "\n\n";
        assertThatThrownBy(() -> events(new SseReader(Pieces.whole(line), 20_000)))
                .isInstanceOf(IOException.class)
                .hasMessage("event: over 20000 bytes (expected: at most so many)");
        String lines = "data: xxxxxxxxxxxxxxxxx\n".repeat(2_000);
        assertThatThrownBy(() -> events(new SseReader(Pieces.whole(lines), 20_000)))
                .hasMessageContaining("over 20000 bytes");
    }

    @Test
    void eventBeforeALongCommentStaysWhole() throws IOException {
        assertThat(events("data: a\n:" + "x".repeat(30_000) + "\ndata: b\n\n")).containsExactly("|a\nb");
    }

    @Test
    void everySplitInTwoReadsTheSame() throws IOException {
        String body =
                "\uFEFFevent: x\r\ndata: {\"a\":\"é👋\"}\r\n\r\n: c\rdata: b\rdata: 文\r\rdata:[DONE]\n\nevent: y\ndata: z";
        List<String> whole = events(body);
        assertThat(whole).containsExactly("x|{\"a\":\"é👋\"}", "|b\n文", "|[DONE]", "y|z");
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        for (int split = 1; split < length; split++) {
            assertThat(events(Pieces.of(body, split))).as("split at %d", split).isEqualTo(whole);
        }
        assertThat(events(Pieces.bytewise(body))).isEqualTo(whole);
    }

    @Property
    void anySplitReadsAsTheStandardDoes(@ForAll("bodies") String body, @ForAll int[] splits) throws IOException {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        int[] ends = Arrays.stream(splits)
                .map(split -> Math.floorMod(split, length + 1))
                .sorted()
                .toArray();
        assertThat(events(Pieces.of(body, ends))).isEqualTo(standard(body));
    }

    @Provide
    Arbitrary<String> bodies() {
        Arbitrary<String> text = Arbitraries.of("a", "b", " ", ":", "é", "👋", "{", "\t")
                .list()
                .ofMaxSize(6)
                .map(characters -> String.join("", characters));
        Arbitrary<String> field = Arbitraries.of("data", "data:", "data: ", "event: ", "event:", ":", "id: ", "x", "");
        Arbitrary<String> end = Arbitraries.of("\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\r\r");
        Arbitrary<String> line = Combinators.combine(field, text, end).as((name, value, stop) -> name + value + stop);
        return Combinators.combine(
                        Arbitraries.of("", "\uFEFF"), line.list().ofMaxSize(12), Arbitraries.of("", "data: z"))
                .as((mark, lines, last) -> mark + String.join("", lines) + last);
    }

    /** The standard's rules on whole text, written the plain way; with the two things that we let count as data. */
    private static List<String> standard(String body) {
        String text = body.startsWith("\uFEFF") ? body.substring(1) : body;
        List<String> events = new ArrayList<>();
        String name = "";
        StringBuilder data = new StringBuilder();
        boolean bare = false;
        for (String line : (text + "\n\n").split("\r\n|\r|\n", -1)) {
            if (line.isEmpty()) {
                if (data.length() > 0) {
                    events.add(name + "|" + data.substring(0, data.length() - 1));
                }
                name = "";
                data.setLength(0);
                bare = false;
                continue;
            }
            bare |= data.length() == 0 && line.startsWith("{");
            if (bare) {
                data.append(line).append('\n');
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            if (field.equals("data")) {
                data.append(value).append('\n');
            } else if (field.equals("event")) {
                name = value;
            }
        }
        return events;
    }
}
