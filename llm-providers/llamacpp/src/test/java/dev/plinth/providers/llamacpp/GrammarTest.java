package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= \"yes\" | \"no\"",
                "root ::= [a-z]+ # letters\nother ::= root?",
                "\n# first a comment\nroot ::= (\"a\"\n | b)*\nb ::= [^\\x00-\\x1F\\]\\\\\"] . ",
                "root ::= a{3} b{1,} c{0,2}\na ::= \"\\u00e9\\U0001F600\\t\"\nb ::= \"\"\nc ::= |\n \"x\"",
                "root ::= \"(\" root \")\" | \"x\"",
                "root ::=\n  \"a\"\r\nnext-1 ::= root"
            })
    void takesWhatTheEngineTakes(String grammar) {
        assertThat(Grammar.checked(grammar)).isEqualTo(grammar);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                | a rule named root",
                "other ::= \"a\"                   | a rule named root",
                "root ::= foo                      | a rule named foo",
                "root ::= (((                      | )",
                "root ::= \"open                   | a character",
                "root ::= [a                       | a character",
                "root ::= []                       | a character between [ and ]",
                "root ::= [z-a]                    | a range from the lower character to the higher",
                "root ::= \"\\q\"                  | an escape that GBNF has",
                "root ::= \"\\xZ1\"                | 2 hexadecimal digits",
                "root ::= root \"a\"               | no rule that begins with itself, such as root",
                "root ::= \"\" \"a\"? root         | no rule that begins with itself, such as root",
                "root ::= *                        | one rule a line",
                "root ::= \"a\"**                  | one repetition for each item",
                "root ::= \"a\"{2,1}               | at least as many times as least",
                "root ::= \"a\"{x}                 | a number of times",
                "root ::= \"a\" ) \"b\"            | one rule a line",
                "root = \"a\"                      | ::=",
                "root ::= under_score              | one rule a line",
                "root ::= (\"a\"{1000}){1000}      | at most 50000 parts, repetitions written out"
            })
    void refusesWhatTheEngineDoesNotTake(String grammar, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Grammar.checked(grammar))
                .withMessage("grammar: wrong at line 1 (expected: " + expected + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a ::= b\nb ::= c \"x\"\nc ::= \"\" a\nroot ::= \"r\"", "root ::= (root | \"a\") \"b\""})
    void refusesRulesThatBeginWithThemselvesByOthers(String grammar) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Grammar.checked(grammar))
                .withMessageContaining("no rule that begins with itself");
    }

    @Property(tries = 3000)
    void anyTextIsTakenOrRefused(@ForAll("almostGrammars") String text) {
        try {
            Grammar.checked(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageStartingWith("grammar: wrong at line ");
        }
    }

    @Provide
    Arbitrary<String> almostGrammars() {
        return Arbitraries.of(
                        "root", "a", " ::= ", "\n", " ", "|", "\"x\"", "\"", "[a-z]", "[", "]", "(", ")", "*", "+", "?",
                        "{2}", "{1,}", "{", "}", ",", "3", "#", "\\", "\\x4", "^", "-", ".", "\u00e9")
                .list()
                .ofMaxSize(14)
                .map(List::stream)
                .map(parts -> "root ::= " + String.join("", parts.toList()));
    }
}
