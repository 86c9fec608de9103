package dev.plinth.samples.quickstart;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.evals.EvalCase;
import dev.plinth.evals.RecordedAnswers;
import dev.plinth.evals.junit.EvalAssertions;
import dev.plinth.evals.junit.EvalTest;
import io.opentelemetry.api.OpenTelemetry;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart's own questions over this project's own documents, judged live and by replay. */
class QuickstartEvalTest {

    private static final Path DOCS = Path.of("../../docs");
    private static final Path RECORDED = Path.of("src/test/resources/evals/quickstart-recorded.jsonl");

    @TempDir
    static Path home;

    private static Assistant assistant;
    private static RecordedAnswers recorded;

    @BeforeAll
    static void open() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Terminal nobody = new Terminal(new BufferedReader(Reader.nullReader()), nowhere, nowhere, false, false);
        assistant = Assistant.open(DOCS, home, ModelChoice.none("a test"), OpenTelemetry.noop(), nobody);
        recorded = RecordedAnswers.read(RECORDED);
    }

    @AfterAll
    static void close() {
        assistant.close();
    }

    @EvalTest(cases = "evals/quickstart.jsonl")
    void extractiveAnswers(EvalCase evalCase) {
        EvalAssertions.assertPasses(evalCase, answer(evalCase));
    }

    /** What the quickstart answered when it was recorded, without documents and without a model. */
    @EvalTest(cases = "evals/quickstart.jsonl")
    void recordedAnswers(EvalCase evalCase) {
        EvalAssertions.assertPasses(evalCase, recorded.answer(evalCase));
    }

    private static String answer(EvalCase evalCase) {
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            return assistant.ask(evalCase.input(), interaction).text();
        }
    }
}
