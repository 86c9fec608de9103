package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.UsageCounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer with documents in order, while it is read. What is wrong with it is kept, not thrown, so that the whole
 * answer is read first.
 *
 * <p>Not thread-safe.
 */
final class RerankAnswer {

    private final int documents;
    private final int top;
    private final List<Ranked> ranked = new ArrayList<>();
    private final BitSet seen = new BitSet();
    private final UsageCounts usage = new UsageCounts();
    private final ErrorBody.Fields errors = new ErrorBody.Fields();
    private @Nullable String model;
    private @Nullable String fault;

    /**
     * Nothing read yet.
     *
     * @param documents how many there are to order
     * @param top how many of them to return
     */
    RerankAnswer(int documents, int top) {
        this.documents = documents;
        this.top = Math.min(top, documents);
    }

    void read(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(json, "not an object");
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "results", "data" -> readResults(json);
                case "model" -> model = Json.text(json, null);
                case "usage", "meta" -> TokenCounts.read(json, usage);
                default -> {
                    if (!errors.read(field, json)) {
                        json.skipChildren();
                    }
                }
            }
        }
    }

    private void readResults(JsonParser json) throws IOException {
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                if (Json.isObject(json)) {
                    readResult(json);
                }
            }
        }
    }

    private void readResult(JsonParser json) throws IOException {
        long index = -1;
        double score = Double.NaN;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "index" -> index = Json.number(json, -1);
                case "relevance_score" -> score = Json.decimal(json, Double.NaN);
                default -> json.skipChildren();
            }
        }
        boolean fits = index >= 0 && index < documents && !seen.get((int) index);
        if (!fits || !Double.isFinite(score)) {
            String expected = "each of 0 to " + (documents - 1) + " once, with a finite score";
            fault("result " + ranked.size() + ": index " + index + ", score " + score, expected);
        } else {
            seen.set((int) index);
            ranked.add(new Ranked((int) index, score));
        }
    }

    private void fault(String what, String expected) {
        if (fault == null) {
            fault = what + " (expected: " + expected + ")";
        }
    }

    /** The error that the answer says, or null. */
    @Nullable
    ErrorBody error() {
        return errors.found(!ranked.isEmpty());
    }

    /** What is wrong with the results, or null. */
    @Nullable
    String fault() {
        if (ranked.size() < top) {
            fault("results: " + ranked.size(), String.valueOf(top));
        }
        return fault;
    }

    /** The best, best first. */
    List<Ranked> ranked() {
        return ranked.stream()
                .sorted(Comparator.comparingDouble(Ranked::score).reversed())
                .limit(top)
                .toList();
    }

    String modelOr(String otherwise) {
        return model == null ? otherwise : model;
    }

    /** The tokens, where the vendor counts in tokens. */
    Usage usage() {
        Usage read = usage.usage();
        return read.input().isEmpty() ? Usage.UNKNOWN : Usage.of(read.input().getAsLong(), 0);
    }
}
