package dev.plinth.providers.llamacpp;

import dev.plinth.providers.llamacpp.JinjaLexer.Kind;
import dev.plinth.providers.llamacpp.JinjaLexer.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions, from the weakest operator to the strongest, into what computes them. */
final class JinjaExpressions {

    /** An expression that has been read. */
    interface Expression {
        Object value(JinjaScope scope);
    }

    /** The arguments of a call, a filter or a test. */
    private record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());

        List<Object> values(JinjaScope scope) {
            List<Object> values = new ArrayList<>();
            positional.forEach(argument -> values.add(argument.value(scope)));
            return values;
        }

        Map<String, Object> namedValues(JinjaScope scope) {
            Map<String, Object> values = new LinkedHashMap<>();
            named.forEach((name, argument) -> values.put(name, argument.value(scope)));
            return values;
        }
    }

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> AFTER_TEST = Set.of("and", "or", "else", "if", "is", "not", "in");

    private final JinjaTokens tokens;

    JinjaExpressions(JinjaTokens tokens) {
        this.tokens = tokens;
    }

    /** One expression, {@code a if b else c} included. */
    Expression read() {
        tokens.enter();
        Expression value = readOr();
        while (tokens.acceptName("if")) {
            Expression then = value;
            Expression condition = readOr();
            Expression otherwise = tokens.acceptName("else") ? read() : scope -> new JinjaValues.Undefined("else");
            value = scope -> JinjaValues.truth(condition.value(scope)) ? then.value(scope) : otherwise.value(scope);
        }
        tokens.leave();
        return value;
    }

    /** One expression, or several with commas, which are a list then. */
    Expression readTuple() {
        Expression first = read();
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Expression> all = new ArrayList<>(List.of(first));
        while (tokens.acceptOperator(",") && startsExpression()) {
            all.add(read());
        }
        return list(all);
    }

    Expression readOr() {
        Expression left = readAnd();
        while (tokens.acceptName("or")) {
            Expression one = left;
            Expression other = readAnd();
            left = scope -> {
                Object value = one.value(scope);
                return JinjaValues.truth(value) ? value : other.value(scope);
            };
        }
        return left;
    }

    private Expression readAnd() {
        Expression left = readNot();
        while (tokens.acceptName("and")) {
            Expression one = left;
            Expression other = readNot();
            left = scope -> {
                Object value = one.value(scope);
                return JinjaValues.truth(value) ? other.value(scope) : value;
            };
        }
        return left;
    }

    private Expression readNot() {
        if (!tokens.acceptName("not")) {
            return readComparison();
        }
        tokens.enter();
        Expression negated = readNot();
        tokens.leave();
        return scope -> !JinjaValues.truth(negated.value(scope));
    }

    private Expression readComparison() {
        Expression left = readSum();
        @Nullable Expression all = null;
        while (true) {
            String operator = comparison();
            if (operator.isEmpty()) {
                return all == null ? left : all;
            }
            Expression one = left;
            Expression other = readSum();
            Expression compared = scope -> compare(operator, one.value(scope), other.value(scope));
            Expression before = all;
            all = before == null
                    ? compared
                    : scope -> JinjaValues.truth(before.value(scope)) && JinjaValues.truth(compared.value(scope));
            left = other;
        }
    }

    private String comparison() {
        Token token = tokens.peek();
        if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
            return tokens.take().text();
        }
        if (tokens.acceptName("in")) {
            return "in";
        }
        if (tokens.acceptName("not")) {
            tokens.expectName("in");
            return "not in";
        }
        return "";
    }

    private static Object compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> JinjaValues.equal(left, right);
            case "!=" -> !JinjaValues.equal(left, right);
            case "<" -> JinjaValues.compare(left, right) < 0;
            case "<=" -> JinjaValues.compare(left, right) <= 0;
            case ">" -> JinjaValues.compare(left, right) > 0;
            case ">=" -> JinjaValues.compare(left, right) >= 0;
            case "in" -> JinjaValues.contains(right, left);
            default -> !JinjaValues.contains(right, left);
        };
    }

    private Expression readSum() {
        Expression left = readConcatenation();
        while (tokens.isOperator("+") || tokens.isOperator("-")) {
            boolean plus = tokens.take().text().equals("+");
            Expression one = left;
            Expression other = readConcatenation();
            left = plus
                    ? scope -> JinjaValues.add(one.value(scope), other.value(scope))
                    : scope -> JinjaValues.calculate('-', one.value(scope), other.value(scope));
        }
        return left;
    }

    private Expression readConcatenation() {
        Expression left = readProduct();
        while (tokens.acceptOperator("~")) {
            Expression one = left;
            Expression other = readProduct();
            left = scope ->
                    JinjaValues.joined(JinjaValues.string(one.value(scope)), JinjaValues.string(other.value(scope)));
        }
        return left;
    }

    private Expression readProduct() {
        Expression left = readPower();
        while (tokens.isOperator("*") || tokens.isOperator("/") || tokens.isOperator("//") || tokens.isOperator("%")) {
            String operator = tokens.take().text();
            char sign = operator.equals("//") ? ':' : operator.charAt(0);
            Expression one = left;
            Expression other = readPower();
            left = scope -> JinjaValues.calculate(sign, one.value(scope), other.value(scope));
        }
        return left;
    }

    private Expression readPower() {
        Expression left = readUnary(true);
        while (tokens.acceptOperator("**")) {
            Expression one = left;
            Expression other = readUnary(true);
            left = scope -> JinjaValues.calculate('^', one.value(scope), other.value(scope));
        }
        return left;
    }

    private Expression readUnary(boolean withFilters) {
        tokens.enter();
        Expression value;
        if (tokens.acceptOperator("-")) {
            Expression negated = readUnary(false);
            value = scope -> JinjaValues.calculate('-', 0L, negated.value(scope));
        } else if (tokens.acceptOperator("+")) {
            value = readUnary(false);
        } else {
            value = readPrimary();
        }
        value = readPostfix(value);
        tokens.leave();
        return withFilters ? readFilters(value) : value;
    }

    private Expression readPrimary() {
        Token token = tokens.take();
        switch (token.kind()) {
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.peek().kind() == Kind.STRING) {
                    text.append(tokens.take().text());
                }
                String whole = text.toString();
                return scope -> whole;
            }
            case INTEGER -> {
                return number(token);
            }
            case FLOAT -> {
                double number = Double.parseDouble(token.text());
                return scope -> number;
            }
            case NAME -> {
                return name(token.text());
            }
            default -> {
                return switch (token.text()) {
                    case "(" -> readParentheses();
                    case "[" -> list(readAll("]"));
                    case "{" -> readDict();
                    default -> throw new JinjaException("'" + token.text() + "' (expected: a value)").at(token.line());
                };
            }
        }
    }

    private static Expression number(Token token) {
        try {
            long number = Long.parseLong(token.text());
            return scope -> number;
        } catch (NumberFormatException e) {
            throw new JinjaException("number: too large (expected: 64 bits)").at(token.line());
        }
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> scope -> true;
            case "false", "False" -> scope -> false;
            case "none", "None" -> scope -> JinjaValues.NONE;
            default -> scope -> scope.get(name);
        };
    }

    private Expression readParentheses() {
        if (tokens.acceptOperator(")")) {
            return list(List.of());
        }
        Expression value = readTuple();
        tokens.expectOperator(")");
        return value;
    }

    private List<Expression> readAll(String close) {
        List<Expression> all = new ArrayList<>();
        while (!tokens.acceptOperator(close)) {
            all.add(read());
            if (!tokens.isOperator(close)) {
                tokens.expectOperator(",");
            }
        }
        return all;
    }

    private static Expression list(List<Expression> elements) {
        return scope -> {
            scope.step();
            List<Object> values = new ArrayList<>();
            elements.forEach(element -> values.add(element.value(scope)));
            return values;
        };
    }

    private Expression readDict() {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!tokens.acceptOperator("}")) {
            Expression key = read();
            tokens.expectOperator(":");
            entries.put(key, read());
            if (!tokens.isOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        return scope -> {
            Map<Object, Object> values = new LinkedHashMap<>();
            entries.forEach((key, value) -> values.put(key.value(scope), value.value(scope)));
            return values;
        };
    }

    private Expression readPostfix(Expression start) {
        Expression value = start;
        while (true) {
            int line = tokens.peek().line();
            Expression before = value;
            if (tokens.acceptOperator(".")) {
                value = readMember(before, line);
            } else if (tokens.acceptOperator("[")) {
                value = readSubscript(before, line);
            } else if (tokens.acceptOperator("(")) {
                value = call(before, readArguments(), line);
            } else {
                return value;
            }
        }
    }

    private Expression readMember(Expression owner, int line) {
        if (tokens.peek().kind() == Kind.INTEGER) {
            Expression index = number(tokens.take());
            return located(line, scope -> JinjaValues.item(owner.value(scope), index.value(scope)));
        }
        String name = tokens.expect(Kind.NAME, "a name").text();
        return located(line, scope -> JinjaMethods.member(owner.value(scope), name));
    }

    private Expression readSubscript(Expression owner, int line) {
        List<Expression> bounds = new ArrayList<>();
        Expression none = scope -> JinjaValues.NONE;
        boolean slice = false;
        Expression bound = tokens.isOperator(":") ? none : read();
        bounds.add(bound);
        while (bounds.size() < 3 && tokens.acceptOperator(":")) {
            slice = true;
            bounds.add(tokens.isOperator(":") || tokens.isOperator("]") ? none : read());
        }
        tokens.expectOperator("]");
        if (!slice) {
            return located(line, scope -> JinjaMethods.item(owner.value(scope), bound.value(scope)));
        }
        Expression to = bounds.get(1);
        Expression by = bounds.size() > 2 ? bounds.get(2) : none;
        return located(
                line,
                scope -> JinjaValues.slice(owner.value(scope), bound.value(scope), to.value(scope), by.value(scope)));
    }

    /** What stands between parentheses, the first of which has been read. */
    private Arguments readArguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.acceptOperator(")")) {
            if (tokens.isNamedArgument()) {
                String name = tokens.take().text();
                tokens.expectOperator("=");
                named.put(name, read());
            } else {
                positional.add(read());
            }
            if (!tokens.isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new Arguments(positional, named);
    }

    private static Expression call(Expression function, Arguments arguments, int line) {
        return located(line, scope -> {
            scope.step();
            Object called = function.value(scope);
            if (called instanceof JinjaValues.Function known) {
                return known.call(arguments.values(scope), arguments.namedValues(scope));
            }
            throw new JinjaException(JinjaValues.kind(called) + ": called (expected: a function)");
        });
    }

    private Expression readFilters(Expression start) {
        Expression value = start;
        while (true) {
            int line = tokens.peek().line();
            Expression before = value;
            if (tokens.acceptOperator("|")) {
                value = readFilter(before, line);
            } else if (tokens.acceptName("is")) {
                value = readTest(before, line);
            } else {
                return value;
            }
        }
    }

    private Expression readFilter(Expression value, int line) {
        String name = tokens.expect(Kind.NAME, "a filter").text();
        Arguments arguments = tokens.acceptOperator("(") ? readArguments() : Arguments.NONE;
        return located(line, scope -> {
            scope.step();
            return JinjaFilters.apply(name, value.value(scope), arguments.values(scope), arguments.namedValues(scope));
        });
    }

    private Expression readTest(Expression value, int line) {
        boolean negated = tokens.acceptName("not");
        String name = tokens.expect(Kind.NAME, "a test").text();
        Arguments arguments = Arguments.NONE;
        if (tokens.acceptOperator("(")) {
            arguments = readArguments();
        } else if (startsExpression() && !AFTER_TEST.contains(tokens.peek().text())) {
            arguments = new Arguments(List.of(readPostfix(readPrimary())), Map.of());
        }
        Arguments given = arguments;
        return located(line, scope -> {
            boolean passed = JinjaTests.test(name, value.value(scope), given.values(scope));
            return passed != negated;
        });
    }

    private boolean startsExpression() {
        return switch (tokens.peek().kind()) {
            case NAME, STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> tokens.isOperator("(") || tokens.isOperator("[") || tokens.isOperator("{");
            default -> false;
        };
    }

    private static Expression located(int line, Expression expression) {
        return scope -> {
            try {
                return expression.value(scope);
            } catch (JinjaException e) {
                throw e.at(line);
            }
        };
    }
}
