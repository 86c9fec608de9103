package dev.plinth.providers.llamacpp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A template in the part of Jinja that chat templates are written in, with the settings under which their authors try
 * them: {@code trim_blocks}, {@code lstrip_blocks}, loop controls, {@code raise_exception}. Statements: if, for, set,
 * macro, break, continue. What it does not know it refuses when it is read.
 *
 * <p>Rendering ends: it makes a limited number of steps and a limited amount of text. Immutable and thread-safe.
 */
final class JinjaTemplate {

    private static final long MAX_RANGE = 100_000;

    private final JinjaParser.Node body;

    private JinjaTemplate(JinjaParser.Node body) {
        this.body = body;
    }

    /** @throws JinjaException if the template cannot be read */
    static JinjaTemplate parse(String source) {
        return new JinjaTemplate(JinjaParser.parse(source));
    }

    /**
     * The text.
     *
     * @param variables as {@link JinjaValues} has them
     * @throws JinjaException if the template refuses them or fails
     */
    String render(Map<String, Object> variables) {
        JinjaScope scope = JinjaScope.of(variables);
        scope.set("namespace", (JinjaValues.Function)
                (arguments, named) -> new JinjaMethods.Namespace(new LinkedHashMap<>(named)));
        scope.set("dict", (JinjaValues.Function) (arguments, named) -> new LinkedHashMap<>(named));
        scope.set("range", (JinjaValues.Function) (arguments, named) -> range(arguments));
        scope.set("raise_exception", (JinjaValues.Function) (arguments, named) -> {
            throw JinjaException.raised(arguments.isEmpty() ? "" : JinjaValues.string(arguments.get(0)));
        });
        StringBuilder out = new StringBuilder();
        body.render(scope, out);
        return out.toString();
    }

    private static List<Object> range(List<Object> arguments) {
        if (arguments.isEmpty() || arguments.size() > 3) {
            throw new JinjaException("range: " + arguments.size() + " arguments (expected: 1 to 3)");
        }
        long start = arguments.size() == 1 ? 0 : JinjaValues.integer(arguments.get(0));
        long end = JinjaValues.integer(arguments.get(arguments.size() == 1 ? 0 : 1));
        long step = arguments.size() < 3 ? 1 : JinjaValues.integer(arguments.get(2));
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step != 0 && (step > 0 ? i < end : i > end); i += step) {
            if (numbers.size() >= MAX_RANGE) {
                throw new JinjaException("range: too long (expected: at most " + MAX_RANGE + ")");
            }
            numbers.add(i);
        }
        return numbers;
    }
}
