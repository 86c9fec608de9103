package dev.plinth.samples.quickstart;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.time.Deadline;
import dev.plinth.rag.answer.Answer;
import dev.plinth.tracing.sdk.LocalTraces;
import dev.plinth.tracing.sdk.TracingSdk;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks questions over documents and shows what the platform did for each. */
@Command(
        name = "samples/quickstart/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Asks questions over Markdown and text files and answers with citations.",
            "",
            "Without a model it quotes the best sentences. It generates the answer when it finds one of, in this order:",
            "OPENAI_API_KEY (with OPENAI_BASE_URL and OPENAI_MODEL, if set), ANTHROPIC_API_KEY, a local Ollama."
        })
final class Quickstart implements Callable<Integer> {

    private static final String DEFAULT_QUESTION = "In which order are the stages of layers nested?";

    @Parameters(arity = "0..1", paramLabel = "QUESTION", description = "what to ask; at a terminal, asks on without it")
    private Optional<String> question = Optional.empty();

    @Option(names = "--docs", paramLabel = "DIR", description = "documents to ask (default: this project's own docs)")
    private Path docs = Path.of(System.getProperty("quickstart.docs", "docs"));

    @Option(names = "--offline", description = "uses no generating model, even if there is one")
    private boolean offline;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "for the whole answer (default: 120)")
    private int seconds;

    @Option(
            names = "--trace-file",
            paramLabel = "FILE",
            description = "appends the traces to this file, as OTLP in JSON lines")
    private Optional<Path> traceFile = Optional.empty();

    @Option(
            names = "--otlp",
            paramLabel = "URL",
            description = "sends the traces there, such as http://localhost:4318/v1/traces")
    private Optional<String> otlp = Optional.empty();

    private final PrintWriter out;
    private final Terminal terminal;

    private Quickstart(Terminal terminal) {
        this.out = terminal.out();
        this.terminal = terminal;
    }

    public static void main(String[] arguments) {
        System.exit(run(Terminal.ofProcess(), List.of(arguments)));
    }

    /** Runs with these arguments and returns the exit code. */
    static int run(Terminal terminal, List<String> arguments) {
        CommandLine command = new CommandLine(new Quickstart(terminal))
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setExecutionExceptionHandler((failure, line, result) -> {
                    if (failure instanceof LlmException || failure instanceof IllegalArgumentException) {
                        line.getErr().println(failure.getMessage());
                        return 1;
                    }
                    throw failure;
                });
        int exit = command.execute(arguments.toArray(String[]::new));
        terminal.out().flush();
        return exit;
    }

    @Override
    public Integer call() {
        Path home = Path.of(System.getProperty("quickstart.home", "target/state"));
        TraceTargets targets = new TraceTargets(traceFile, otlp);
        TracingSdk tracing = targets.open();
        try (tracing;
                Assistant assistant = Assistant.open(docs, home, generator(), tracing.openTelemetry(), terminal)) {
            out.println("Documents  " + assistant.documents());
            assistant.gaps().forEach(gap -> out.println("           " + gap));
            out.println("Answers    " + assistant.answers());
            if (question.isPresent() || !terminal.isInteractive()) {
                ask(assistant, tracing.traces(), question.orElse(DEFAULT_QUESTION));
            } else {
                askOn(assistant, tracing.traces());
            }
        }
        List<String> losses = targets.losses(tracing.figures());
        losses.forEach(terminal.err()::println);
        return losses.isEmpty() ? 0 : 1;
    }

    private ModelChoice generator() {
        return offline ? ModelChoice.none("--offline") : ModelChoice.find(System.getenv());
    }

    private void askOn(Assistant assistant, LocalTraces traces) {
        out.println("Ask, or press Enter to leave.");
        while (true) {
            String next = terminal.ask("\n> ");
            if (next.isBlank()) {
                return;
            }
            try {
                ask(assistant, traces, next.strip());
            } catch (LlmException failure) {
                out.println(failure.getMessage());
            }
        }
    }

    private void ask(Assistant assistant, LocalTraces traces, String asked) {
        CallContext context = CallContext.builder()
                .principal(new Principal("quickstart", "samples", null))
                .useCase("ask-the-docs")
                .deadline(Deadline.after(Duration.ofSeconds(seconds)))
                .build();
        try (Interaction interaction = Interaction.start("ask", context)) {
            Answer answer = assistant.ask(asked, interaction);
            interaction.close();
            AnswerPage.lines(asked, answer, assistant.generatorName()).forEach(out::println);
            out.println();
            traces.interaction(interaction.id()).ifPresent(tree -> tree.lines().forEach(out::println));
            out.flush();
            if (terminal.isInteractive()) {
                new FeedbackPrompt(terminal, assistant.feedback()).offer(interaction, answer);
            }
        }
    }
}
