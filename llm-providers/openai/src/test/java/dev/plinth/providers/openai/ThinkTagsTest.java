package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatResponse;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThinkTagsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<think>hm, 1 < 2</think>Yes|hm, 1 < 2|Yes",
                "` \n<think>hm</think>\n\nYes`|hm|Yes",
                "<think></think>Yes|``|Yes",
                "<think>cut sho|cut sho|``",
                "Yes <think>no</think>|``|Yes <think>no</think>",
                "<thin|``|<thin",
                "<thinking>Yes|``|<thinking>Yes",
                "<b>Yes</b>|``|<b>Yes</b>",
                "`  indented`|``|`  indented`",
                "<think>a</think>b</think>|a|b</think>",
            })
    void thoughtsAreNoText(String content, String reasoning, String text) {
        ChatResponse plain = Served.chat(Chunks.completion(content));
        assertThat(plain.reasoning()).isEqualTo(reasoning);
        assertThat(plain.text()).isEqualTo(text);
    }

    @Property(tries = 200)
    void anyCutIsTheSame(@ForAll("contents") String content, @ForAll("cuts") List<Integer> cuts) {
        ChatResponse plain = Served.chat(Chunks.completion(content));
        List<String> chunks = new ArrayList<>();
        int start = 0;
        for (int length : cuts) {
            int end = Math.min(content.length(), start + length);
            chunks.add(Chunks.text(content.substring(start, end)));
            start = end;
        }
        chunks.add(Chunks.text(content.substring(start)));
        chunks.add(Chunks.finish("stop"));
        ChatResponse streamed = Served.stream(chunks.toArray(String[]::new)).response();
        assertThat(streamed.message()).isEqualTo(plain.message());
    }

    @Provide
    Arbitrary<String> contents() {
        return Arbitraries.of("<think>", "</think>", "<", "think>", "</", " ", "\n", "a", "b>")
                .list()
                .ofMaxSize(8)
                .map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(0, 5).list().ofMaxSize(12);
    }
}
