package dev.plinth.tracing.sdk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A tree as a JSON object. */
final class TreeJson implements TreeWalk.Visitor {

    private static final JsonFactory JSON = Json.factory();

    private final JsonGenerator out;

    private TreeJson(JsonGenerator out) {
        this.out = out;
    }

    static String write(TraceTree tree) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            new TreeJson(out).tree(tree);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // a StringWriter does not fail
        }
        return text.toString();
    }

    private void tree(TraceTree tree) throws IOException {
        out.writeStartObject();
        out.writeStringField("traceId", tree.traceId());
        text("interactionId", tree.interactionId().orElse(null));
        out.writeBooleanField("running", tree.isRunning());
        out.writeNumberField("unended", tree.unended());
        out.writeNumberField("orphans", tree.orphans());
        out.writeNumberField("droppedSpans", tree.droppedSpans());
        out.writeObjectFieldStart("totals");
        tokens(tree.usage());
        cost(tree.cost());
        out.writeEndObject();
        out.writeArrayFieldStart("roots");
        TreeWalk.over(tree.roots(), this);
        out.writeEndArray();
        out.writeEndObject();
    }

    @Override
    public void enter(TraceNode node, int depth, boolean last) {
        try {
            node(node);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public void leave(TraceNode node) {
        try {
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void node(TraceNode node) throws IOException {
        out.writeStartObject();
        out.writeStringField("spanId", node.spanId());
        text("parentSpanId", node.parentSpanId().orElse(null));
        out.writeStringField("name", node.name());
        out.writeStringField("kind", word(node.kind()));
        out.writeStringField("startedAt", node.startedAt().toString());
        out.writeNumberField("durationMillis", node.duration().toNanos() / 1e6);
        out.writeBooleanField("running", node.isRunning());
        out.writeBooleanField("orphan", node.isOrphan());
        text("error", node.error().orElse(null));
        if (node.kind().isModelCall()) {
            tokens(node.usage());
        }
        if (node.kind().isModelCall() || node.recorded().isReportedElsewhere()) {
            cost(node.cost());
        }
        out.writeObjectFieldStart("attributes");
        Json.attributes(out, node.attributes());
        out.writeEndObject();
        scores(node.scores());
        out.writeArrayFieldStart("children");
    }

    private void tokens(Usage usage) throws IOException {
        out.writeObjectFieldStart("tokens");
        count("input", usage.input());
        count("output", usage.output());
        count("cachedInput", usage.cachedInput());
        count("cacheWrite", usage.cacheWrite());
        count("reasoning", usage.reasoning());
        if (usage.source() == Usage.Source.ESTIMATED) {
            out.writeBooleanField("estimated", true);
        }
        out.writeEndObject();
    }

    private void cost(Optional<TraceNode.Money> cost) throws IOException {
        if (cost.isPresent()) {
            out.writeObjectFieldStart("cost");
            out.writeNumberField("amount", cost.get().amount());
            out.writeStringField("currency", cost.get().currency());
            out.writeEndObject();
        }
    }

    private void scores(List<TraceScore> scores) throws IOException {
        out.writeArrayFieldStart("scores");
        for (TraceScore score : scores) {
            out.writeStartObject();
            out.writeStringField("name", score.name());
            text("outcome", word(score.outcome()));
            if (score.value() != null) {
                out.writeNumberField("value", score.value());
            }
            text("label", score.label());
            text("explanation", score.explanation());
            text("annotator", word(score.annotator()));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void count(String name, OptionalLong count) throws IOException {
        if (count.isPresent()) {
            out.writeNumberField(name, count.getAsLong());
        }
    }

    private void text(String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    private static String word(TraceNode.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String word(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
    }
}
