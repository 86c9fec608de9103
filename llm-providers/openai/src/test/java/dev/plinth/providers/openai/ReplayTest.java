package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.testkit.HttpRecording;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recorded once, replayed with the server gone: chat, stream and error are equal. */
class ReplayTest {
    private static final ChatRequest CHAT = ChatRequest.of("Why is the sky blue?");
    private static final ChatRequest TOO_MANY = ChatRequest.of("Again?");

    /** What the adapter made of the answers. */
    private record Read(ChatResponse chat, List<StreamEvent> events, String error, Object details) {}

    @TempDir
    Path folder;

    private final StubServer server = StubServer.start()
            .when(
                    request -> request.text().contains("Again?"),
                    StubAnswer.json(429, "{\"error\":{\"message\":\"Slow down\",\"code\":\"rate_limit_exceeded\"}}")
                            .header("retry-after", "7")
                            .header("x-request-id", "req-3"))
            .when(
                    request -> request.text().contains("stream"),
                    StubAnswer.sse(Chunks.text("Ray"), Chunks.text("leigh ö"), Chunks.finish("stop"), Chunks.DONE)
                            .header("x-request-id", "req-2")
                            .inPieces(17))
            .otherwise(request -> StubAnswer.json(Chunks.completion("Rayleigh")).header("x-request-id", "req-1"));
    private final URI url = server.url("/v1");

    @AfterEach
    void stop() {
        server.close();
    }

    /** Opened as by one who has set the property, whatever this build has set. */
    private HttpRecording recording(String record) {
        String before = System.setProperty("plinth.record", record);
        try {
            return HttpRecording.open(folder.resolve("openai.json"), url);
        } finally {
            System.setProperty("plinth.record", before == null ? "" : before);
        }
    }

    private static OpenAi openAi(HttpRecording recording, String key) {
        return OpenAi.builder().baseUrl(recording.url().toString()).apiKey(key).build();
    }

    private static Read readAll(HttpRecording recording, String key) {
        try (OpenAi openAi = openAi(recording, key)) {
            ChatModel model = openAi.chatModel("gpt-5-mini");
            ChatResponse chat = model.chat(CHAT);
            List<StreamEvent> events = new ArrayList<>();
            try (ChatStream stream = model.stream(CHAT)) {
                stream.forEach(events::add);
            }
            RateLimitedException error = catchThrowableOfType(RateLimitedException.class, () -> model.chat(TOO_MANY));
            return new Read(chat, events, error.getMessage(), error.details());
        }
    }

    @Test
    void chatStreamAndErrorAreEqual() throws Exception {
        Read recorded;
        try (HttpRecording recording = recording("true")) {
            recorded = readAll(recording, "sk-very-secret-1");
        }
        server.close();
        assertThat(Files.readString(folder.resolve("openai.json"))).doesNotContain("very-secret");
        try (HttpRecording recording = recording("false")) {
            Read replayed = readAll(recording, "none");
            assertThat(replayed).usingRecursiveComparison().isEqualTo(recorded);
            assertThat(replayed.chat().text()).isEqualTo("Rayleigh");
            assertThat(replayed.events()).hasSizeGreaterThan(2);
            recording.verify();
        }
    }

    @Test
    void whatWasNotRecordedIsRefusedAndToldWhateverTheAdapterSays() throws Exception {
        try (HttpRecording recording = recording("true");
                OpenAi openAi = openAi(recording, "sk-very-secret-1")) {
            openAi.chatModel("gpt-5-mini").chat(CHAT);
        }
        HttpRecording recording = recording("false");
        try (OpenAi openAi = openAi(recording, "none")) {
            LlmException error = catchThrowableOfType(
                    LlmException.class, () -> openAi.chatModel("gpt-5-mini").chat(ChatRequest.of("Why is the sea?")));
            assertThat(error).isInstanceOf(InvalidRequestException.class);
            assertThat(error.details().providerCode()).contains("no_recording");
        }
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(recording::close)
                .withMessageContaining(
                        "body /messages/0/content: \"Why is the sea?\" (recorded: \"Why is the sky blue?\")");
    }
}
