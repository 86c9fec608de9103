package dev.plinth.evals.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs once per case of a suite, under the id of the case.
 *
 * <pre>{@code
 * @EvalTest(cases = "evals/quickstart.jsonl")
 * void answers(EvalCase evalCase) {
 *     EvalAssertions.assertPasses(evalCase, support.answer(evalCase.input()));
 * }
 * }</pre>
 *
 * <p>The method takes an {@link dev.plinth.evals.EvalCase}, next to whatever other extensions provide. It returns
 * nothing, as JUnit demands of every test, and so hands the answer to
 * {@link EvalAssertions#assertPasses}, or asserts what it likes.
 *
 * <p>An exception, such as a provider that cannot be reached, is an error of the test and not a failure: build tools
 * count both apart.
 */
// JUnit reaches the extension by reflection; nobody else has to.
@SuppressWarnings("exports")
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(EvalTestExtension.class)
public @interface EvalTest {

    /**
     * The file of the suite, see {@link dev.plinth.evals.EvalSuite}: a resource on the class path, or else a path from
     * the working directory.
     */
    String cases();

    /** Runs only the cases that carry this tag; all of them when it is empty. */
    String tag() default "";
}
