package dev.plinth.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.providers.gemini.Gemini;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What the adapter writes reads as what was asked for: so a recorded body, said in our words, loses nothing. */
class GeminiRequestsTest {
    private static final byte[] BYTES = {1, 2, 3};
    private static final ToolCall CALL = new ToolCall("c", "weather", "{\"city\":\"Oslo\"}");
    private static final String ANSWER =
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}]}";
    private static final StubServer SERVER = StubServer.start();
    private static final Gemini GEMINI =
            Gemini.builder().baseUrl(SERVER.url("/").toString()).build();

    @Property(tries = 200)
    void whatIsWrittenReadsTheSame(@ForAll("requests") ChatRequest request) throws Exception {
        SERVER.enqueue(StubAnswer.json(ANSWER));
        GEMINI.chatModel("m").chat(request);
        JsonNode body = RecordedCase.JSON.readTree(SERVER.takeRequest().body());
        assertThat(GeminiRequests.chat(body)).isEqualTo(request);
    }

    @Provide
    Arbitrary<ChatRequest> requests() {
        Arbitrary<String> text =
                Arbitraries.strings().ofMinLength(1).ofMaxLength(20).filter(GeminiRequestsTest::isWhole);
        Arbitrary<Message> asked = Arbitraries.oneOf(
                text.map(Message::user),
                text.map(said -> Message.tool(List.of(CALL.result("{\"output\":\"sun\"}")))),
                text.map(said -> Message.user(new Part.Text(said), new Part.Image(Media.of(BYTES, "image/gif")))));
        Arbitrary<Message> answered = Arbitraries.oneOf(
                text.map(Message::assistant),
                text.map(said -> Message.assistant(
                        List.of(new Part.Reasoning("", "c2ln", Gemini.PROTOCOL), CALL, new Part.Text(said)))));
        Arbitrary<ResponseFormat> format =
                Arbitraries.of(ResponseFormat.TEXT, new ResponseFormat.Schema("answer", "{\"type\":\"object\"}", true));
        return Combinators.combine(
                        asked,
                        answered,
                        asked,
                        format,
                        Arbitraries.doubles().between(0, 2).optional(),
                        Arbitraries.integers().greaterOrEqual(1).optional(),
                        Arbitraries.integers().optional(),
                        text.optional())
                .as((first, answer, second, form, temperature, most, seed, said) -> {
                    ChatRequest.Builder request = ChatRequest.builder().responseFormat(form);
                    said.ifPresent(request::system);
                    request.message(first).message(answer).message(second);
                    temperature.ifPresent(request::temperature);
                    most.ifPresent(request::maxOutputTokens);
                    seed.ifPresent(request::seed);
                    said.ifPresent(request::stop);
                    return request.build();
                });
    }

    /** Half a surrogate pair has no UTF-8. */
    private static boolean isWhole(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
