package dev.plinth.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Usage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StructuredOutputTest {

    record Verdict(boolean good, int score) {}

    private static final String GOOD = "{\"good\":true,\"score\":7}";
    private static final String BAD = "{\"good\":\"yes\",\"score\":7.5,\"why\":\"\"}";

    private final ScriptedModel plain = new ScriptedModel();

    @Test
    void letsTheVendorEnforceTheSchemaWhereItCan() {
        ScriptedModel model = new ScriptedModel(Capability.JSON_SCHEMA, Capability.JSON_OUTPUT).says(GOOD);

        Structured<Verdict> answer = StructuredOutput.of(model, Verdict.class).ask("Is 'x' good?");

        assertThat(answer.value()).isEqualTo(new Verdict(true, 7));
        assertThat(answer.usage()).isEqualTo(Usage.of(10, 5));
        assertThat(answer.response().text()).isEqualTo(GOOD);
        ChatRequest asked = model.requests.get(0);
        assertThat(asked.responseFormat())
                .isEqualTo(new ResponseFormat.Schema(
                        "Verdict", JsonType.of(Verdict.class).schema(), true));
        assertThat(asked.messages()).containsExactly(Message.user("Is 'x' good?"));
    }

    @Test
    void doesNotClaimThatAMapCanBeEnforced() {
        ScriptedModel model = new ScriptedModel(Capability.JSON_SCHEMA).says("{\"counts\":{}}");

        StructuredOutput.of(model, JsonTypeReadTest.Odd.class).ask("Count.");

        assertThat(((ResponseFormat.Schema) model.requests.get(0).responseFormat()).strict())
                .isFalse();
    }

    @Test
    void asksForJsonAndTellsTheSchemaOtherwise() {
        ScriptedModel model = new ScriptedModel(Capability.JSON_OUTPUT).says(GOOD);

        StructuredOutput.of(model, Verdict.class).ask("Good?");

        ChatRequest asked = model.requests.get(0);
        assertThat(asked.responseFormat()).isEqualTo(ResponseFormat.JSON);
        assertThat(asked.messages()).hasSize(2);
        assertThat(asked.messages().get(0).role()).isEqualTo(Role.SYSTEM);
        assertThat(asked.messages().get(0).text())
                .contains("JSON")
                .endsWith(JsonType.of(Verdict.class).schema());
    }

    @Test
    void onlyTellsAModelThatKnowsNoJson() {
        plain.says("```json\n" + GOOD + "\n```");
        ChatRequest request = ChatRequest.builder()
                .system("Be kind.")
                .user("{{x}} %s ${y} <b>")
                .build();

        StructuredOutput.of(plain, Verdict.class).ask(request);

        ChatRequest asked = plain.requests.get(0);
        assertThat(asked.responseFormat()).isEqualTo(ResponseFormat.TEXT);
        assertThat(asked.messages()).hasSize(2);
        assertThat(asked.messages().get(0).text()).startsWith("Be kind.\n\nAnswer with one JSON object");
        assertThat(asked.messages().get(1)).isEqualTo(Message.user("{{x}} %s ${y} <b>"));
    }

    @Test
    void tellsTheSchemaInAnyCaseWhenAskedTo() {
        ScriptedModel model = new ScriptedModel(Capability.JSON_SCHEMA).says(GOOD);

        StructuredOutput.of(model, Verdict.class).schemaInPrompt().ask("Good?");

        assertThat(model.requests.get(0).responseFormat()).isInstanceOf(ResponseFormat.Schema.class);
        assertThat(model.requests.get(0).messages().get(0).text()).contains("JSON Schema");
    }

    @Test
    void sendsBackAllThatIsWrongAndCountsEveryAttempt() {
        plain.says(BAD).says("Sorry! " + GOOD);

        Structured<Verdict> answer = StructuredOutput.of(plain, Verdict.class).ask("Good?");

        assertThat(answer.value()).isEqualTo(new Verdict(true, 7));
        assertThat(answer.responses()).hasSize(2);
        assertThat(answer.usage()).isEqualTo(Usage.of(20, 10));
        List<Message> repair = plain.requests.get(1).messages();
        assertThat(repair.subList(0, 2)).isEqualTo(plain.requests.get(0).messages());
        assertThat(repair.get(2)).isEqualTo(Message.assistant(BAD));
        assertThat(repair.get(3).text())
                .isEqualTo("Your answer cannot be used:\n"
                        + "- $.good: string (expected: boolean)\n"
                        + "- $.score: fraction (expected: integer)\n"
                        + "- $.why: unknown property (expected: only good, score)\n"
                        + "Answer again with the whole corrected JSON object and nothing else.");
    }

    @Test
    void givesUpAfterTheLimitWithAllThatIsKnown() {
        plain.says("x").says("y").says(BAD);

        StructuredOutputException failure = failure(
                () -> StructuredOutput.of(plain, Verdict.class).maxRepairs(2).ask("Good?"));

        assertThat(failure.rawText()).isEqualTo(BAD);
        assertThat(failure.violations()).hasSize(3);
        assertThat(failure.usage()).isEqualTo(Usage.of(30, 15));
        assertThat(failure.details().attempts()).isEqualTo(3);
        assertThat(failure.details().requestId()).hasValue("req-3");
        assertThat(failure.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(failure)
                .hasMessage("answer: 3 violations, the first at $.good (expected: JSON of Verdict)"
                        + " [provider=scripted, model=scripted-1, request=req-3, attempts=3]");
    }

    @Test
    void repairsOnceUnlessTold() {
        plain.says(BAD).says(BAD).says(GOOD);

        assertThat(failure(() -> StructuredOutput.of(plain, Verdict.class).ask("Good?"))
                        .details()
                        .attempts())
                .isEqualTo(2);
        assertThat(failure(() -> StructuredOutput.of(new ScriptedModel().says(BAD), Verdict.class)
                                .maxRepairs(0)
                                .ask("Good?"))
                        .details()
                        .attempts())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = FinishReason.class,
            names = {"STOP", "OTHER"},
            mode = EnumSource.Mode.EXCLUDE)
    void doesNotRepairWhatDidNotEndByItself(FinishReason reason) {
        plain.says("I would rather not", reason);

        StructuredOutputException failure =
                failure(() -> StructuredOutput.of(plain, Verdict.class).ask("Good?"));

        assertThat(failure.finishReason()).isEqualTo(reason);
        assertThat(failure.violations()).isEmpty();
        assertThat(failure.rawText()).isEqualTo("I would rather not");
        assertThat(failure).hasMessageStartingWith("answer: ended with " + reason + " (expected: STOP");
        assertThat(plain.requests).hasSize(1);
    }

    @Test
    void doesNotRepairARequestForTools() {
        ToolCall call = new ToolCall("1", "weather", "{}");
        plain.answers(plain.response(Message.assistant(List.of(call)), FinishReason.STOP));

        assertThat(failure(() -> StructuredOutput.of(plain, Verdict.class).ask("Good?"))
                        .finishReason())
                .isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void tellsTheUsageOfAllAttemptsWhenTheSecondIsRefused() {
        plain.says(BAD).says("No.", FinishReason.REFUSAL);

        StructuredOutputException failure =
                failure(() -> StructuredOutput.of(plain, Verdict.class).ask("Good?"));

        assertThat(failure.finishReason()).isEqualTo(FinishReason.REFUSAL);
        assertThat(failure.usage()).isEqualTo(Usage.of(20, 10));
    }

    @Test
    void sendsNoEmptyTurnOfTheAssistant() {
        ScriptedModel silent = new ScriptedModel().says(" ").says(GOOD);

        StructuredOutput.of(silent, Verdict.class).ask("Good?");

        List<Message> repair = silent.requests.get(1).messages();
        assertThat(repair).extracting(Message::role).containsExactly(Role.SYSTEM, Role.USER);
        assertThat(repair.get(1).parts().get(0)).isEqualTo(new Part.Text("Good?"));
        assertThat(repair.get(1).text()).contains("$: no JSON object (expected: one)");
    }

    @Test
    void keepsTheThoughtsThatSomeProtocolsDemandBack() {
        Message thought = Message.assistant(List.of(new Part.Reasoning("hm", "sig", "test"), new Part.Text("x")));
        plain.answers(plain.response(thought, FinishReason.STOP)).says(GOOD);

        StructuredOutput.of(plain, Verdict.class).ask("Good?");

        assertThat(plain.requests.get(1).messages()).contains(thought);
    }

    @Test
    void forcesNoToolTwice() {
        ScriptedModel model = new ScriptedModel(Capability.TOOLS, Capability.TOOL_CHOICE)
                .says(BAD)
                .says(GOOD);
        ChatRequest request = ChatRequest.builder()
                .user("Good?")
                .tool(new ToolSpec("weather", "Weather", "{\"type\":\"object\"}"))
                .toolChoice(ToolChoice.REQUIRED)
                .build();

        StructuredOutput.of(model, Verdict.class).ask(request);

        assertThat(model.requests)
                .extracting(ChatRequest::toolChoice)
                .containsExactly(ToolChoice.REQUIRED, ToolChoice.AUTO);
    }

    @Test
    void listsABoundedNumberOfViolationsToTheModelAndAllToTheCaller() {
        String numbers = "{\"value\":[" + "1,".repeat(99) + "1]}";
        plain.says(numbers).says(numbers);

        StructuredOutputException failure = failure(
                () -> StructuredOutput.of(plain, JsonType.listOf(String.class)).ask("List."));

        assertThat(failure.violations()).hasSize(100);
        assertThat(plain.requests.get(1).messages().get(3).text())
                .contains("- $.value[29]: number", "- and 70 more\n")
                .doesNotContain("$.value[30]");
    }

    @Test
    void wrapsListsEnumsAndSealedInterfaces() {
        plain.says("{\"value\":[" + GOOD + "]}").says("{\"value\":\"HOT\"}");

        assertThat(StructuredOutput.of(plain, JsonType.listOf(Verdict.class))
                        .ask("List.")
                        .value())
                .containsExactly(new Verdict(true, 7));
        assertThat(StructuredOutput.of(plain, Kitchen.Heat.class)
                        .ask("How hot?")
                        .value())
                .isEqualTo(Kitchen.Heat.HOT);
        assertThat(StructuredOutput.of(
                                new ScriptedModel().says("{\"value\":{\"type\":\"Bench\"}}"), Kitchen.Place.class)
                        .ask("Where?")
                        .value())
                .isEqualTo(new Kitchen.Bench());
    }

    @Test
    void startsNoRepairAfterTheDeadline() {
        FakeTime time = new FakeTime();
        CallContext context = CallContext.builder()
                .deadline(Deadline.after(Duration.ofSeconds(10), time))
                .build();
        plain.says(BAD).after(() -> time.nanos.addAndGet(Duration.ofSeconds(11).toNanos()));
        ChatRequest request =
                ChatRequest.builder().user("Good?").context(context).build();

        TimedOutException failure = catchThrowableOfType(
                TimedOutException.class,
                () -> StructuredOutput.of(plain, Verdict.class).ask(request));

        assertThat(failure).hasMessageStartingWith("deadline: passed after 1 attempts");
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        StructuredOutputException.class,
                        cause -> assertThat(cause.violations()).hasSize(3));
        assertThat(failure.partialUsage()).isEqualTo(Usage.of(10, 5));
    }

    @Test
    void everyAttemptRunsInTheContextOfTheFirst() {
        plain.says(BAD).says(GOOD);
        CallContext context = CallContext.builder().useCase("verdicts").build();

        context.call(() -> StructuredOutput.of(plain, Verdict.class).ask("Good?"));

        assertThat(plain.requests)
                .allSatisfy(request -> assertThat(request.context().useCase()).hasValue("verdicts"));
    }

    @Test
    void passesErrorsOfTheModelOnAndKeepsWhatWasWrongBefore() {
        plain.says(BAD).fails(new RateLimitedException("calls: too many (expected: fewer)"));
        ScriptedModel cancelled = new ScriptedModel().fails(new CancelledException("stopped"));

        RateLimitedException failure = catchThrowableOfType(
                RateLimitedException.class,
                () -> StructuredOutput.of(plain, Verdict.class).ask("Good?"));

        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(StructuredOutputException.class);
        assertThat(catchThrowableOfType(
                        CancelledException.class,
                        () -> StructuredOutput.of(cancelled, Verdict.class).ask("Good?")))
                .isNotNull();
    }

    @Test
    void refusesAFormatOfTheCallersOwn() {
        ChatRequest request = ChatRequest.builder()
                .user("Good?")
                .responseFormat(ResponseFormat.JSON)
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> StructuredOutput.of(plain, Verdict.class).ask(request))
                .withMessage("responseFormat: Json (expected: none, it follows from the type)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StructuredOutput.of(plain, Verdict.class).maxRepairs(-1))
                .withMessage("maxRepairs: -1 (expected: >= 0)");
    }

    @Test
    void theExceptionSurvivesSerialization() throws IOException, ClassNotFoundException {
        StructuredOutputException failure =
                failure(() -> StructuredOutput.of(new ScriptedModel().says(BAD), Verdict.class)
                        .maxRepairs(0)
                        .ask("Good?"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(failure);

        Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(read).isInstanceOfSatisfying(StructuredOutputException.class, copy -> {
            assertThat(copy.rawText()).isEqualTo(BAD);
            assertThat(copy.violations()).isEmpty();
            assertThat(copy.usage()).isEqualTo(Usage.UNKNOWN);
        });
    }

    private static StructuredOutputException failure(Runnable call) {
        return catchThrowableOfType(StructuredOutputException.class, call::run);
    }

    private static final class FakeTime implements TimeSource {
        private final AtomicLong nanos = new AtomicLong();

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos.get());
        }

        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public void sleep(Duration span) {
            nanos.addAndGet(span.toNanos());
        }
    }
}
