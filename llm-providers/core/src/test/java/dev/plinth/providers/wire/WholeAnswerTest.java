package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class WholeAnswerTest {

    private static WholeAnswer read(String body) throws IOException {
        WholeAnswer answer = new WholeAnswer(new TestProtocol.Reader(false));
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            json.nextToken();
            answer.read(json);
        }
        return answer;
    }

    @Test
    void answerAmongOtherValues() throws IOException {
        WholeAnswer answer = new WholeAnswer(new TestProtocol.Reader(false));
        try (JsonParser json =
                Json.FACTORY.createParser("[{\"text\":\"A\",\"stop\":\"length\",\"tokens\":2,\"x\":[{}]},7]")) {
            json.nextToken();
            json.nextToken();
            answer.read(json);
            assertThat(json.currentToken()).isEqualTo(JsonToken.END_OBJECT);
            assertThat(json.nextIntValue(0)).isEqualTo(7);
        }
        assertThat(answer.isAnswer()).isTrue();
        assertThat(answer.error()).isNull();
        ChatResponse response = answer.response("p").build();
        assertThat(response.text()).isEqualTo("A");
        assertThat(response.provider()).contains("p");
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(response.usage().output()).hasValue(2);
    }

    @Test
    void errorKeepsWhatThereIsOfAnAnswer() throws IOException {
        WholeAnswer answer = read("{\"text\":\"A\",\"tokens\":2,\"error\":\"no\"}");
        assertThat(answer.error()).isNotNull();
        LlmException error = new OverloadedException("x", ErrorDetails.NONE, null);
        assertThat(answer.addTo(error)).isSameAs(error);
        assertThat(error.partialText()).isEqualTo("A");
        assertThat(error.partialUsage().output()).hasValue(2);
    }

    @Test
    void anyOtherObjectIsNoAnswer() throws IOException {
        WholeAnswer answer = read("{\"data\":[]}");
        assertThat(answer.isAnswer()).isFalse();
        assertThat(answer.error()).isNull();
    }

    @Test
    void whatWasNeverReadIsNoAnswer() {
        WholeAnswer answer = new WholeAnswer(new TestProtocol.Reader(false));
        assertThat(answer.isAnswer()).isFalse();
        assertThat(answer.addTo(new OverloadedException("x", ErrorDetails.NONE, null))
                        .partialText())
                .isEmpty();
    }
}
