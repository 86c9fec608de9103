package dev.plinth.providers.llamacpp;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names a template knows at one place, and how much work it may still make. */
final class JinjaScope {

    /** Shared by all scopes of one rendering: a template from a file must end, and must not fill the memory. */
    private static final class Budget {
        private int steps = 1_000_000;
        private int characters = 1 << 24;
        private int depth = 64;
    }

    private final @Nullable JinjaScope parent;
    private final Map<String, Object> variables;
    private final Budget budget;

    private JinjaScope(@Nullable JinjaScope parent, Map<String, Object> variables, Budget budget) {
        this.parent = parent;
        this.variables = variables;
        this.budget = budget;
    }

    /** The scope of a whole template. */
    static JinjaScope of(Map<String, Object> variables) {
        return new JinjaScope(null, new HashMap<>(variables), new Budget());
    }

    /** A scope within; what is set there is gone after it. */
    JinjaScope child() {
        return new JinjaScope(this, new HashMap<>(), budget);
    }

    /** The scope of the whole template, which is all that a macro sees. */
    JinjaScope root() {
        JinjaScope scope = this;
        while (scope.parent != null) {
            scope = scope.parent;
        }
        return scope;
    }

    Object get(String name) {
        for (JinjaScope scope = this; scope != null; scope = scope.parent) {
            Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return new JinjaValues.Undefined(name);
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }

    void step() {
        if (budget.steps-- <= 0) {
            throw new JinjaException("template: too many steps (expected: at most 1000000)");
        }
    }

    void write(StringBuilder out, String text) {
        budget.characters -= text.length();
        if (budget.characters < 0) {
            throw new JinjaException("template: too much text (expected: at most " + (1 << 24) + " characters)");
        }
        out.append(text);
    }

    void enter() {
        if (budget.depth-- <= 0) {
            throw new JinjaException("template: macros too deep (expected: at most 64)");
        }
    }

    void leave() {
        budget.depth++;
    }
}
