package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Step;
import dev.plinth.api.context.Step.CacheLookup;
import dev.plinth.api.context.Step.GuardrailCheck;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.FakeReranker;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What layers did for a call, and its tries, are spans below it with the times they had. */
class StepSpansTest {

    private static final Instant AT = Instant.parse("2026-11-01T10:00:00Z");
    private static final Cost CENT =
            new Cost(new BigDecimal("0.01"), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1));

    private final Recording recording = new Recording();

    private ChatModel traced(Step... steps) {
        return recording.layer().around(new FakeChat("m", request -> {
            for (Step step : steps) {
                request.context().report(step);
            }
            return ChatResponse.of("hello");
        }));
    }

    private static void ask(ChatModel model) {
        model.chat(ChatRequest.of("hi"));
    }

    @Test
    void aLookIntoACacheSaysWhatItSaved() {
        ask(traced(new CacheLookup("answers", CacheLookup.Result.HIT, AT, millis(2), Usage.of(10, 5), CENT)));

        SpanData span = recording.named("cache answers");
        assertThat(recording.parents()).contains(entry("cache answers", "chat m"));
        assertThat(span.getKind()).isEqualTo(SpanKind.INTERNAL);
        assertThat(span.getStartEpochNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(AT.toEpochMilli()));
        assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(2_000_000);
        assertThat(span.getAttributes().asMap())
                .containsOnly(
                        entry(PlinthAttributes.STEP_KIND, "cache"),
                        entry(PlinthAttributes.STEP_NAME, "answers"),
                        entry(PlinthAttributes.STEP_OUTCOME, "hit"),
                        entry(PlinthAttributes.SAVED_INPUT_TOKENS, 10L),
                        entry(PlinthAttributes.SAVED_OUTPUT_TOKENS, 5L),
                        entry(PlinthAttributes.SAVED_COST_AMOUNT, 0.01),
                        entry(PlinthAttributes.COST_CURRENCY, "USD"));
    }

    @Test
    void aMissSavesNothing() {
        ask(traced(new CacheLookup("answers", CacheLookup.Result.MISS, AT, millis(2), Usage.NONE, null)));
        assertThat(recording.named("cache answers").getAttributes().asMap())
                .containsEntry(PlinthAttributes.STEP_OUTCOME, "miss")
                .doesNotContainKeys(PlinthAttributes.SAVED_INPUT_TOKENS, PlinthAttributes.SAVED_COST_AMOUNT);
    }

    @Test
    void aCheckSaysHowMuchOfWhatItFound() {
        ask(traced(new GuardrailCheck(
                "masking",
                GuardrailCheck.Side.INPUT,
                GuardrailCheck.Verdict.CHANGED,
                AT,
                millis(1),
                Map.of("email", 2, "card", 1))));
        assertThat(recording.named("guardrail masking").getAttributes().asMap())
                .containsOnly(
                        entry(PlinthAttributes.STEP_KIND, "guardrail"),
                        entry(PlinthAttributes.STEP_NAME, "masking"),
                        entry(PlinthAttributes.STEP_OUTCOME, "changed"),
                        entry(PlinthAttributes.GUARDRAIL_SIDE, "input"),
                        entry(PlinthAttributes.GUARDRAIL_FINDINGS, List.of("card=1", "email=2")));
    }

    @Test
    void aStepThatFailedIsAnError() {
        ask(traced(new CacheLookup("answers", CacheLookup.Result.FAILED, AT, millis(1), Usage.NONE, null)));
        SpanData span = recording.named("cache answers");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getAttributes().asMap()).containsEntry(GenAi.ERROR_TYPE, "cache_failed");
    }

    @Test
    void stepsOfACallWithinBelongToThatCall() {
        ChatModel inner = recording.layer().around(new FakeChat("inner", request -> {
            request.context().report(new Step.Other("budget", "team", "granted", AT, millis(1)));
            return ChatResponse.of("hello");
        }));
        ask(recording
                .layer()
                .around(new FakeChat(
                        "outer",
                        request -> inner.chat(ChatRequest.builder()
                                .user("hi")
                                .context(request.context())
                                .build()))));
        assertThat(recording.parents())
                .containsOnly(
                        entry("chat outer", "-"),
                        entry("chat inner", "chat outer"),
                        entry("budget team", "chat inner"));
    }

    @Test
    void triesForVectorsAndRanksAreSpansToo() {
        List<Attempt> tried = List.of(
                attempt("eu-west", "first choice", "rate_limited", Usage.NONE, null),
                attempt("us-east", "fallback from eu-west: rate_limited", null, Usage.of(3, 0), null));
        EmbeddingModel embeddings = recording.layer().around(new ForwardingEmbeddingModel(FakeEmbeddingModel.create()) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                return new EmbeddingResponse(next().embed(request).vectors(), "e", Usage.of(3, 0), null, tried);
            }
        });
        embeddings.embed(EmbeddingRequest.query("hi"));
        Reranker reranker = recording.layer().around(new ForwardingReranker(FakeReranker.create()) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                return new RerankResponse(next().rerank(request).ranked(), "r", Usage.of(3, 0), null, tried);
            }
        });
        reranker.rerank(RerankRequest.of("q", List.of("a"), 1));
        assertThat(recording.ended())
                .filteredOn(span -> span.getName().startsWith("attempt "))
                .extracting(span -> span.getAttributes().get(PlinthAttributes.ROUTE_DEPLOYMENT))
                .containsExactly("eu-west", "us-east", "eu-west", "us-east");
    }

    @Test
    void triesThatEndAToolAreThoseOfTheModelWithinIt() {
        ChatModel failing = recording.layer().around(new FakeChat("m", request -> {
            throw new OverloadedException("busy")
                    .setAttempts(List.of(
                            attempt("eu", "first choice", "overloaded", Usage.NONE, null),
                            attempt("us", "fallback", "overloaded", Usage.NONE, null)));
        }));
        Tool tool = recording.layer().around(new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec("work", "works", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                failing.chat(ChatRequest.builder().user("hi").context(context).build());
                return call.result("done");
            }
        });
        assertThatThrownBy(() -> tool.call(new ToolCall("1", "work", "{}"), CallContext.EMPTY))
                .isInstanceOf(OverloadedException.class);
        assertThat(recording.ended())
                .filteredOn(span -> span.getName().startsWith("attempt "))
                .hasSize(2);
        assertThat(recording.parents()).contains(entry("attempt m-1", "chat m"), entry("chat m", "execute_tool work"));
    }

    @Test
    void triesAreSpansWithNamesOfTheirOwn() {
        Attempt failed = attempt("eu-west", "first choice", "rate_limited", Usage.NONE, null);
        Attempt answered = attempt("us-east", "fallback from eu-west: rate_limited", null, Usage.of(10, 5), CENT);
        ask(recording
                .layer()
                .around(new FakeChat(
                        "m",
                        request -> ChatResponse.of("hello").toBuilder()
                                .attempts(List.of(failed, answered))
                                .usage(Usage.of(10, 5))
                                .build())));

        List<SpanData> tries = recording.ended().stream()
                .filter(span -> span.getName().equals("attempt m-1"))
                .toList();
        assertThat(tries).hasSize(2);
        assertThat(tries.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(tries.get(0).getAttributes().asMap())
                .containsEntry(PlinthAttributes.ATTEMPT_NUMBER, 1L)
                .containsEntry(PlinthAttributes.ROUTE_DEPLOYMENT, "eu-west")
                .containsEntry(GenAi.ERROR_TYPE, "rate_limited");
        assertThat(tries.get(1).getAttributes().asMap())
                .containsOnly(
                        entry(PlinthAttributes.STEP_KIND, "attempt"),
                        entry(PlinthAttributes.ATTEMPT_NUMBER, 2L),
                        entry(PlinthAttributes.ATTEMPT_PROVIDER, "fake"),
                        entry(PlinthAttributes.ATTEMPT_MODEL, "m-1"),
                        entry(PlinthAttributes.ROUTE_DEPLOYMENT, "us-east"),
                        entry(PlinthAttributes.ROUTE_WHY, "fallback from eu-west: rate_limited"),
                        entry(PlinthAttributes.ATTEMPT_INPUT_TOKENS, 10L),
                        entry(PlinthAttributes.ATTEMPT_OUTPUT_TOKENS, 5L),
                        entry(PlinthAttributes.ATTEMPT_COST_AMOUNT, 0.01),
                        entry(PlinthAttributes.COST_CURRENCY, "USD"));
        assertThat(tries)
                .allMatch(span ->
                        span.getParentSpanId().equals(recording.named("chat m").getSpanId()));
    }

    @Test
    void aTryThatWasGivenUpIsNoError() {
        ask(Tracing.builder(recording.openTelemetry)
                .compatibleWith(Compatibility.LANGFUSE)
                .build()
                .layer()
                .around(new FakeChat(
                        "m",
                        request -> ChatResponse.of("hello").toBuilder()
                                .attempts(List.of(
                                        attempt("eu-west", "first choice", "cancelled", Usage.NONE, null),
                                        attempt("us-east", "hedge", null, Usage.of(10, 5), CENT)))
                                .build())));
        SpanData loser = recording.ended().stream()
                .filter(span -> Long.valueOf(1).equals(span.getAttributes().get(PlinthAttributes.ATTEMPT_NUMBER)))
                .findFirst()
                .orElseThrow();
        assertThat(loser.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(loser.getAttributes().asMap())
                .containsEntry(PlinthAttributes.CANCELLED, true)
                .doesNotContainKey(GenAi.ERROR_TYPE);
    }

    @Test
    void aSingleTryIsToldByTheCallItself() {
        ask(recording
                .layer()
                .around(new FakeChat(
                        "m",
                        request -> ChatResponse.of("hello").toBuilder()
                                .attempts(List.of(attempt("eu-west", "cheapest", null, Usage.of(1, 1), null)))
                                .build())));
        assertThat(recording.only().getAttributes().asMap())
                .containsEntry(PlinthAttributes.ROUTE_DEPLOYMENT, "eu-west")
                .containsEntry(PlinthAttributes.ROUTE_WHY, "cheapest");
    }

    @Test
    void aCallThatFailedShowsItsTries() {
        ChatModel model = recording.layer().around(new FakeChat("m", request -> {
            throw new OverloadedException("busy")
                    .setAttempts(List.of(
                            attempt(null, "first", "overloaded", Usage.NONE, null),
                            attempt(null, "retry after overloaded", "overloaded", Usage.NONE, null)));
        }));
        assertThatThrownBy(() -> ask(model)).isInstanceOf(OverloadedException.class);
        assertThat(recording.ended()).hasSize(3);
        assertThat(recording.named("chat m").getAttributes().asMap()).containsEntry(GenAi.ERROR_TYPE, "overloaded");
    }

    @Test
    void whoReportsOutsideOfATracedCallReachesNobody() {
        CallContext.EMPTY.report(new Step.Other("budget", "team", "granted", AT, millis(1)));
        assertThat(recording.ended()).isEmpty();
    }

    private static Attempt attempt(String deployment, String why, String error, Usage usage, Cost cost) {
        return new Attempt(deployment, "fake", "m-1", why, AT, millis(5), error, usage, cost);
    }

    private static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }
}
