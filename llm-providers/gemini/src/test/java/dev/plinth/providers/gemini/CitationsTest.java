package dev.plinth.providers.gemini;

import static dev.plinth.providers.gemini.Answers.candidate;
import static dev.plinth.providers.gemini.Answers.quoted;
import static dev.plinth.providers.gemini.Served.chat;
import static dev.plinth.providers.gemini.Served.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Citation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CitationsTest {
    private static final String CHUNKS = "\"groundingChunks\":[{\"web\":{\"uri\":\"https://a\",\"title\":\"A\"}},"
            + "{\"retrievedContext\":{\"title\":\"B\",\"text\":\"It says b.\",\"fileSearchStore\":\"s\"}},"
            + "{\"maps\":{\"uri\":\"https://m\",\"title\":\"M\",\"placeId\":\"p\"}},{\"web\":null},"
            + "{\"retrievedContext\":{\"text\":\"It says c.\",\"fileSearchStore\":\"fileSearchStores/s\"}}]";

    private static String grounded(String text, String supports) {
        return candidate("\"content\":{\"parts\":[{\"text\":" + quoted(text) + "}]},\"finishReason\":\"STOP\","
                + "\"groundingMetadata\":{" + CHUNKS + ",\"groundingSupports\":[" + supports
                + "],\"webSearchQueries\":[\"q\"]}");
    }

    private static String support(int start, int end, String words, String indices) {
        return "{\"segment\":{\"startIndex\":" + start + ",\"endIndex\":" + end
                + (words == null ? "" : ",\"text\":" + quoted(words)) + "},\"groundingChunkIndices\":[" + indices
                + "],\"confidenceScores\":[]}";
    }

    @Test
    void placesAreCountedInBytesButSaidInChars() {
        String text = "é€😀 is it. So is this.";
        String first = support(0, 16, "é€😀 is it.", "0,1");
        ChatResponse response = chat(grounded(text, first + "," + support(17, 28, null, "2,4")));
        assertThat(response.citations())
                .containsExactly(
                        new Citation(0, 11, "https://a", "A", null),
                        new Citation(0, 11, "B", "B", "It says b."),
                        new Citation(12, 23, "https://m", "M", null),
                        new Citation(12, 23, "fileSearchStores/s", null, "It says c."));
    }

    @Test
    void wordsDecideWhereTheyAre() {
        String text = "one two one two one";
        List<Citation> citations = chat(grounded(
                        text, support(10, 13, "one", "0") + "," + support(5, 9, "nowhere", "0")))
                .citations();
        assertThat(citations).extracting(Citation::start).containsExactly(8, 5);
        assertThat(citations).extracting(Citation::end).containsExactly(11, 9);
    }

    @Test
    void sourcesWithoutAPieceBackAllOfTheText() {
        assertThat(chat(grounded("Yes.", "")).citations()).contains(new Citation(0, 4, "https://a", "A", null));
    }

    @Test
    void indicesThatPointNowhereArePassedOver() {
        assertThat(chat(grounded("Yes.", support(0, 4, "Yes.", "-1,99,\"x\",0") + ",null,{}"))
                        .citations())
                .containsExactly(new Citation(0, 4, "https://a", "A", null));
    }

    @Test
    void streamsGoOnWithTheSourcesAndRepeatThemselves() {
        ChatResponse response = stream(
                        Answers.chunk("{\"text\":\"é one \"}"),
                        grounded("two", support(7, 10, "two", "0")),
                        candidate("\"groundingMetadata\":{\"groundingChunks\":[{\"web\":{\"uri\":\"https://z\"}}],"
                                + "\"groundingSupports\":[" + support(7, 10, "two", "0") + ","
                                + support(0, 2, "é", "5") + "]}"))
                .response();
        assertThat(response.text()).isEqualTo("é one two");
        assertThat(response.citations())
                .containsExactly(
                        new Citation(6, 9, "https://a", "A", null), new Citation(0, 1, "https://z", null, null));
    }

    @Test
    void recitedTextNamesItsSource() {
        for (String name : List.of("citationSources", "citations")) {
            ChatResponse response = chat(candidate("\"content\":{\"parts\":[{\"text\":\"aé b\"}]},"
                    + "\"finishReason\":\"STOP\",\"citationMetadata\":{\"" + name
                    + "\":[{\"startIndex\":1,\"endIndex\":3,\"uri\":\"https://a\",\"title\":\"A\",\"license\":\"MIT\"},"
                    + "{\"endIndex\":1}]}"));
            assertThat(response.citations())
                    .containsExactly(new Citation(1, 2, "https://a", "A", null), new Citation(0, 1, "", null, null));
        }
    }

    @Property(tries = 200)
    void anyPlaceLiesInTheText(@ForAll("texts") String text, @ForAll int start, @ForAll int end) {
        for (Citation citation :
                chat(grounded(text, support(start, end, null, "0"))).citations()) {
            assertThat(citation.end()).isBetween(citation.start(), text.length());
        }
    }

    @Property(tries = 200)
    void exactPlacesAreFound(@ForAll("texts") String before, @ForAll("texts") String words) {
        int start = before.getBytes(StandardCharsets.UTF_8).length;
        int end = start + words.getBytes(StandardCharsets.UTF_8).length;
        assertThat(chat(grounded(before + words + "!", support(start, end, null, "0")))
                        .citations())
                .containsExactly(
                        new Citation(before.length(), before.length() + words.length(), "https://a", "A", null));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "é", "€", "😀", " ")
                .list()
                .ofMinSize(1)
                .ofMaxSize(20)
                .map(list -> String.join("", list));
    }
}
