package dev.plinth.tracing.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.PlinthAttributes;
import dev.plinth.tracing.sdk.TraceNode.Kind;
import dev.plinth.tracing.sdk.TraceNode.Money;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TraceTreeTest {
    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");

    private final TracingSdk sdk = TracingSdk.builder("test").build();

    @AfterEach
    void close() {
        sdk.close();
    }

    /** A span from that many milliseconds on, for as many, with the spans that it is given inside. */
    private void span(Span parent, String name, long at, long millis, Consumer<Span> attributes) {
        spanOf("dev.plinth.tracing", parent, name, at, millis, attributes);
    }

    private void spanOf(String scope, Span parent, String name, long at, long millis, Consumer<Span> attributes) {
        Span span = sdk.openTelemetry()
                .getTracer(scope)
                .spanBuilder(name)
                .setParent(Context.root().with(parent))
                .setStartTimestamp(START.plusMillis(at))
                .startSpan();
        attributes.accept(span);
        span.end(START.plusMillis(at + millis));
    }

    private static void call(Span span, String operation, long input, long output, double cost) {
        span.setAttribute(GenAi.OPERATION_NAME, operation)
                .setAttribute(GenAi.INPUT_TOKENS, input)
                .setAttribute(GenAi.OUTPUT_TOKENS, output)
                .setAttribute(PlinthAttributes.COST_AMOUNT, cost)
                .setAttribute(PlinthAttributes.COST_CURRENCY, "USD");
    }

    private TraceTree tree() {
        return sdk.traces().recent(1).get(0);
    }

    /** A guardrail, a cache miss, a retrieval with an embedding, a chat with a failed try, and a tool that fails. */
    private void sample() {
        span(Span.getInvalid(), "ask", 0, 1_000, ask -> {
            ask.setAttribute(PlinthAttributes.INTERACTION_ID, "i-1");
            span(
                    ask,
                    "execute_tool weather",
                    700,
                    10,
                    tool -> tool.setAttribute(GenAi.OPERATION_NAME, "execute_tool")
                            .setAttribute(GenAi.ERROR_TYPE, "tool_error")
                            .setStatus(StatusCode.ERROR));
            span(ask, "retrieval docs", 10, 20, retrieval -> {
                retrieval.setAttribute(GenAi.OPERATION_NAME, "retrieval");
                span(
                        retrieval,
                        "embeddings e",
                        12,
                        5,
                        call -> call.setAttribute(GenAi.OPERATION_NAME, "embeddings")
                                .setAttribute(GenAi.INPUT_TOKENS, 3L)
                                .setAttribute(PlinthAttributes.COST_AMOUNT, 0.5)
                                .setAttribute(PlinthAttributes.COST_CURRENCY, "USD"));
            });
            span(ask, "chat m", 40, 600, chat -> {
                call(chat, "chat", 100, 20, 0.25);
                span(
                        chat,
                        "guardrail masking",
                        41,
                        1,
                        step -> step.setAttribute(PlinthAttributes.STEP_KIND, "guardrail")
                                .setAttribute(PlinthAttributes.STEP_OUTCOME, "changed"));
                span(
                        chat,
                        "attempt 1",
                        42,
                        100,
                        attempt -> attempt.setAttribute(PlinthAttributes.ATTEMPT_NUMBER, 1L)
                                .setAttribute(GenAi.ERROR_TYPE, "rate_limited"));
                span(
                        chat,
                        "attempt 2",
                        150,
                        400,
                        attempt -> attempt.setAttribute(PlinthAttributes.ATTEMPT_NUMBER, 2L)
                                .setAttribute(PlinthAttributes.ROUTE_WHY, "retry after rate_limited"));
            });
            span(ask, "chat m", 800, 1, chat -> {
                chat.setAttribute(GenAi.OPERATION_NAME, "chat")
                        .setAttribute(GenAi.INPUT_TOKENS, 0L)
                        .setAttribute(GenAi.OUTPUT_TOKENS, 0L)
                        .setAttribute(PlinthAttributes.CACHED, true);
                span(
                        chat,
                        "cache answers",
                        800,
                        1,
                        step -> step.setAttribute(PlinthAttributes.STEP_KIND, "cache")
                                .setAttribute(PlinthAttributes.STEP_OUTCOME, "hit"));
            });
        });
    }

    @Test
    void theTreeForPeople() {
        sample();
        assertThat(tree().lines())
                .containsExactly(
                        "ask                                                    1000.0 ms  103 in, 20 out         0.75 USD",
                        "├─ retrieval docs                                        20.0 ms",
                        "│  └─ embeddings e                                        5.0 ms  3 in, 0 out            0.5 USD",
                        "├─ chat m                                               600.0 ms  100 in, 20 out         0.25 USD",
                        "│  ├─ guardrail masking                                   1.0 ms                                          changed",
                        "│  ├─ attempt 1                                         100.0 ms                                          failed: rate_limited",
                        "│  └─ attempt 2                                         400.0 ms                                          retry after rate_limited",
                        "├─ execute_tool weather                                  10.0 ms                                          failed: tool_error",
                        "└─ chat m                                                 1.0 ms  0 in, 0 out            no cost          cache hit",
                        "   └─ cache answers                                       1.0 ms                                          hit");
        assertThat(tree()).hasToString(String.join("\n", tree().lines()));
    }

    @Test
    void kindsAreToldByWhatWasRecorded() {
        sample();
        assertThat(tree().nodes())
                .extracting(TraceNode::kind)
                .containsExactly(
                        Kind.INTERACTION,
                        Kind.RETRIEVAL,
                        Kind.EMBEDDINGS,
                        Kind.CHAT,
                        Kind.GUARDRAIL,
                        Kind.ATTEMPT,
                        Kind.ATTEMPT,
                        Kind.TOOL,
                        Kind.CHAT,
                        Kind.CACHE);
    }

    @Test
    void theTreeForPrograms() throws IOException {
        sample();
        JsonNode json = new ObjectMapper().readTree(tree().json());
        assertThat(json.get("traceId").textValue()).isEqualTo(tree().traceId());
        assertThat(json.get("interactionId").textValue()).isEqualTo("i-1");
        assertThat(json.get("running").booleanValue()).isFalse();
        assertThat(json.get("unended").intValue()).isZero();
        assertThat(json.get("orphans").intValue()).isZero();
        assertThat(json.get("droppedSpans").intValue()).isZero();
        assertThat(json.get("totals"))
                .hasToString(
                        "{\"tokens\":{\"input\":103,\"output\":20},\"cost\":{\"amount\":0.75,\"currency\":\"USD\"}}");
        JsonNode ask = json.get("roots").get(0);
        assertThat(ask.get("name").textValue()).isEqualTo("ask");
        assertThat(ask.get("kind").textValue()).isEqualTo("interaction");
        assertThat(ask.get("startedAt").textValue()).isEqualTo("2026-11-01T10:00:00Z");
        assertThat(ask.get("durationMillis").doubleValue()).isEqualTo(1000.0);
        assertThat(ask.has("parentSpanId")).isFalse();
        assertThat(ask.get("children")).hasSize(4);
        JsonNode chat = ask.get("children").get(1);
        assertThat(chat.get("parentSpanId")).isEqualTo(ask.get("spanId"));
        assertThat(chat.get("tokens")).hasToString("{\"input\":100,\"output\":20}");
        assertThat(chat.get("cost")).hasToString("{\"amount\":0.25,\"currency\":\"USD\"}");
        assertThat(chat.get("attributes").get("gen_ai.operation.name").textValue())
                .isEqualTo("chat");
        assertThat(ask.get("children").get(2).get("error").textValue()).isEqualTo("tool_error");
    }

    @Test
    void attributesOfEveryTypeAreJson() throws IOException {
        span(
                Span.getInvalid(),
                "s",
                0,
                1,
                span -> span.setAttribute("text", "ü\"")
                        .setAttribute("count", 7)
                        .setAttribute("ratio", Double.NaN)
                        .setAttribute("truth", true)
                        .setAttribute(AttributeKey.stringArrayKey("texts"), List.of("a", "b"))
                        .setAttribute(
                                AttributeKey.valueKey("deep"),
                                Value.of(
                                        KeyValue.of("list", Value.of(Value.of(1), Value.of("x"))),
                                        KeyValue.of("bytes", Value.of(new byte[] {1})),
                                        KeyValue.of("nothing", Value.empty()))));
        JsonNode attributes =
                new ObjectMapper().readTree(tree().json()).get("roots").get(0).get("attributes");
        assertThat(attributes)
                .hasToString("{\"count\":7,\"deep\":{\"list\":[1,\"x\"],\"bytes\":\"AQ==\",\"nothing\":null},"
                        + "\"ratio\":\"NaN\",\"text\":\"ü\\\"\",\"texts\":[\"a\",\"b\"],\"truth\":true}");
    }

    @Test
    void whatOneCallDoesNotKnowTheTotalDoesNotKnowEither() {
        span(Span.getInvalid(), "ask", 0, 9, ask -> {
            span(ask, "chat a", 1, 1, chat -> call(chat, "chat", 10, 2, 0.5));
            span(
                    ask,
                    "chat b",
                    2,
                    1,
                    chat -> chat.setAttribute(GenAi.OPERATION_NAME, "chat").setAttribute(GenAi.INPUT_TOKENS, 5L));
        });
        assertThat(tree().usage().input()).hasValue(15);
        assertThat(tree().usage().output()).isEmpty();
        assertThat(tree().cost()).isEmpty();
        assertThat(tree().lines().get(0)).contains("15 in, ? out", "cost unknown");
    }

    @Test
    void whatUsedNothingCostsNothing() {
        span(
                Span.getInvalid(),
                "ask",
                0,
                9,
                ask -> span(
                        ask,
                        "chat m",
                        1,
                        1,
                        chat -> chat.setAttribute(GenAi.OPERATION_NAME, "chat")
                                .setAttribute(PlinthAttributes.CACHED, true)));
        assertThat(tree().cost()).isEmpty();
        assertThat(tree().lines()).allSatisfy(line -> assertThat(line).contains("tokens unknown", "no cost"));
    }

    @Test
    void whatAsksNoModelHasNeitherTokensNorCost() {
        span(Span.getInvalid(), "work", 0, 9, work -> {});
        assertThat(tree().usage()).isEqualTo(Usage.NONE);
        assertThat(tree().lines()).containsExactly("work                                                      9.0 ms");
    }

    @Test
    void namesErrorsAndCurrenciesCannotMakeLinesOrMoveTheCursor() {
        span(
                Span.getInvalid(),
                "chat gpt\nfake line\u2028\u202e",
                0,
                9,
                chat -> chat.setAttribute(GenAi.OPERATION_NAME, "chat")
                        .setAttribute(GenAi.ERROR_TYPE, "busy\r\u001b[2J\u009b")
                        .setAttribute(PlinthAttributes.COST_AMOUNT, 1.5)
                        .setAttribute(PlinthAttributes.COST_CURRENCY, "U\tD"));
        assertThat(tree().lines()).hasSize(1);
        assertThat(tree().lines().get(0))
                .startsWith("chat gpt\uFFFDfake line\uFFFD\uFFFD ")
                .contains("1.5 U\uFFFDD")
                .endsWith("failed: busy\uFFFD\uFFFD[2J\uFFFD");
    }

    @Test
    void currenciesAreNotAddedUp() {
        span(Span.getInvalid(), "ask", 0, 9, ask -> {
            span(ask, "chat a", 1, 1, chat -> call(chat, "chat", 10, 2, 0.5));
            span(ask, "chat b", 2, 1, chat -> {
                call(chat, "chat", 10, 2, 0.5);
                chat.setAttribute(PlinthAttributes.COST_CURRENCY, "EUR");
            });
        });
        assertThat(tree().cost()).isEmpty();
        assertThat(tree().nodes().get(2).cost()).contains(new Money(new BigDecimal("0.5"), "EUR"));
    }

    @Test
    void anotherLibrarysSpanOfTheSameCallDoesNotCountAgain() {
        span(
                Span.getInvalid(),
                "ask",
                0,
                9,
                ask -> span(ask, "chat m", 1, 5, chat -> {
                    call(chat, "chat", 10, 2, 0.5);
                    spanOf("io.opentelemetry.openai", chat, "chat m", 2, 3, again -> call(again, "chat", 10, 2, 0.5));
                    span(chat, "chat helper", 4, 1, nested -> call(nested, "chat", 1, 1, 0.25));
                }));
        assertThat(tree().usage()).isEqualTo(Usage.of(11, 3));
        assertThat(tree().cost()).contains(new Money(new BigDecimal("0.75"), "USD"));
    }

    @Test
    void anotherLibrarysCallOfItsOwnCounts() {
        spanOf(
                "other",
                Span.getInvalid(),
                "work",
                0,
                9,
                work -> spanOf("other", work, "chat m", 1, 5, chat -> call(chat, "chat", 10, 2, 0.5)));
        assertThat(tree().usage()).isEqualTo(Usage.of(10, 2));
    }

    /** A call as tracing leaves it to another instrumentation, and the span of that. */
    private void elsewhere(Span parent, long at, double cost, boolean told) {
        span(parent, "chat m", at, 5, chat -> {
            chat.setAttribute(PlinthAttributes.INTERACTION_ID, "i-1")
                    .setAttribute(PlinthAttributes.REPORTED_ELSEWHERE, true)
                    .setAttribute(PlinthAttributes.COST_AMOUNT, cost)
                    .setAttribute(PlinthAttributes.COST_CURRENCY, "USD");
            if (told) {
                spanOf(
                        "io.opentelemetry.openai",
                        chat,
                        "chat m by the other",
                        at + 1,
                        3,
                        other -> other.setAttribute(GenAi.OPERATION_NAME, "chat")
                                .setAttribute(GenAi.INPUT_TOKENS, 10L)
                                .setAttribute(GenAi.OUTPUT_TOKENS, 2L));
            }
        });
    }

    @Test
    void aCallReportedElsewhereHasItsCostHereAndItsTokensThere() throws IOException {
        span(Span.getInvalid(), "ask", 0, 20, ask -> {
            ask.setAttribute(PlinthAttributes.INTERACTION_ID, "i-1");
            elsewhere(ask, 1, 0.5, true);
            elsewhere(ask, 7, 0.25, true);
            span(ask, "chat own", 14, 1, own -> {
                call(own, "chat", 1, 1, 0.125);
                elsewhere(own, 14, 0.125, true);
            });
        });
        assertThat(tree().nodes().get(1).kind()).isEqualTo(Kind.OTHER);
        assertThat(tree().cost()).contains(new Money(new BigDecimal("1.000"), "USD"));
        assertThat(tree().usage()).isEqualTo(Usage.of(31, 7));
        assertThat(tree().lines()).noneMatch(line -> line.contains("unknown"));
        assertThat(tree().lines().get(0)).endsWith("31 in, 7 out           1 USD");
        assertThat(tree().lines().get(1)).contains("├─ chat m ").endsWith("0.5 USD");
        assertThat(tree().lines().get(2)).contains("chat m by the other").endsWith("10 in, 2 out");
        assertThat(new ObjectMapper()
                        .readTree(tree().json())
                        .at("/roots/0/children/0/cost/amount")
                        .doubleValue())
                .isEqualTo(0.5);
    }

    @Test
    void tokensThatNobodyToldAreNotKnown() {
        span(Span.getInvalid(), "ask", 0, 20, ask -> {
            elsewhere(ask, 1, 0.5, true);
            elsewhere(ask, 7, 0.25, false);
        });
        assertThat(tree().usage().input()).isEmpty();
        assertThat(tree().cost()).contains(new Money(new BigDecimal("0.75"), "USD"));
    }

    @Test
    void tokensOfBothVersionsOfTheConventions() {
        for (AttributeKey<Long> written : List.of(GenAi.CACHE_WRITE_TOKENS, GenAi.CACHE_CREATION_TOKENS)) {
            span(
                    Span.getInvalid(),
                    "chat m",
                    0,
                    1,
                    chat -> chat.setAttribute(GenAi.OPERATION_NAME, "chat")
                            .setAttribute(GenAi.INPUT_TOKENS, 9L)
                            .setAttribute(GenAi.OUTPUT_TOKENS, 4L)
                            .setAttribute(GenAi.CACHE_READ_TOKENS, 5L)
                            .setAttribute(GenAi.REASONING_TOKENS, 3L)
                            .setAttribute(written, 2L)
                            .setAttribute(PlinthAttributes.USAGE_ESTIMATED, true));
            assertThat(tree().nodes().get(0).usage())
                    .isEqualTo(Usage.builder()
                            .input(9)
                            .output(4)
                            .cachedInput(5)
                            .cacheWrite(2)
                            .reasoning(3)
                            .source(Usage.Source.ESTIMATED)
                            .build());
        }
    }

    @Test
    void childrenThatStartedAtOneTimeStayInTheOrderTheyWereMadeIn() {
        span(Span.getInvalid(), "ask", 0, 9, ask -> {
            span(ask, "late", 5, 1, none -> {});
            span(ask, "first", 1, 1, none -> {});
            span(ask, "second", 1, 1, none -> {});
        });
        assertThat(tree().nodes()).extracting(TraceNode::name).containsExactly("ask", "first", "second", "late");
    }

    @Test
    void noDepthIsTooDeep() throws IOException {
        Span parent = sdk.openTelemetry()
                .getTracer("dev.plinth.tracing")
                .spanBuilder("0")
                .startSpan();
        for (int depth = 1; depth < 1_900; depth++) {
            Span next = sdk.openTelemetry()
                    .getTracer("t")
                    .spanBuilder("" + depth)
                    .setParent(Context.root().with(parent))
                    .startSpan();
            parent.end();
            parent = next;
        }
        parent.end();
        assertThat(tree().lines()).hasSize(1_900);
        assertThat(tree().json()).contains("\"name\":\"1899\"").endsWith("]}");
    }
}
