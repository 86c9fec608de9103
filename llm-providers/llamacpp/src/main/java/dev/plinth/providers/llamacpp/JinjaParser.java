package dev.plinth.providers.llamacpp;

import dev.plinth.providers.llamacpp.JinjaExpressions.Expression;
import dev.plinth.providers.llamacpp.JinjaLexer.Kind;
import dev.plinth.providers.llamacpp.JinjaLexer.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the statements of a template into what renders them. */
final class JinjaParser {

    /** How the statement around goes on. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    /** A part of a template that has been read. */
    interface Node {
        Flow render(JinjaScope scope, StringBuilder out);
    }

    private final JinjaTokens tokens;
    private final JinjaExpressions expressions;

    private JinjaParser(List<Token> tokens) {
        this.tokens = new JinjaTokens(tokens);
        this.expressions = new JinjaExpressions(this.tokens);
    }

    static Node parse(String source) {
        JinjaParser parser = new JinjaParser(JinjaLexer.tokens(source));
        Node whole = parser.readUntil(Set.of());
        if (parser.tokens.peek().kind() != Kind.END) {
            throw parser.tokens.unexpected("a statement that was begun");
        }
        return whole;
    }

    /** Reads up to a statement of one of these names, whose begin is taken but not the name. */
    private Node readUntil(Set<String> ends) {
        tokens.enter();
        List<Node> nodes = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            if (token.kind() == Kind.TEXT) {
                String text = tokens.take().text();
                nodes.add((scope, out) -> {
                    scope.write(out, text);
                    return Flow.NEXT;
                });
            } else if (token.kind() == Kind.BEGIN_OUTPUT) {
                nodes.add(readOutput());
            } else if (token.kind() == Kind.BEGIN_STATEMENT) {
                tokens.take();
                if (tokens.peek().kind() == Kind.NAME
                        && ends.contains(tokens.peek().text())) {
                    break;
                }
                nodes.add(readStatement());
            } else if (ends.isEmpty()) {
                break;
            } else {
                throw tokens.unexpected("one of " + ends);
            }
        }
        tokens.leave();
        return sequence(nodes);
    }

    private static Node sequence(List<Node> nodes) {
        return (scope, out) -> {
            for (Node node : nodes) {
                scope.step();
                Flow flow = node.render(scope, out);
                if (flow != Flow.NEXT) {
                    return flow;
                }
            }
            return Flow.NEXT;
        };
    }

    private Node readOutput() {
        int line = tokens.take().line();
        Expression value = expressions.readTuple();
        tokens.expect(Kind.END_OUTPUT, "}}");
        return (scope, out) -> {
            try {
                scope.write(out, JinjaValues.string(value.value(scope)));
            } catch (JinjaException e) {
                throw e.at(line);
            }
            return Flow.NEXT;
        };
    }

    private Node readStatement() {
        Token name = tokens.expect(Kind.NAME, "a statement");
        return switch (name.text()) {
            case "if" -> readIf();
            case "for" -> readFor();
            case "set" -> readSet();
            case "macro" -> readMacro();
            case "generation" -> readBlock("endgeneration");
            case "break" -> readJump(Flow.BREAK);
            case "continue" -> readJump(Flow.CONTINUE);
            default ->
                throw new JinjaException("'" + name.text() + "' (expected: if, for, set, macro)").at(name.line());
        };
    }

    private void endStatement() {
        tokens.expect(Kind.END_STATEMENT, "%}");
    }

    private void endStatement(String name) {
        tokens.expectName(name);
        endStatement();
    }

    private Node readBlock(String end) {
        endStatement();
        Node body = readUntil(Set.of(end));
        endStatement(end);
        return body;
    }

    private Node readJump(Flow flow) {
        endStatement();
        return (scope, out) -> flow;
    }

    private Node readIf() {
        Expression condition = expressions.read();
        endStatement();
        Node then = readUntil(Set.of("elif", "else", "endif"));
        Node otherwise = (scope, out) -> Flow.NEXT;
        if (tokens.acceptName("elif")) {
            tokens.enter();
            otherwise = readIf();
            tokens.leave();
        } else if (tokens.acceptName("else")) {
            otherwise = readBlock("endif");
        } else {
            endStatement("endif");
        }
        Node other = otherwise;
        return (scope, out) ->
                JinjaValues.truth(condition.value(scope)) ? then.render(scope, out) : other.render(scope, out);
    }

    private Node readFor() {
        List<String> names = readNames();
        tokens.expectName("in");
        Expression all = expressions.readOr();
        @Nullable Expression filter = tokens.acceptName("if") ? expressions.read() : null;
        endStatement();
        Node body = readUntil(Set.of("else", "endfor"));
        @Nullable Node empty = tokens.acceptName("else") ? readBlock("endfor") : null;
        if (empty == null) {
            endStatement("endfor");
        }
        return new JinjaLoop(names, all, filter, body, empty);
    }

    private List<String> readNames() {
        List<String> names = new ArrayList<>();
        do {
            names.add(tokens.expect(Kind.NAME, "a name").text());
        } while (tokens.acceptOperator(","));
        return names;
    }

    private Node readSet() {
        List<String> names = readNames();
        String name = names.get(0);
        String member =
                tokens.acceptOperator(".") ? tokens.expect(Kind.NAME, "a name").text() : "";
        if (!tokens.acceptOperator("=")) {
            Node body = readBlock("endset");
            return (scope, out) -> {
                StringBuilder text = new StringBuilder();
                body.render(scope.child(), text);
                scope.set(name, text.toString());
                return Flow.NEXT;
            };
        }
        Expression value = expressions.readTuple();
        endStatement();
        if (member.isEmpty()) {
            return (scope, out) -> {
                assign(scope, names, value.value(scope));
                return Flow.NEXT;
            };
        }
        return (scope, out) -> {
            if (!(scope.get(name) instanceof JinjaMethods.Namespace namespace)) {
                throw new JinjaException(name + ": set by member (expected: a namespace)");
            }
            namespace.values().put(member, value.value(scope));
            return Flow.NEXT;
        };
    }

    /** One name takes the value; several share its elements. */
    static void assign(JinjaScope scope, List<String> names, Object value) {
        if (names.size() == 1) {
            scope.set(names.get(0), value);
            return;
        }
        List<Object> elements = JinjaValues.elements(value);
        if (elements.size() != names.size()) {
            throw new JinjaException(names + ": " + elements.size() + " values (expected: one for each)");
        }
        for (int i = 0; i < names.size(); i++) {
            scope.set(names.get(i), elements.get(i));
        }
    }

    private Node readMacro() {
        String name = tokens.expect(Kind.NAME, "a name").text();
        Map<String, Expression> parameters = new LinkedHashMap<>();
        tokens.expectOperator("(");
        while (!tokens.acceptOperator(")")) {
            String parameter = tokens.expect(Kind.NAME, "a name").text();
            Expression otherwise = scope -> new JinjaValues.Undefined(parameter);
            parameters.put(parameter, tokens.acceptOperator("=") ? expressions.read() : otherwise);
            if (!tokens.isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        Node body = readBlock("endmacro");
        return (scope, out) -> {
            scope.set(name, macro(name, scope.root(), parameters, body));
            return Flow.NEXT;
        };
    }

    private static JinjaValues.Function macro(
            String name, JinjaScope root, Map<String, Expression> parameters, Node body) {
        return (arguments, named) -> {
            if (arguments.size() > parameters.size() || !parameters.keySet().containsAll(named.keySet())) {
                throw new JinjaException(name + ": other arguments (expected: " + parameters.keySet() + ")");
            }
            JinjaScope scope = root.child();
            int position = 0;
            for (Map.Entry<String, Expression> parameter : parameters.entrySet()) {
                Object given = position < arguments.size() ? arguments.get(position) : named.get(parameter.getKey());
                scope.set(
                        parameter.getKey(), given == null ? parameter.getValue().value(scope) : given);
                position++;
            }
            StringBuilder text = new StringBuilder();
            scope.enter();
            body.render(scope, text);
            scope.leave();
            return text.toString();
        };
    }
}
