package dev.plinth.tracing.cost;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;

/** The values of all dimensions: what a line is of. */
final class CostLine {

    private static final String OTHER = "_OTHER";

    private CostLine() {}

    /** The line of what a call sent to a model. */
    static Map<Dimension, String> of(
            LocalDate day, CallContext context, String operation, String provider, String model) {
        Map<Dimension, String> line = all("");
        line.put(Dimension.DAY, day.toString());
        line.put(Dimension.TEAM, context.principal().map(Principal::team).orElse(""));
        line.put(
                Dimension.APPLICATION,
                context.principal().map(Principal::application).orElse(""));
        line.put(Dimension.USE_CASE, context.useCase().orElse(""));
        line.put(
                Dimension.INTERACTION,
                context.interaction().map(Interaction::name).orElse(""));
        line.put(Dimension.PROMPT, context.prompt().map(PromptRef::name).orElse(""));
        line.put(
                Dimension.PROMPT_VERSION,
                context.prompt().map(PromptRef::version).orElse(""));
        line.put(Dimension.OPERATION, operation);
        line.put(Dimension.PROVIDER, provider);
        line.put(Dimension.MODEL, model);
        return line;
    }

    /** The line that takes what has no line of its own any more: who called for what is not told apart. */
    static Map<Dimension, String> other(Map<Dimension, String> line) {
        return only(line, Dimension.DAY, Dimension.OPERATION, Dimension.PROVIDER, Dimension.MODEL);
    }

    /** The line that takes what has none of these either: only the day and the operation are told apart. */
    static Map<Dimension, String> last(Map<Dimension, String> line) {
        return only(line, Dimension.DAY, Dimension.OPERATION);
    }

    private static Map<Dimension, String> only(Map<Dimension, String> line, Dimension... kept) {
        Map<Dimension, String> only = all(OTHER);
        for (Dimension dimension : kept) {
            only.put(dimension, line.getOrDefault(dimension, ""));
        }
        return only;
    }

    /** The line of capacity that nobody used. */
    static Map<Dimension, String> unused(String provider, String model) {
        Map<Dimension, String> line = all("");
        line.put(Dimension.PROVIDER, provider);
        line.put(Dimension.MODEL, model);
        return line;
    }

    /** The same value in every dimension, so that all lines have all of them. */
    private static Map<Dimension, String> all(String value) {
        Map<Dimension, String> line = new EnumMap<>(Dimension.class);
        for (Dimension dimension : Dimension.values()) {
            line.put(dimension, value);
        }
        return line;
    }
}
