package dev.plinth.providers.llamacpp;

import dev.plinth.providers.llamacpp.JinjaExpressions.Expression;
import dev.plinth.providers.llamacpp.JinjaParser.Flow;
import dev.plinth.providers.llamacpp.JinjaParser.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A for loop. */
final class JinjaLoop implements Node {

    private final List<String> names;
    private final Expression all;
    private final @Nullable Expression filter;
    private final Node body;
    private final @Nullable Node empty;

    JinjaLoop(List<String> names, Expression all, @Nullable Expression filter, Node body, @Nullable Node empty) {
        this.names = names;
        this.all = all;
        this.filter = filter;
        this.body = body;
        this.empty = empty;
    }

    @Override
    public Flow render(JinjaScope scope, StringBuilder out) {
        List<Object> elements = elements(scope);
        if (elements.isEmpty()) {
            return empty == null ? Flow.NEXT : empty.render(scope, out);
        }
        for (int i = 0; i < elements.size(); i++) {
            scope.step();
            JinjaScope inner = scope.child();
            JinjaParser.assign(inner, names, elements.get(i));
            inner.set("loop", loop(elements, i));
            if (body.render(inner, out) == Flow.BREAK) {
                break;
            }
        }
        return Flow.NEXT;
    }

    private List<Object> elements(JinjaScope scope) {
        List<Object> elements = JinjaValues.elements(all.value(scope));
        if (filter == null) {
            return elements;
        }
        List<Object> kept = new ArrayList<>();
        for (Object element : elements) {
            scope.step();
            JinjaScope inner = scope.child();
            JinjaParser.assign(inner, names, element);
            if (JinjaValues.truth(filter.value(inner))) {
                kept.add(element);
            }
        }
        return kept;
    }

    private static Map<String, Object> loop(List<Object> elements, int i) {
        Map<String, Object> loop = new HashMap<>();
        loop.put("index", i + 1L);
        loop.put("index0", (long) i);
        loop.put("revindex", (long) elements.size() - i);
        loop.put("revindex0", elements.size() - i - 1L);
        loop.put("first", i == 0);
        loop.put("last", i == elements.size() - 1);
        loop.put("length", (long) elements.size());
        if (i > 0) {
            loop.put("previtem", elements.get(i - 1));
        }
        if (i < elements.size() - 1) {
            loop.put("nextitem", elements.get(i + 1));
        }
        return loop;
    }
}
