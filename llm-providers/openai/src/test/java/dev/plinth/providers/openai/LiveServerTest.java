package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real small model on a real server, at {@code PLINTH_LIVE_URL}; {@code .ci/live-model} starts one. */
@Tag("live")
class LiveServerTest {
    private static final String URL = System.getenv("PLINTH_LIVE_URL");

    private OpenAi openAi;
    private ChatModel model;

    @BeforeEach
    void open() {
        assumeTrue(URL != null, "PLINTH_LIVE_URL: not set (expected: a server with a model)");
        openAi = OpenAi.builder(Preset.LLAMA_CPP).baseUrl(URL).build();
        model = openAi.chatModel("default");
    }

    @AfterEach
    void close() {
        if (openAi != null) {
            openAi.close();
        }
    }

    private static ChatRequest.Builder question(int tokens) {
        return ChatRequest.builder()
                .system("You are a helpful assistant.")
                .user("What is the capital of France?")
                .temperature(0)
                .seed(1)
                .maxOutputTokens(tokens);
    }

    @Test
    void chatAndStreamSayTheSame() {
        ChatResponse plain = model.chat(question(24).build());
        assertThat(plain.text()).containsIgnoringCase("Paris");
        assertThat(plain.usage().source()).isEqualTo(Usage.Source.REPORTED);
        assertThat(plain.usage().input().getAsLong()).isGreaterThan(10);
        List<String> deltas = new ArrayList<>();
        try (ChatStream stream = model.stream(question(24).build())) {
            ChatResponse streamed = stream.onText(deltas::add).response();
            assertThat(streamed.text()).isEqualTo(plain.text());
            assertThat(streamed.finishReason()).isEqualTo(plain.finishReason());
            assertThat(streamed.usage().output()).isEqualTo(plain.usage().output());
        }
        assertThat(deltas).hasSizeGreaterThan(2);
    }

    @Test
    void limitOfTokensIsTheReasonOfTheFinish() {
        ChatResponse response = model.chat(question(2).build());
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(response.usage().output()).hasValue(2);
    }

    @Test
    void cancellingEndsTheAnswer() {
        ChatStream stream = model.stream(question(400).build());
        Iterator<StreamEvent> events = stream.iterator();
        assertThat(events.next()).isNotNull();
        stream.close();
        assertThatThrownBy(stream::response).isInstanceOf(CancelledException.class);
        // The server is free again, and the connection of the cancelled answer is not used for the next one.
        assertThat(model.chat(question(4).build()).text()).isNotBlank();
    }

    @Test
    void schemaIsKept() throws Exception {
        String schema =
                "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"enum\":[\"Paris\",\"Rome\"]},"
                        + "\"big\":{\"type\":\"boolean\"}},\"required\":[\"city\",\"big\"],\"additionalProperties\":false}";
        ChatRequest request = question(60)
                .responseFormat(new ResponseFormat.Schema("city", schema, true))
                .build();
        JsonNode json = TestJson.JSON.readTree(model.chat(request).text());
        assertThat(json.get("city").asText()).isIn("Paris", "Rome");
        assertThat(json.get("big").isBoolean()).isTrue();
    }

    @Test
    void conversationGoesOn() {
        ChatResponse first = model.chat(question(24).build());
        ChatRequest next = question(24)
                .message(first.message())
                .message(Message.user("And of Italy?"))
                .build();
        assertThat(model.chat(next).text()).isNotBlank();
    }
}
