package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What only real weights show: that the prompt is the one the model was trained on, so that its answers make sense. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmolLmTest {

    private LlamaCpp llama;
    private ChatModel model;

    @BeforeAll
    void open() {
        llama = LlamaCpp.open(RealWeights.file());
        model = llama.chatModel();
    }

    @AfterAll
    void close() {
        if (llama != null) {
            llama.close();
        }
    }

    @Test
    void theTemplateIsTheModelsOwn() {
        GgufFile file = GgufFile.read(RealWeights.file());
        ChatPrompt prompt = new ChatPrompt(
                file.text("tokenizer.chat_template").orElseThrow(),
                SpecialTokens.of(file),
                file.controlTokens(),
                TimeSource.system());
        assertThat(prompt.of(List.of(Message.user("Hi")), ErrorDetails.NONE))
                .isEqualTo("<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face"
                        + "<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
        assertThat(prompt.of(List.of(Message.system("S"), Message.user("U")), ErrorDetails.NONE))
                .isEqualTo("<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n");
    }

    /** The counts are what llama.cpp's own server reports of these questions. */
    @Test
    void answersAndCountsAsLlamaCppItself() {
        ChatResponse response = model.chat(asking("What is the capital of France? \ud83d\ude00"));
        assertThat(response.text()).isEqualTo("The capital of France is Paris.");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.usage()).isEqualTo(Usage.of(39, 8));
        assertThat(model.chat(asking("Hi")).usage().input()).hasValue(31);
        assertThat(model.chat(asking("Why is the sky blue?")).usage()).isEqualTo(Usage.of(36, 40));
    }

    private static ChatRequest asking(String text) {
        return ChatRequest.builder()
                .user(text)
                .temperature(0)
                .maxOutputTokens(40)
                .build();
    }

    @Test
    void remembersTheTurnsBefore() {
        ChatResponse response = model.chat(ChatRequest.builder()
                .user("The secret word is banana.")
                .message(Message.assistant("I will remember it."))
                .user("What is the secret word?")
                .temperature(0)
                .maxOutputTokens(30)
                .build());
        assertThat(response.text()).contains("banana");
    }

    @Test
    void fillsASchema() {
        ResponseFormat.Schema schema = new ResponseFormat.Schema(
                "city",
                "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"maxLength\":20},"
                        + "\"country\":{\"enum\":[\"France\",\"Norway\"]}},\"required\":[\"city\",\"country\"]}",
                true);
        ChatResponse response = model.chat(ChatRequest.builder()
                .user("What is the capital of France? Answer as JSON with city and country.")
                .temperature(0)
                .maxOutputTokens(100)
                .responseFormat(schema)
                .build());
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(JsonReader.read(response.text())).isEqualTo(Map.of("city", "Paris", "country", "France"));
    }

    @Test
    void givesWayWhenItIsGivenUp() {
        ChatStream story = model.stream(ChatRequest.of("Tell me a very long story."));
        assertThat(story.iterator().next()).isInstanceOf(StreamEvent.TextDelta.class);
        story.close();
        assertThatCode(() -> model.chat(
                        ChatRequest.builder().user("Hi").maxOutputTokens(1).build()))
                .doesNotThrowAnyException();
    }
}
