package dev.plinth.providers.jtokkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.usage.Usage;
import java.net.URI;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Requests; the figures called published stand as {@code prompt_tokens} in the examples of OpenAI's API reference. */
class RequestTokensTest {

    private static final JtokkitTokenCounter COUNTER = JtokkitTokenCounter.forModel("gpt-5-mini");
    private static final Media PICTURE = Media.of(new byte[] {1}, "image/png");

    private static long tokens(ChatRequest request) {
        return COUNTER.count(request).tokens();
    }

    @Test
    void isAnEstimate() {
        assertThat(COUNTER.count(ChatRequest.of("Hello!")).source()).isEqualTo(Usage.Source.ESTIMATED);
    }

    @Test
    void textsMeetThePublishedFigures() {
        assertThat(tokens(ChatRequest.of("Hello!"))).isEqualTo(9);
        assertThat(tokens(ChatRequest.builder()
                        .system("You are a helpful assistant.")
                        .user("Hello!")
                        .build()))
                .isEqualTo(19);
    }

    @Test
    void toolsComeNearThePublishedFigure() {
        String parameters = "{\"type\":\"object\",\"properties\":{\"location\":{\"type\":\"string\",\"description\":"
                + "\"The city and state, e.g. San Francisco, CA\"},\"unit\":{\"type\":\"string\",\"enum\":[\"celsius\","
                + "\"fahrenheit\"]}},\"required\":[\"location\"]}";
        ChatRequest request = ChatRequest.builder()
                .user("What is the weather like in Boston today?")
                .tool(new ToolSpec("get_current_weather", "Get the current weather in a given location", parameters))
                .build();
        assertThat(tokens(request)).isCloseTo(82, within(4L));
    }

    @Test
    void aSchemaCountsAsItsJson() {
        String schema = "{\"type\":\"object\"}";
        ChatRequest plain = ChatRequest.of("Hello!");
        ChatRequest shaped = plain.toBuilder()
                .responseFormat(new ResponseFormat.Schema("thing", schema, true))
                .build();
        assertThat(tokens(shaped)).isEqualTo(9 + 3 + COUNTER.count("thing") + COUNTER.count(schema));
        assertThat(tokens(plain.toBuilder().responseFormat(ResponseFormat.JSON).build()))
                .isEqualTo(9);
    }

    @Test
    void picturesCountByDetail() {
        assertThat(tokens(with(new Part.Image(PICTURE)))).isEqualTo(7 + 765);
        assertThat(tokens(with(new Part.Image(PICTURE, "high")))).isEqualTo(7 + 765);
        assertThat(tokens(with(new Part.Image(PICTURE, "low")))).isEqualTo(7 + 85);
        Media address = Media.of(URI.create("https://example.org/a.png"), "image/png");
        assertThat(tokens(with(new Part.Image(address)))).isEqualTo(7 + 765);
    }

    @Test
    void everyToolResultIsAMessage() {
        ToolCall first = new ToolCall("1", "weather", "{\"city\":\"Oslo\"}");
        ToolCall second = new ToolCall("2", "weather", "{}");
        long calls = 3 + COUNTER.count("weather") + COUNTER.count(first.arguments());
        calls += 3 + COUNTER.count("weather") + COUNTER.count("{}");
        ChatRequest asked = ChatRequest.builder()
                .user("Hello!")
                .message(Message.assistant(List.of(first, second)))
                .build();
        assertThat(tokens(asked)).isEqualTo(9 + 4 + calls);
        ChatRequest answered = asked.toBuilder()
                .message(Message.tool(List.of(first.result("Hello!"), second.error("Hello!"))))
                .build();
        assertThat(tokens(answered)).isEqualTo(tokens(asked) + 2 * (4 + 2));
    }

    @Test
    void thoughtsAndForeignPartsCountAsTheirText() {
        assertThat(tokens(with(new Part.Reasoning("Hello!")))).isEqualTo(9);
        assertThat(tokens(with(new Part.Other("openai", "new", "Hello!")))).isEqualTo(9);
        assertThat(tokens(with(new Part.CachePoint(), new Part.Text("Hello!")))).isEqualTo(9);
    }

    @Test
    void whatNobodyCanEstimateIsRefused() {
        assertThatThrownBy(() -> COUNTER.count(with(new Part.Audio(Media.of(new byte[] {1}, "audio/wav")))))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessage("request: has audio-input (expected: text and pictures, which can be estimated)");
        assertThatThrownBy(() -> COUNTER.count(with(new Part.File(PICTURE, "secret.pdf"))))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessage("request: has file-input (expected: text and pictures, which can be estimated)");
        assertThatIllegalArgumentException().isThrownBy(() -> COUNTER.count((ChatRequest) null));
    }

    @Property
    void everyMessageAddsWhatItsTextHasAndItsFrame(@ForAll("messages") List<Message> messages) {
        ChatRequest.Builder builder = ChatRequest.builder().user("Hello!");
        long before = 9;
        for (Message message : messages) {
            long after = tokens(builder.message(message).build());
            assertThat(after).isEqualTo(before + 4 + COUNTER.count(message.text()));
            before = after;
        }
    }

    @Provide
    Arbitrary<List<Message>> messages() {
        Arbitrary<String> texts = Arbitraries.strings().all().ofMaxLength(30);
        return Arbitraries.oneOf(texts.map(Message::user), texts.map(Message::assistant), texts.map(Message::system))
                .list()
                .ofMaxSize(5);
    }

    private static ChatRequest with(Part... parts) {
        return ChatRequest.builder().message(Message.user(parts)).build();
    }
}
