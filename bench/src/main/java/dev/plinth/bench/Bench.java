package dev.plinth.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Starts a command by its name. Figures go to standard output as {@code name=value} lines, after all else; progress
 * goes to standard error.
 */
public final class Bench {
    private static final Map<String, Command> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("retrieval", new RetrievalCommand());
        COMMANDS.put("ingest", new IngestCommand());
        COMMANDS.put("crash", new CrashCommand());
        COMMANDS.put("chunking", new ChunkingCommand());
        COMMANDS.put("vectors", new VectorsCommand());
        COMMANDS.put("grounds", new GroundsCommand());
        COMMANDS.put("footprint", new FootprintCommand());
        COMMANDS.put("wire", new WireCommand());
        COMMANDS.put("wire-read", new WireReadCommand());
        COMMANDS.put("overhead", new OverheadCommand());
        COMMANDS.put("chaos", new ChaosCommand());
        COMMANDS.put("trace", new TraceCommand());
    }

    private Bench() {}

    /** Runs one command; exits with 2 when the arguments are wrong. */
    public static void main(String[] arguments) throws Exception {
        Command command = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        if (command == null) {
            System.err.println("usage: java -jar bench.jar COMMAND --option value ...");
            COMMANDS.forEach((name, one) -> System.err.println("  " + name + " " + one.usage()));
            System.exit(2);
            return;
        }
        try {
            Figures figures = new Figures();
            command.run(Options.parse(arguments, command.flags()), figures);
            figures.print(System.out);
        } catch (IllegalArgumentException exception) {
            System.err.println(exception.getMessage());
            System.err.println("usage: " + arguments[0] + " " + command.usage());
            System.exit(2);
        }
    }
}
