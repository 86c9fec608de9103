package dev.plinth.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.providers.openai.OpenAi;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What the adapter writes reads as what was asked for: so a recorded body, said in our words, loses nothing. */
class OpenAiChatRequestsTest {
    private static final byte[] BYTES = {1, 2, 3};
    private static final String ANSWER =
            "{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";
    private static final StubServer SERVER = StubServer.start();
    private static final OpenAi OPEN_AI =
            OpenAi.builder().baseUrl(SERVER.url("/v1").toString()).build();

    @Property(tries = 200)
    void whatIsWrittenReadsTheSame(@ForAll("requests") ChatRequest request) throws Exception {
        SERVER.enqueue(StubAnswer.json(ANSWER), StubAnswer.json(ANSWER));
        ChatModel model = OPEN_AI.chatModel("m");
        model.chat(request);
        Outcome.of(() -> model.stream(request).response());
        for (int i = 0; i < 2; i++) {
            JsonNode body = RecordedCase.JSON.readTree(SERVER.takeRequest().body());
            assertThat(OpenAiChatRequests.chat(body)).isEqualTo(request);
        }
    }

    @Provide
    Arbitrary<ChatRequest> requests() {
        Arbitrary<String> text =
                Arbitraries.strings().ofMinLength(1).ofMaxLength(20).filter(OpenAiChatRequestsTest::isWhole);
        Arbitrary<Message> message = Arbitraries.oneOf(
                text.map(Message::system),
                text.map(Message::user),
                text.map(Message::assistant),
                text.map(arguments -> Message.assistant(List.of(new ToolCall("c", "weather", arguments)))),
                Combinators.combine(text, text)
                        .as((one, two) -> Message.user(
                                new Part.Text(one),
                                new Part.Text(two),
                                new Part.Image(Media.of(BYTES, "image/gif"), two))));
        Arbitrary<ResponseFormat> format = Arbitraries.of(
                ResponseFormat.TEXT,
                ResponseFormat.JSON,
                new ResponseFormat.Schema("s", "{\"type\":\"object\",\"additionalProperties\":false}", true));
        return Combinators.combine(
                        message.list().ofMinSize(1).ofMaxSize(5),
                        format,
                        Arbitraries.doubles().between(0, 2).optional(),
                        Arbitraries.integers().greaterOrEqual(1).optional(),
                        Arbitraries.longs().optional(),
                        text.optional())
                .as((messages, form, temperature, most, seed, stop) -> {
                    ChatRequest.Builder request =
                            ChatRequest.builder().model("m").messages(messages).responseFormat(form);
                    temperature.ifPresent(request::temperature);
                    most.ifPresent(request::maxOutputTokens);
                    seed.ifPresent(request::seed);
                    stop.ifPresent(request::stop);
                    return request.build();
                });
    }

    /** Half a surrogate pair has no UTF-8. */
    private static boolean isWhole(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
