package dev.plinth.bench.wire;

import dev.plinth.providers.anthropic.ApiVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** All recordings of a folder, made again and compared. */
public final class Recordings {

    /** The protocols that Plinth speaks, each with its file of recordings. */
    static final List<RecordedProtocol> PROTOCOLS = List.of(
            new OpenAiChatRecordings(),
            new OpenAiResponsesRecordings(),
            new AzureRecordings(),
            new MistralRecordings(),
            new AnthropicRecordings("anthropic.json", ApiVersion.V2026_10_21),
            new AnthropicRecordings("anthropic-2023-06-01.json", ApiVersion.V2023_06_01),
            new GeminiRecordings("gemini.json"),
            new GeminiRecordings("vertex-gemini.json"),
            new BedrockRecordings(),
            new OllamaRecordings(),
            new CohereRecordings(),
            new VoyageRecordings());

    private final KnownDifferences known;
    private final Consumer<String> lines;
    private final Map<String, Integer> counts = new TreeMap<>();

    private Recordings(KnownDifferences known, Consumer<String> lines) {
        this.known = known;
        this.lines = lines;
    }

    /**
     * Makes every recorded call again and says what is different.
     *
     * @param lines hears every difference, and every case that is left out, with its reason
     * @return by {@code requests} and {@code readings} how many are {@code .total}, {@code .equal}, different as {@code
     *     .documented}, or {@code .different}; and how many cases are {@code left}
     */
    public static Map<String, Integer> compare(Path folder, Consumer<String> lines) throws IOException {
        Recordings recordings = new Recordings(KnownDifferences.read(), lines);
        for (String side : List.of("requests", "readings")) {
            for (String count : List.of("equal", "documented", "different", "total")) {
                recordings.counts.put(side + "." + count, 0);
            }
        }
        recordings.counts.put("left", 0);
        for (RecordedProtocol protocol : PROTOCOLS) {
            Path file = folder.resolve(protocol.file());
            if (Files.exists(file)) {
                recordings.compare(protocol, RecordedCase.of(file));
            } else {
                lines.accept(protocol.file() + ": not there (expected: in " + folder + ")");
            }
        }
        return recordings.counts;
    }

    private void compare(RecordedProtocol protocol, List<RecordedCase> cases) throws IOException {
        for (RecordedCase recorded : cases) {
            Optional<String> left = protocol.left(recorded);
            if (left.isPresent()) {
                lines.accept(recorded + " left out: " + left.get());
                count("left");
                continue;
            }
            Comparison comparison = comparison(recorded, protocol);
            count(recorded, "request", comparison.request());
            count(recorded, "reading", comparison.reading());
        }
    }

    private static Comparison comparison(RecordedCase recorded, RecordedProtocol protocol) throws IOException {
        try {
            return Comparison.of(recorded, protocol, 0);
        } catch (RuntimeException unsaid) {
            List<Difference> failed = List.of(new Difference("call", "made", unsaid.toString()));
            return new Comparison(recorded, failed, failed);
        }
    }

    private void count(RecordedCase recorded, String side, List<Difference> differences) {
        boolean documented = true;
        List<String> said = new ArrayList<>();
        for (Difference difference : differences) {
            Optional<KnownDifferences.Row> row = known.reason(recorded, side, difference);
            documented &= row.isPresent();
            said.add(recorded + " " + side + " " + difference
                    + row.map(reason -> " documented: " + reason.reason()).orElse(" NOT DOCUMENTED"));
        }
        said.forEach(lines);
        count(side + "s.total");
        count(side + "s." + (differences.isEmpty() ? "equal" : documented ? "documented" : "different"));
    }

    private void count(String name) {
        counts.merge(name, 1, Integer::sum);
    }
}
