package dev.plinth.providers.llamacpp;

import dev.plinth.providers.llamacpp.JinjaLexer.Kind;
import dev.plinth.providers.llamacpp.JinjaLexer.Token;
import java.util.List;
import java.util.Locale;

/** A cursor over the words of a template. */
final class JinjaTokens {

    private static final int MAX_DEPTH = 100;

    private final List<Token> tokens;
    private int next;
    private int depth;

    JinjaTokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(next);
    }

    Token take() {
        Token token = tokens.get(next);
        next += token.kind() == Kind.END ? 0 : 1;
        return token;
    }

    boolean isName(String name) {
        return peek().is(Kind.NAME, name);
    }

    boolean isOperator(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    /** Whether {@code name=} stands here. */
    boolean isNamedArgument() {
        return peek().kind() == Kind.NAME && tokens.get(next + 1).is(Kind.OPERATOR, "=");
    }

    boolean acceptName(String name) {
        boolean there = isName(name);
        next += there ? 1 : 0;
        return there;
    }

    boolean acceptOperator(String operator) {
        boolean there = isOperator(operator);
        next += there ? 1 : 0;
        return there;
    }

    void expectOperator(String operator) {
        if (!acceptOperator(operator)) {
            throw unexpected(operator);
        }
    }

    void expectName(String name) {
        if (!acceptName(name)) {
            throw unexpected(name);
        }
    }

    Token expect(Kind kind, String expected) {
        if (peek().kind() != kind) {
            throw unexpected(expected);
        }
        return take();
    }

    JinjaException unexpected(String expected) {
        Token token = peek();
        String found = token.text().isEmpty() || token.kind() == Kind.TEXT
                ? token.kind().name().replace('_', ' ').toLowerCase(Locale.ROOT)
                : token.text();
        return new JinjaException("'" + found + "' (expected: " + expected + ")").at(token.line());
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw new JinjaException("nesting: too deep (expected: at most " + MAX_DEPTH + ")").at(peek().line());
        }
    }

    void leave() {
        depth--;
    }
}
