package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.tokens.TokenCount;
import dev.plinth.api.tokens.TokenCounter;
import dev.plinth.api.usage.Usage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CountTokensTest {
    private final StubServer server = StubServer.start();
    private final Bedrock bedrock = Bedrock.builder()
            .region("us-east-1")
            .baseUrl(server.url("/").toString())
            .apiKey("bedrock-key")
            .build();
    private final TokenCounter counter = bedrock.tokenCounter("anthropic.claude-x-v1:0");

    @AfterEach
    void close() {
        bedrock.close();
        server.close();
    }

    private <E extends LlmException> E fails(Class<E> type, StubAnswer answer) {
        server.enqueue(answer);
        return catchThrowableOfType(type, () -> counter.count(ChatRequest.of("Hi")));
    }

    @Test
    void bedrockCounts() throws Exception {
        server.enqueue(StubAnswer.json("{\"inputTokens\":375,\"x\":{}}"));
        ChatRequest request = ChatRequest.builder()
                .system("Be brief")
                .user("Hi")
                .tool(new ToolSpec("f", "F", "{}"))
                .maxOutputTokens(5)
                .option(Bedrock.MODEL_FIELDS, "{\"anthropic_beta\":[\"b\"]}")
                .build();
        assertThat(counter.count(request)).isEqualTo(new TokenCount(375, Usage.Source.REPORTED));
        StubRequest sent = server.takeRequest();
        assertThat(sent.target()).isEqualTo("/model/anthropic.claude-x-v1%3A0/count-tokens");
        assertThat(Recordings.JSON.readTree(sent.text()))
                .isEqualTo(Recordings.JSON.readTree(
                        "{\"input\":{\"converse\":{\"messages\":[{\"role\":\"user\",\"content\":"
                                + "[{\"text\":\"Hi\"}]}],\"system\":[{\"text\":\"Be brief\"}],\"toolConfig\":{\"tools\":[{\"toolSpec\":"
                                + "{\"name\":\"f\",\"description\":\"F\",\"inputSchema\":{\"json\":{}}}}]},"
                                + "\"additionalModelRequestFields\":{\"anthropic_beta\":[\"b\"]}}}}"));
    }

    /** The model of the service is older than counting; what is counted is a part of a Converse request. */
    @Test
    void whatIsCountedFitsTheModelOfConverse() throws Exception {
        Optional<Smithy> smithy = Smithy.bedrock();
        assumeTrue(smithy.isPresent(), "bedrock-runtime-2023-09-30.json: not there (expected: the shared specs)");
        server.enqueue(StubAnswer.json("{\"inputTokens\":375}"));
        ToolCall call = new ToolCall("c1", "f", "{\"a\":1}");
        counter.count(ChatRequest.builder()
                .system("Be brief")
                .message(Message.user(new Part.Text("Hi"), new Part.Image(Media.of(new byte[] {1, 2}, "image/png"))))
                .message(Message.assistant(List.of(call)))
                .message(Message.tool(List.of(call.result("x"))))
                .tool(new ToolSpec("f", "F", "{\"type\":\"object\"}"))
                .toolChoice(ToolChoice.REQUIRED)
                .maxOutputTokens(5)
                .option(Bedrock.MODEL_FIELDS, "{\"top_k\":5}")
                .build());
        JsonNode body = Recordings.JSON.readTree(server.takeRequest().text());
        assertThat(body.properties()).hasSize(1);
        assertThat(body.path("input").properties()).hasSize(1);
        JsonNode converse = body.at("/input/converse");
        assertThat(smithy.get().faults(converse, "ConverseRequest")).isEmpty();
        assertThat(converse.has("messages")).isTrue();
        assertThat(converse.has("inferenceConfig")).isFalse();
    }

    @Test
    void answersThatAreNoCountAreErrors() {
        assertThat(fails(
                        InvalidRequestException.class,
                        StubAnswer.json(400, "{\"message\":\"The provided model doesn't support counting tokens.\"}")))
                .hasMessageStartingWith("provider: The provided model doesn't support counting tokens.");
        assertThat(fails(
                        RateLimitedException.class,
                        StubAnswer.json("{\"__type\":\"ThrottlingException\",\"message\":\"slow\"}")))
                .isNotNull();
        for (String body :
                List.of("", "{}", "[]", "{\"inputTokens\":\"many\"}", "{\"inputTokens\":", "{\"inputTokens\":-1}")) {
            assertThat(fails(MalformedResponseException.class, StubAnswer.json(body)))
                    .as(body)
                    .hasMessageStartingWith("inputTokens: none (expected: a number of tokens)");
        }
    }

    @Test
    void whatTheModelCannotIsRefusedFirst() {
        ChatRequest seeded = ChatRequest.builder().user("Hi").seed(1).build();
        assertThat(catchThrowableOfType(UnsupportedCapabilityException.class, () -> counter.count(seeded)))
                .isNotNull();
        assertThat(server.requests()).isEmpty();
    }
}
