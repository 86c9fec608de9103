package dev.plinth.bench;

import dev.plinth.bench.wire.WireReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the adapters read of answers out of a file. */
final class WireReadCommand implements Command {

    @Override
    public String usage() {
        return "--exchanges FILE.jsonl   lines of {\"id\",\"protocol\",\"kind\",\"stream\",\"status\",\"headers\",\"body\"}";
    }

    @Override
    public void run(Options options, Figures figures) throws IOException {
        Path file = options.requiredPath("exchanges");
        var decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(Files.newInputStream(file), decoder));
                WireReader reader = new WireReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    System.out.println(reader.read(line));
                }
            }
            figures.set("read", reader.read());
            figures.set("failed", reader.failed());
        }
    }
}
