package dev.plinth.tracing.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.context.CallContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** However much there is, what is recorded fits, is whole JSON, and begins and ends as the content does. */
class SizeLimitPropertyTest {

    @Provide
    Arbitrary<List<String>> texts() {
        Arbitrary<String> shortOnes = Arbitraries.strings().ofMaxLength(40);
        Arbitrary<String> longOnes = Arbitraries.strings().ofMinLength(500).ofMaxLength(3_000);
        Arbitrary<String> wide =
                Arbitraries.strings().withChars("😀é\"\\\u0001 ").ofMaxLength(600);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(6, shortOnes),
                        net.jqwik.api.Tuple.of(2, longOnes),
                        net.jqwik.api.Tuple.of(1, wide))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property(tries = 200)
    void messagesFit(@ForAll("texts") List<String> texts, @ForAll @IntRange(min = 1024, max = 20_000) int most)
            throws IOException {
        ContentCapture capture =
                ContentCapture.builder(CaptureMode.FULL).maxBytes(most).build();
        ChatRequest.Builder request = ChatRequest.builder();
        texts.forEach(text -> request.message(Message.user(text)));
        CapturedContent content = capture.chat(request.build(), ChatResponse.of("ok"), "", "stop", false);
        String json = content.values().get("gen_ai.input.messages").asString();
        assertFits(json, most);
        String last = texts.get(texts.size() - 1);
        if (last.length() <= 32) {
            String newest = capture.chat(
                            ChatRequest.builder().message(Message.user(last)).build(), null, "", "stop", false)
                    .values()
                    .get("gen_ai.input.messages")
                    .asString();
            assertThat(json).endsWith(newest.substring(1));
        }
    }

    @Property(tries = 100)
    void argumentsFit(@ForAll("texts") List<String> texts, @ForAll @IntRange(min = 1024, max = 5_000) int most)
            throws IOException {
        ContentCapture capture =
                ContentCapture.builder(CaptureMode.FULL).maxBytes(most).build();
        StringBuilder arguments = new StringBuilder("{\"numbers\": [0");
        for (int i = 0; i < texts.size() * 20; i++) {
            arguments.append(", ").append(i);
        }
        arguments.append("]}");
        for (String text : List.of(arguments.toString(), String.join(" ", texts))) {
            String json = capture.tool(new ToolCall("1", "t", text), null, CallContext.EMPTY, false)
                    .values()
                    .get("gen_ai.tool.call.arguments")
                    .asString();
            assertThat(json.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(most);
        }
    }

    private static void assertFits(String json, int most) throws IOException {
        assertThat(json.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(most);
        int depth = 0;
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
        }
        assertThat(depth).isZero();
    }
}
