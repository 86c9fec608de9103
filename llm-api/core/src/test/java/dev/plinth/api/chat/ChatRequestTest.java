package dev.plinth.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ChatRequestTest {
    private static final ToolSpec WEATHER = new ToolSpec("weather", "", "{}");
    private static final Media MEDIA = Media.of(new byte[] {1}, "image/png");

    @Provide
    Arbitrary<ChatRequest> requests() {
        return Requests.request();
    }

    @Property
    void roundTripsThroughItsBuilder(@ForAll("requests") ChatRequest request) {
        ChatRequest copy = request.toBuilder().build();
        assertThat(copy).isEqualTo(request).hasSameHashCodeAs(request);
        assertThat(copy.topP()).isEqualTo(request.topP());
        assertThat(copy.options().get(Requests.EFFORT))
                .isEqualTo(request.options().get(Requests.EFFORT));
    }

    @Property
    void whoAsksAndHowLongTheyWaitDoNotMatter(@ForAll("requests") ChatRequest request) {
        CallContext context = CallContext.builder().session("s").build();
        ChatRequest other =
                request.toBuilder().context(context).timeouts(Timeouts.DEFAULT).build();
        assertThat(other).isEqualTo(request).hasSameHashCodeAs(request);
        assertThat(other.context()).isSameAs(context);
        assertThat(other.timeouts()).contains(Timeouts.DEFAULT);
        assertThat(other.toBuilder().build().context()).isSameAs(context);
    }

    /** Every setter changes what is asked for, so a cache must tell the requests apart. */
    @Property(tries = 200)
    void everythingElseMatters(@ForAll("requests") ChatRequest request) {
        List<UnaryOperator<ChatRequest.Builder>> changes = List.of(
                builder -> builder.model("another-model"),
                builder -> builder.user("more"),
                builder -> builder.tool(new ToolSpec("another_tool", "", "{}")),
                builder -> builder.toolChoice(ToolChoice.NONE),
                builder -> builder.responseFormat(new ResponseFormat.Schema("other", "{}", false)),
                builder -> builder.temperature(1.9999),
                builder -> builder.topP(0.9999),
                builder -> builder.maxOutputTokens(777),
                builder -> builder.stop("another", "stop"),
                builder -> builder.seed(request.seed().orElse(0) + 1),
                builder -> builder.parallelToolCalls(false),
                builder -> builder.reasoningEffort(ReasoningEffort.MAX),
                builder -> builder.logprobs(20),
                builder -> builder.serviceTier("another tier"),
                builder -> builder.userId("another user"),
                builder -> builder.keepRaw(true),
                builder -> builder.option(Requests.EFFORT, "another effort"));
        List<ChatRequest> all = new ArrayList<>(List.of(request));
        changes.forEach(change -> all.add(change.apply(request.toBuilder()).build()));
        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void buildersDoNotShare() {
        ChatRequest.Builder builder = ChatRequest.builder().user("one");
        ChatRequest first = builder.build();
        ChatRequest second = builder.user("two").tool(WEATHER).build();
        assertThat(first.messages()).hasSize(1);
        assertThat(first.tools()).isEmpty();
        assertThat(second.messages()).hasSize(2);
        assertThat(second.toBuilder()
                        .messages(List.of(Message.user("three")))
                        .build()
                        .messages())
                .containsExactly(Message.user("three"));
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatRequest.builder().build())
                .withMessage("messages: empty (expected: at least one element)");
        ChatRequest.Builder builder = ChatRequest.builder().user("Hi").tool(WEATHER);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatRequest.of("Hi").toBuilder()
                        .tool(WEATHER)
                        .tool(WEATHER)
                        .build())
                .withMessage("tools: weather (expected: each name once)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.toolChoice(ToolChoice.tool("time")).build())
                .withMessage("toolChoice: time (expected: one of [weather])");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatRequest.builder().temperature(2.1))
                .withMessage("temperature: 2.1 (expected: 0.0 to 2.0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatRequest.builder().topP(0))
                .withMessage("topP: 0.0 (expected: above 0, at most 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatRequest.builder().topP(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatRequest.builder().maxOutputTokens(0))
                .withMessage("maxOutputTokens: 0 (expected: > 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatRequest.builder().logprobs(21))
                .withMessage("logprobs: 21 (expected: 0 to 20)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatRequest.builder().model(" "));
    }

    @Test
    void contextIsTheCurrentOneUnlessSet() {
        ChatRequest request = ChatRequest.of("Hi");
        CallContext context = CallContext.builder().session("s").build();
        assertThat(request.context()).isSameAs(CallContext.EMPTY);
        context.run(() -> assertThat(request.context()).isSameAs(context));
        assertThat(request.context()).isSameAs(CallContext.EMPTY);
    }

    @Test
    void knowsWhatItNeeds() {
        ChatRequest everything = ChatRequest.builder()
                .message(Message.user(new Part.Image(MEDIA), new Part.Audio(MEDIA), new Part.File(MEDIA, null)))
                .tool(WEATHER)
                .responseFormat(ResponseFormat.JSON)
                .temperature(0)
                .topP(1)
                .stop("END")
                .seed(0)
                .toolChoice(ToolChoice.REQUIRED)
                .parallelToolCalls(true)
                .reasoningEffort(ReasoningEffort.NONE)
                .logprobs(0)
                .serviceTier("flex")
                .userId("u1")
                .build();
        assertThat(everything.needs())
                .containsExactlyInAnyOrder(
                        Capability.TOOLS,
                        Capability.JSON_OUTPUT,
                        Capability.TEMPERATURE,
                        Capability.TOP_P,
                        Capability.STOP_SEQUENCES,
                        Capability.SEED,
                        Capability.TOOL_CHOICE,
                        Capability.PARALLEL_TOOL_CALLS,
                        Capability.REASONING_EFFORT,
                        Capability.LOGPROBS,
                        Capability.SERVICE_TIER,
                        Capability.USER_ID,
                        Capability.IMAGE_INPUT,
                        Capability.AUDIO_INPUT,
                        Capability.FILE_INPUT);
        assertThat(ChatRequest.of("Hi").needs()).isEmpty();
    }

    @Test
    void refusesWhatTheModelCannot() {
        ModelInfo info = ModelInfo.local("acme", "acme-1", Capability.TOOLS);
        ChatRequest request = ChatRequest.builder()
                .user("Hi")
                .tool(WEATHER)
                .responseFormat(new ResponseFormat.Schema("s", "{}", true))
                .build();
        assertThatExceptionOfType(UnsupportedCapabilityException.class)
                .isThrownBy(() -> request.requireSupport(info))
                .withMessage("request: needs json-schema (expected: what acme-1 can do) [provider=acme, model=acme-1]")
                .satisfies(error -> assertThat(error.isRetryable()).isFalse());
        request.requireSupport(new ModelInfo("acme", "acme-2", Set.copyOf(request.needs()), null));
    }

    @Test
    void timeoutsAreAllPositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timeouts.DEFAULT.withTotal(Duration.ZERO))
                .withMessage("total: PT0S (expected: > 0)");
        Duration second = Duration.ofSeconds(1);
        assertThat(Timeouts.DEFAULT
                        .withConnect(second)
                        .withFirstToken(second)
                        .withBetweenTokens(second)
                        .withTotal(second))
                .isEqualTo(new Timeouts(second, second, second, second));
    }
}
