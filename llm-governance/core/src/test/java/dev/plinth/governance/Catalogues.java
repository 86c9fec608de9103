package dev.plinth.governance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Catalogue files for tests. */
final class Catalogues {

    static final String FULL = """
            owner: platform-team
            models:
              - alias: fast
                provider: openai
                model: gpt-5-mini
                kind: chat
                status: approved
                capabilities: [tools, json-schema]
                contextTokens: 400000
                region: eu
                price:
                  {input: 0.25, cachedInput: 0.025, cacheWrite: 0, longCacheWrite: 0.5, output: 2.00, currency: USD, asOf: 2026-11-01,
                  above: [{inputTokens: 2000000, input: 0.5, cachedInput: 0.05, cacheWrite: 0, longCacheWrite: 1, output: 4.00}],
                  tiers: [{tier: flex, input: 0.125, output: 1, above: [{inputTokens: 2000000, input: 0.25, output: 2}]}],
                  batch: {input: 0.125, output: 1}}
              - alias: smart
                provider: openai
                model: gpt-5
                kind: chat
                status: deprecated
                price: {input: 1.25, output: 10, currency: USD, asOf: 2026-11-01}
              - provider: openai
                model: gpt-4
                kind: chat
                status: retired
              - provider: mistral_ai
                model: mistral-large
                kind: chat
                status: approved
              - alias: vectors
                provider: openai
                model: text-embedding-3-small
                kind: embedding
                status: approved
                price: {input: 0.02, currency: USD, asOf: 2026-11-01}
            """;

    private Catalogues() {}

    static Catalogue load(Path directory, String yaml) {
        try {
            return Catalogue.load(Files.writeString(directory.resolve("catalogue.yaml"), yaml));
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}
