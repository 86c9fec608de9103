package dev.plinth.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.tool.ToolLoop;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnnotatedToolsTest {

    record Weather(String place, LocalDate day, BigDecimal celsius) {}

    static class Clock {
        @ToolMethod("Tells the time.")
        String now() {
            return "noon";
        }
    }

    static final class Almanac extends Clock {
        final List<String> noted = new ArrayList<>();

        @ToolMethod(value = "Tells the weather of one day.", name = "get-weather")
        Weather weather(@Description("City and country") String place, CallContext context, @Nullable LocalDate day) {
            noted.add(context.useCase().orElse("none"));
            return new Weather(place, day == null ? LocalDate.EPOCH : day, new BigDecimal("21.50"));
        }

        @ToolMethod("Notes something.")
        void note(String text, long number) {
            noted.add(text + number);
        }

        @ToolMethod("Finds a place.")
        Optional<Kitchen.Place> find(List<String> words, Optional<Kitchen.Heat> heat) {
            return words.isEmpty() ? Optional.empty() : Optional.of(new Kitchen.Table(words.size()));
        }

        @ToolMethod("Counts.")
        int count(Map<String, Integer> counts) {
            return counts.values().stream().mapToInt(count -> count).sum();
        }

        @ToolMethod("Fails.")
        String fail(String how) throws Exception {
            switch (how) {
                case "cancelled":
                    throw new CancelledException("stopped");
                case "interrupted":
                    throw new InterruptedException();
                case "silent":
                    throw new IOException();
                case "error":
                    throw new AssertionError("broken");
                default:
                    throw new IOException("disk: full (expected: space)");
            }
        }
    }

    private final Almanac almanac = new Almanac();
    private final List<Tool> tools = AnnotatedTools.of(almanac);

    @Test
    void listsToolsByNameInheritedOnesIncluded() {
        assertThat(tools)
                .extracting(tool -> tool.spec().name())
                .containsExactly("count", "fail", "find", "get-weather", "note", "now");
    }

    @Test
    void describesParametersByTheRulesOfRecords() {
        assertThat(tool("get-weather").spec().description()).isEqualTo("Tells the weather of one day.");
        assertThat(tool("get-weather").spec().parameters())
                .isEqualTo("{\"type\":\"object\",\"properties\":{"
                        + "\"place\":{\"type\":\"string\",\"description\":\"City and country\"},"
                        + "\"day\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"}},"
                        + "\"required\":[\"place\",\"day\"],\"additionalProperties\":false}");
        assertThat(tool("now").spec().parameters())
                .isEqualTo("{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}");
    }

    @Test
    void callsTheMethodAndInjectsTheContext() {
        CallContext context = CallContext.builder().useCase("picnic").build();

        ToolResult result = tool("get-weather")
                .call(new ToolCall("7", "get-weather", "{\"place\":\"Rome\",\"day\":\"2026-05-01\"}"), context);

        assertThat(result)
                .isEqualTo(new ToolResult(
                        "7", "get-weather", "{\"place\":\"Rome\",\"day\":\"2026-05-01\",\"celsius\":21.50}", false));
        assertThat(almanac.noted).containsExactly("picnic");
    }

    @Test
    void writesResults() {
        assertThat(call("now", "").text()).isEqualTo("noon");
        assertThat(call("now", "{}").text()).isEqualTo("noon");
        assertThat(call("note", "{\"text\":\"a\",\"number\":9007199254740993}").text())
                .isEqualTo("done");
        assertThat(almanac.noted).containsExactly("a9007199254740993");
        assertThat(call("find", "{\"words\":[\"x\"],\"heat\":null}").text())
                .isEqualTo("{\"type\":\"Table\",\"number\":1}");
        assertThat(call("find", "{\"words\":[]}").text()).isEqualTo("null");
        assertThat(call("count", "{\"counts\":{\"a\":1,\"b\":2}}").text()).isEqualTo("3");
    }

    @Test
    void tellsTheModelWhatIsWrongWithItsArguments() {
        ToolResult result = call("note", "{\"number\":\"9\",\"colour\":1}");

        assertThat(result.isError()).isTrue();
        assertThat(result.text())
                .isEqualTo("The arguments do not fit:\n"
                        + "- $.text: missing (expected: string)\n"
                        + "- $.number: string (expected: integer)\n"
                        + "- $.colour: unknown property (expected: only text, number)");
        assertThat(call("note", "{\"text\":").text()).endsWith("$: JSON that ends too early (expected: all of it)");
        assertThat(call("note", "[]").text()).endsWith("$: array (expected: object)");
        assertThat(almanac.noted).isEmpty();
    }

    @Test
    void exceptionsAreResultsForTheModel() {
        ToolResult told = call("fail", "{\"how\":\"loud\"}");

        assertThat(told.isError()).isTrue();
        assertThat(told.text()).isEqualTo("disk: full (expected: space)");
        assertThat(call("fail", "{\"how\":\"silent\"}").text()).isEqualTo("IOException");
    }

    @Test
    void cancellationEndsTheLoop() {
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> call("fail", "{\"how\":\"cancelled\"}"))
                .withMessage("stopped");
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> call("fail", "{\"how\":\"interrupted\"}"))
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).as("interrupt flag, cleared by asking").isTrue();
        assertThatThrownBy(() -> call("fail", "{\"how\":\"error\"}")).isInstanceOf(AssertionError.class);
    }

    @Test
    void worksInAToolLoopAndWithStructuredOutput() {
        ScriptedModel model = new ScriptedModel(Capability.TOOLS);
        ToolCall call = new ToolCall("1", "count", "{\"counts\":{\"a\":4}}");
        model.answers(model.response(Message.assistant(List.of(call)), FinishReason.TOOL_CALLS))
                .says("{\"value\":4}");
        ToolLoop loop = ToolLoop.builder(model).tools(tools).build();

        Structured<Integer> answer = StructuredOutput.of(loop, Integer.class).ask(ChatRequest.of("How many?"));

        assertThat(answer.value()).isEqualTo(4);
        assertThat(answer.usage().total()).hasValue(30);
        assertThat(model.requests.get(1).messages())
                .contains(Message.tool(List.of(new ToolResult("1", "count", "4", false))));
    }

    interface Greets {
        @ToolMethod("Greets.")
        String greet(String name);
    }

    @Test
    void findsAnnotationsOnInterfacesAndCallsAnonymousClasses() {
        Greets greets = new Greets() {
            @Override
            public String greet(String name) {
                return "Hello " + name;
            }
        };

        Tool tool = AnnotatedTools.of(greets).get(0);

        assertThat(tool.call(new ToolCall("1", "greet", "{\"name\":\"Ada\"}"), CallContext.EMPTY)
                        .text())
                .isEqualTo("Hello Ada");
    }

    abstract static class Base<T> {
        abstract T make(String name);
    }

    static final class Bridged extends Base<String> {
        @Override
        @ToolMethod("Makes.")
        String make(String name) {
            return name;
        }
    }

    static final class Overriding extends Clock {
        @Override
        @ToolMethod("Tells the time, later.")
        String now() {
            return "one";
        }
    }

    @Test
    void takesTheOverridingMethodOnce() {
        assertThat(AnnotatedTools.of(new Bridged())).hasSize(1);
        assertThat(AnnotatedTools.of(new Overriding()))
                .singleElement()
                .satisfies(tool -> assertThat(tool.spec().description()).isEqualTo("Tells the time, later."));
    }

    static final class Private {
        @ToolMethod("No.")
        private void hidden() {}
    }

    static final class Static {
        @ToolMethod("No.")
        static void shared() {}
    }

    static final class Overloaded {
        @ToolMethod("One.")
        void add(int number) {}

        @ToolMethod("Two.")
        void add(String text) {}
    }

    static final class Undescribed {
        @ToolMethod(" ")
        void quiet() {}
    }

    static final class BadName {
        @ToolMethod(value = "No.", name = "two words")
        void method() {}
    }

    static final class BadTypes {
        @ToolMethod("No.")
        void take(Object anything) {}
    }

    static final class BadResult {
        @ToolMethod("No.")
        Thread give() {
            return Thread.currentThread();
        }
    }

    static final class TwoContexts {
        @ToolMethod("No.")
        void take(CallContext one, CallContext other) {}
    }

    @Test
    void refusesWhatCannotBeATool() {
        refused(new Private(), "method: Private.hidden (expected: not private, being a @ToolMethod)");
        refused(new Static(), "method: Static.shared (expected: not static, being a @ToolMethod)");
        refused(new Overloaded(), "name: add (expected: each once, but Overloaded.add and Overloaded.add share it");
        refused(new Undescribed(), "description of Undescribed.quiet: ' ' (expected: not blank)");
        refused(new BadName(), "name: two words (expected: 1 to 64 of");
        refused(new BadTypes(), "BadTypes.take(anything): java.lang.Object (expected: a record");
        refused(new BadResult(), "BadResult.give result: java.lang.Thread (expected: a record");
        refused(new TwoContexts(), "method: TwoContexts.take (expected: one CallContext at most)");
        refused(new Object(), "object: a java.lang.Object (expected: at least one @ToolMethod)");
        refused(Clock.class, "(expected: an instance, not its class)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnnotatedTools.of(new Clock(), new Overriding()))
                .withMessageContaining("Overriding.now and Clock.now share it");
        assertThatIllegalArgumentException().isThrownBy(() -> AnnotatedTools.of());
    }

    private static void refused(Object object, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnnotatedTools.of(object))
                .withMessageContaining(message);
    }

    private Tool tool(String name) {
        return tools.stream()
                .filter(tool -> tool.spec().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ToolResult call(String name, String arguments) {
        return tool(name).call(new ToolCall("1", name, arguments), CallContext.EMPTY);
    }
}
