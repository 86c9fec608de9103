package dev.plinth.tracing.cost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.plinth.api.usage.Cost;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.OptionalLong;

/** Writes lines of a report as JSON objects, each on a line of text. */
final class ReportWriter {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private ReportWriter() {}

    static String line(CostReport.Line line) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<Dimension, String> value : line.of().entrySet()) {
                json.writeStringField(value.getKey().field(), value.getValue());
            }
            totals(line.totals(), json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // a text takes everything
        }
        return text.toString();
    }

    private static void totals(Totals totals, JsonGenerator json) throws IOException {
        json.writeNumberField("calls", totals.calls());
        json.writeNumberField("failed", totals.failed());
        json.writeNumberField("cached", totals.cached());
        json.writeNumberField("requests", totals.requests());
        tokens("inputTokens", totals.usage().input(), json);
        tokens("cachedInputTokens", totals.usage().cachedInput(), json);
        tokens("cacheWriteTokens", totals.usage().cacheWrite(), json);
        tokens("longCacheWriteTokens", totals.usage().longCacheWrite(), json);
        tokens("outputTokens", totals.usage().output(), json);
        tokens("reasoningTokens", totals.usage().reasoning(), json);
        json.writeNumberField("unreported", totals.unreported());
        json.writeNumberField("estimated", totals.estimated());
        json.writeNumberField("late", totals.late());
        amounts("cost", totals.cost(), json);
        json.writeNumberField("unpriced", totals.unpriced());
        json.writeNumberField("savedTokens", totals.savedTokens());
        amounts("saved", totals.saved(), json);
    }

    private static void tokens(String name, OptionalLong count, JsonGenerator json) throws IOException {
        json.writeNumberField(name, count.orElse(0));
    }

    private static void amounts(String name, Amounts amounts, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (Cost cost : amounts.all()) {
            json.writeStartObject();
            json.writeNumberField("amount", cost.amount());
            json.writeStringField("currency", cost.currency().getCurrencyCode());
            json.writeStringField("priceDate", cost.priceDate().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
