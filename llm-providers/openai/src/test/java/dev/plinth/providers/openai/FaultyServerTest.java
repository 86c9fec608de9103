package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.Fault;
import dev.plinth.api.testkit.FaultPlan;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.time.Timeouts;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server does wrong, the caller gets the right answer or an error that says what it was. */
class FaultyServerTest {
    private static final StubAnswer JSON = StubAnswer.json("{\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{"
            + "\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}");
    private static final StubAnswer EVENTS = StubAnswer.sse(
            "{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hel\"}}]}",
            "{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"}}]}",
            "{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
            "[DONE]");

    /** The code of the error; null: the right answer. */
    private static final Map<Fault.Kind, String> CODES = Map.of(
            Fault.Kind.RATE_LIMITED, "rate_limited",
            Fault.Kind.OVERLOADED, "overloaded",
            Fault.Kind.RESET, "transport",
            Fault.Kind.TRUNCATED, "transport",
            Fault.Kind.GARBAGE, "malformed_response",
            Fault.Kind.EMPTY, "malformed_response",
            Fault.Kind.STALLED, "timed_out");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyFaultIsAnErrorThatSaysWhatItWasOrTheRightAnswer(boolean streamed) {
        try (StubServer server = StubServer.start();
                OpenAi openAi = OpenAi.builder()
                        .baseUrl(server.url("/v1").toString())
                        .apiKey("k")
                        .build()) {
            ChatModel model = openAi.chatModel("m");
            for (Fault fault : Fault.all()) {
                Fault quick = fault.kind() == Fault.Kind.SLOW ? Fault.slow(Duration.ofMillis(1)) : fault;
                server.otherwise(request -> quick.strike(streamed ? EVENTS : JSON));
                Duration limit = Duration.ofMillis(fault.kind() == Fault.Kind.STALLED ? 100 : 20_000);
                ChatRequest request = ChatRequest.of("Hi").toBuilder()
                        .timeouts(Timeouts.DEFAULT.withTotal(limit))
                        .build();
                String code = null;
                try {
                    ChatResponse answer = streamed ? model.stream(request).response() : model.chat(request);
                    assertThat(answer.text()).isEqualTo("Hello");
                    assertThat(answer.model()).hasValue(fault.kind() == Fault.Kind.WRONG_MODEL ? "another-model" : "m");
                } catch (LlmException error) {
                    code = error.code();
                    assertThat(error.isRetryable()).as("%s", error).isTrue();
                }
                assertThat(code).as("%s", fault).isEqualTo(CODES.get(fault.kind()));
            }
        }
    }

    @Test
    void serverByPlanIsTheSameForTheSameSeed() {
        try (StubServer server = StubServer.start();
                OpenAi openAi = OpenAi.builder()
                        .baseUrl(server.url("/v1").toString())
                        .apiKey("k")
                        .build()) {
            FaultPlan plan = FaultPlan.builder(0.5, 4)
                    .fault(Fault.overloaded(), 2)
                    .fault(Fault.garbage())
                    .build();
            server.otherwise(request -> plan.strike(JSON));
            ChatModel model = openAi.chatModel("m");
            for (int call = 1; call <= 40; call++) {
                String code = null;
                try {
                    model.chat(ChatRequest.of("Hi"));
                } catch (LlmException error) {
                    code = error.code();
                }
                assertThat(code)
                        .isEqualTo(plan.fault(call)
                                .map(fault -> CODES.get(fault.kind()))
                                .orElse(null));
            }
            assertThat(plan.struck()).isBetween(1L, 39L);
        }
    }
}
