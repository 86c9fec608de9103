package dev.plinth.governance.guardrails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Step;
import dev.plinth.api.context.Step.GuardrailCheck.Side;
import dev.plinth.api.context.Step.GuardrailCheck.Verdict;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was masked is told to the call's context: how many of what kind, never what. */
class MaskingStepsTest {

    private final TestTime time = TestTime.manual();
    private final List<Step> steps = new ArrayList<>();

    private ChatRequest request(String text) {
        return ChatRequest.builder()
                .user(text)
                .context(CallContext.builder()
                        .attachment(Step.Listener.class, steps::add)
                        .build())
                .build();
    }

    private ChatModel masking(Reply reply) {
        return new MaskingLayer(false, time).around(ScriptedChatModel.of(reply));
    }

    @Test
    void differentValuesAreCountedOnTheWayInAndOut() {
        masking(Reply.text("bo@example.com, as anna@example.com said"))
                .chat(request("Anna@example.com, anna@example.com, carl@example.com, 4111111111111111"));
        assertThat(steps)
                .containsExactly(
                        check(Side.INPUT, Verdict.CHANGED, Map.of("email", 2, "card", 1)),
                        check(Side.OUTPUT, Verdict.CHANGED, Map.of("email", 2)));
    }

    @Test
    void nothingFoundIsAPass() {
        masking(Reply.text("hello")).chat(request("hi"));
        assertThat(steps)
                .containsExactly(
                        check(Side.INPUT, Verdict.PASSED, Map.of()), check(Side.OUTPUT, Verdict.PASSED, Map.of()));
    }

    @Test
    void aStreamIsCheckedOnceOnItsWayOut() {
        masking(Reply.text("ask bo@example.com now").cut("ask bo@exam", "ple.com now")).stream(request("who?"))
                .response();
        assertThat(steps)
                .containsExactly(
                        check(Side.INPUT, Verdict.PASSED, Map.of()),
                        check(Side.OUTPUT, Verdict.CHANGED, Map.of("email", 1)));
    }

    @Test
    void aStreamThatBreaksIsCheckedAsFarAsItCame() {
        ChatStream stream = masking(Reply.text("ask bo@example.com now")
                        .cut("ask bo@example.com ", "now")
                        .breakingAfter(1, () -> new OverloadedException("busy")))
                .stream(request("who?"));
        assertThatThrownBy(stream::response).isInstanceOf(OverloadedException.class);
        assertThat(steps)
                .contains(check(Side.OUTPUT, Verdict.CHANGED, Map.of("email", 1)))
                .hasSize(2);
    }

    private static Step check(Side side, Verdict verdict, Map<String, Integer> findings) {
        return new Step.GuardrailCheck("masking", side, verdict, TestTime.START, Duration.ZERO, findings);
    }
}
