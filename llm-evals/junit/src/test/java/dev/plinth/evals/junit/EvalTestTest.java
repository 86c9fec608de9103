package dev.plinth.evals.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.plinth.api.error.OverloadedException;
import dev.plinth.evals.EvalCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.opentest4j.AssertionFailedError;

/** Runs tests of the {@link Sample} and looks at what JUnit reports. */
class EvalTestTest {

    @Test
    void runsOncePerCaseUnderItsId() {
        assertThat(outcomes("answers", EvalCase.class)).containsOnlyKeys("right", "wrong", "undecided", "unreachable");
    }

    @Test
    void failsWhereAnEvaluatorFails() {
        Throwable failure = outcomes("answers", EvalCase.class).get("wrong");

        assertThat(failure)
                .isInstanceOf(AssertionFailedError.class)
                .hasMessage("wrong: 0 of 1 evaluators passed (expected: all)\n"
                        + "  exact-match fail, differs at character 0: '4' (expected: '6')");
        assertThat(((AssertionFailedError) failure).getExpected().getStringRepresentation())
                .isEqualTo("6");
        assertThat(((AssertionFailedError) failure).getActual().getStringRepresentation())
                .isEqualTo("4");
    }

    @Test
    void undecidedIsAFailureToo() {
        assertThat(outcomes("answers", EvalCase.class).get("undecided"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("regex undecided, ");
    }

    @Test
    void aProviderThatFailsIsAnErrorAndNoFailure() {
        assertThat(outcomes("answers", EvalCase.class).get("unreachable")).isInstanceOf(OverloadedException.class);
    }

    @Test
    void passesWhereEverythingPasses() {
        assertThat(outcomes("answers", EvalCase.class).get("right")).isSameAs(PASSED);
    }

    @Test
    void picksCasesByTag() {
        assertThat(outcomes("hardOnes", EvalCase.class)).containsOnlyKeys("wrong", "unreachable");
    }

    @Test
    void theCaseStandsNextToOtherParameters() {
        assertThat(outcomes("withTestInfo", TestInfo.class, EvalCase.class).values())
                .containsOnly(PASSED);
    }

    @Test
    void readsAFileWhenThereIsNoResource() throws Exception {
        Path file = Path.of("target/eval-test.jsonl");
        Files.writeString(file, "{\"id\": \"from a file\", \"input\": \"x\"}");

        assertThat(outcomes("fromAFile", EvalCase.class)).containsOnlyKeys("from a file");
    }

    @Test
    void aMissingFileNamesBothPlaces() {
        assertThat(failureOfTheTemplate("missingCases", EvalCase.class))
                .hasMessageStartingWith("cases: evals/missing.jsonl missing (expected: a resource on the class path, or"
                        + " a file from " + Path.of("").toAbsolutePath());
    }

    @Test
    void aMethodThatTakesNoCaseIsRefused() {
        assertThat(failureOfTheTemplate("withoutCase"))
                .hasMessageEndingWith("(expected: a parameter of type EvalCase)");
    }

    @Test
    void anUnknownTagIsRefused() {
        assertThat(failureOfTheTemplate("unknownTag", EvalCase.class))
                .hasMessage("tag: esay (expected: on at least one case of evals/sample.jsonl)");
    }

    private static final Throwable PASSED = new Throwable("passed");

    /** What each invocation threw, by its display name. */
    private static Map<String, Throwable> outcomes(String method, Class<?>... parameters) {
        return run(method, parameters).testEvents().finished().stream()
                .collect(Collectors.toMap(
                        event -> event.getTestDescriptor().getDisplayName(), EvalTestTest::thrown, (a, b) -> a));
    }

    private static Throwable failureOfTheTemplate(String method, Class<?>... parameters) {
        EngineExecutionResults results = run(method, parameters);
        assertThat(results.testEvents().started().count()).isZero();
        return results.containerEvents().failed().stream()
                .map(EvalTestTest::thrown)
                .findFirst()
                .orElseThrow();
    }

    private static Throwable thrown(Event event) {
        return event.getPayload(TestExecutionResult.class)
                .flatMap(TestExecutionResult::getThrowable)
                .orElse(PASSED);
    }

    private static EngineExecutionResults run(String method, Class<?>... parameters) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Sample.class, method, parameters))
                .execute();
    }
}
