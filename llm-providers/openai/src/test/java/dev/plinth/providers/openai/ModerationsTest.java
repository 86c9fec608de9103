package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModerationsTest {
    private static final String RESULT = "{\"flagged\":true,\"categories\":{\"violence\":true,\"sexual\":false},"
            + "\"category_scores\":{\"violence\":0.9,\"sexual\":1e-5,\"odd\":null},\"more\":[1]}";

    @Test
    void saysWhatATextWasFlaggedFor() throws Exception {
        try (StubServer server = StubServer.start();
                OpenAi openAi = OpenAi.builder()
                        .baseUrl(server.url("/v1").toString())
                        .apiKey("k")
                        .build()) {
            server.enqueue(
                    StubAnswer.json("{\"id\":\"m\",\"results\":[" + RESULT + ",{\"flagged\":false}]}"),
                    StubAnswer.json("{\"results\":[" + RESULT + "]}"),
                    StubAnswer.json("[]"),
                    StubAnswer.json("{\"results\":"),
                    StubAnswer.json(401, "{\"error\":{\"message\":\"no\"}}"));
            assertThat(openAi.moderate("omni", List.of("one", "two")))
                    .containsExactly(
                            new Moderation(true, Set.of("violence"), Map.of("violence", 0.9, "sexual", 1e-5)),
                            new Moderation(false, Set.of(), Map.of()));
            assertThat(server.takeRequest().text()).isEqualTo("{\"model\":\"omni\",\"input\":[\"one\",\"two\"]}");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> openAi.moderate("omni", List.of("one", "two")))
                        .isInstanceOf(MalformedResponseException.class);
            }
            assertThatThrownBy(() -> openAi.moderate("omni", List.of("one")))
                    .isInstanceOf(AuthenticationException.class);
        }
    }
}
