package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the grammar of a schema lets pass is held against a validator of schemas. */
class SchemaGrammarTest {

    private static final int SAMPLES = 60;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "true",
                "{'type':'object'}",
                "{'type':'object','additionalProperties':false}",
                "{'type':'object','additionalProperties':{'type':'integer'}}",
                "{'type':'object','properties':{'a':{'type':'string'},'b':{'type':'integer'},'c':{'type':'boolean'}}}",
                "{'type':'object','properties':{'a':{},'b':{'type':'null'}},'required':['b'],'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':'number'},'b':{}},'required':['a','b','more']}",
                "{'properties':{'quote\\\"d':{'const':'back\\\\slash'},'\u00fc\u8a9e\ud83d\ude00':{'enum':['\u00e9','\\n',1,null]}},"
                        + "'required':['quote\\\"d','\u00fc\u8a9e\ud83d\ude00']}",
                "{'type':['string','null','integer'],'minLength':2,'maxLength':4}",
                "{'type':'string','minLength':3}",
                "{'type':'string','maxLength':0}",
                "{'type':'string','format':'date'}",
                "{'type':'string','format':'time'}",
                "{'type':'string','format':'date-time'}",
                "{'type':'string','format':'duration'}",
                "{'type':'string','format':'uuid'}",
                "{'enum':['a',1,true,null,{'x':[1.5]}],'type':['string','object']}",
                "{'const':-1e5}",
                "{'type':'array'}",
                "{'type':'array','items':{'type':'integer'},'minItems':2,'maxItems':4}",
                "{'type':'array','items':{'type':'integer'},'maxItems':1}",
                "{'type':'array','maxItems':0}",
                "{'type':'array','minItems':1}",
                "{'type':'array','prefixItems':[{'type':'string'},{'type':'integer'}],'items':false}",
                "{'type':'array','prefixItems':[{'type':'string'}],'items':{'type':'boolean'},'minItems':3}",
                "{'type':'array','prefixItems':[{'type':'string'},{'type':'integer'}],'maxItems':1}",
                "{'type':'integer','minimum':-3,'exclusiveMaximum':12}",
                "{'type':'integer','exclusiveMinimum':0.5,'maximum':7.9}",
                "{'type':'number','minimum':0,'maximum':1}",
                "{'type':'number','minimum':-2,'maximum':3}",
                "{'anyOf':[{'type':'string'},{'$ref':'#/$defs/n'}],'$defs':{'n':{'type':'null'}}}",
                "{'oneOf':[{'type':'string'},{'type':'number'},{'$ref':'#/$defs/n'}],'$defs':{'n':{'type':'null'}}}",
                "{'allOf':[{'type':'boolean'}],'description':'one'}",
                "{'type':'object','properties':{'next':{'$ref':'#'}}}",
                "{'$ref':'#/$defs/tree','$defs':{'tree':{'type':'object','properties':{'name':{'type':'string'},"
                        + "'children':{'type':'array','items':{'$ref':'#/$defs/tree'}}},'required':['name','children']}}}"
            })
    void allThatPassesFits(String schema) {
        String json = schema.replace('\'', '"');
        Schema validator = validator(json);
        for (String text : GrammarSampler.sample(SchemaGrammar.of(json), SAMPLES, new Random(7))) {
            assertThat(validator.validate(
                            text,
                            InputFormat.JSON,
                            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true))))
                    .as("errors of %s", text)
                    .isEmpty();
        }
    }

    private static Schema validator(String schema) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema, InputFormat.JSON);
    }

    @Test
    void anyObjectIsAnObject() {
        Schema object = validator("{\"type\":\"object\"}");
        for (String text : GrammarSampler.sample(JsonGrammar.OBJECT, 300, new Random(7))) {
            assertThat(object.validate(text, InputFormat.JSON))
                    .as("errors of %s", text)
                    .isEmpty();
        }
    }

    @Property(tries = 300)
    void integersAreWithinTheirBounds(@ForAll("bounds") List<Long> bounds) {
        long least = Math.min(bounds.get(0), bounds.get(1));
        long most = Math.max(bounds.get(0), bounds.get(1));
        String grammar = "root ::= " + NumberGrammar.integers(least, most);
        Grammar.checked(grammar);
        for (String text : GrammarSampler.sample(grammar, 40, new Random(least))) {
            assertThat(Long.parseLong(text)).isBetween(least, most);
            assertThat(Long.toString(Long.parseLong(text)))
                    .as("without leading zeros")
                    .isEqualTo(text);
        }
    }

    @Property(tries = 300)
    void numbersAreWithinTheirBounds(@ForAll("bounds") List<Long> bounds) {
        long least = Math.min(bounds.get(0), bounds.get(1)) % 100_000;
        long most = Math.max(bounds.get(0), bounds.get(1)) % 100_000;
        String grammar = "root ::= " + NumberGrammar.numbers(Math.min(least, most), Math.max(least, most));
        Grammar.checked(grammar);
        for (String text : GrammarSampler.sample(grammar, 40, new Random(least))) {
            assertThat(Double.parseDouble(text))
                    .isBetween((double) Math.min(least, most), (double) Math.max(least, most));
        }
    }

    @Provide
    Arbitrary<List<Long>> bounds() {
        Arbitrary<Long> bound = Arbitraries.oneOf(
                Arbitraries.longs().between(-120, 120),
                Arbitraries.longs().between(-NumberGrammar.MOST, NumberGrammar.MOST));
        return Combinators.combine(bound, bound).as(List::of);
    }

    /** Each number between two bounds can be said: counted by all texts of the language. */
    @Property(tries = 100)
    void noIntegerIsLeftOut(@ForAll("small") List<Long> bounds) {
        long least = Math.min(bounds.get(0), bounds.get(1));
        long most = Math.max(bounds.get(0), bounds.get(1));
        String pattern = NumberGrammar.integers(least, most).replace("\"", "").replace(" ", "");
        for (long number = least - 30; number <= most + 30; number++) {
            assertThat(Long.toString(number).matches(pattern))
                    .as("%s in %s", number, pattern)
                    .isEqualTo(number >= least && number <= most);
        }
    }

    @Provide
    Arbitrary<List<Long>> small() {
        Arbitrary<Long> bound = Arbitraries.longs().between(-1300, 1300);
        return Combinators.combine(bound, bound).as(List::of);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'string','pattern':'a+'}                | schema.pattern: not enforceable",
                "{'type':'string','format':'email'}              | schema.format: email",
                "{'type':'string','minLength':5,'maxLength':2}   | schema.minLength: 5",
                "{'type':'string','maxLength':100000}            | schema.maxLength: 100000",
                "{'type':'integer','multipleOf':3}               | schema.multipleOf: not enforceable",
                "{'type':'integer','minimum':5,'maximum':4}      | schema.minimum: 5",
                "{'type':'number','maximum':0.5}                 | schema.maximum: 0.5",
                "{'type':'number','exclusiveMinimum':0}          | schema.exclusiveMinimum: not enforceable",
                "{'type':'array','uniqueItems':true}             | schema.uniqueItems: not enforceable",
                "{'type':'array','items':false,'minItems':1}     | schema.minItems: 1",
                "{'type':'object','patternProperties':{}}        | schema.patternProperties: not enforceable",
                "{'type':'object','required':['a'],'additionalProperties':false} | schema.a: false",
                "{'properties':{'a':{'not':{}}}}                 | schema.a.type: []",
                "{'oneOf':[{'type':'string'},{'type':'string','maxLength':3}]} | schema.oneOf: several of type string",
                "{'allOf':[{'type':'string'},{'maxLength':3}]}   | schema.allOf: 2 schemas",
                "{'anyOf':[]}                                    | schema.anyOf: 0 schemas",
                "{'$ref':'https://example.com/s'}                | schema.$ref: https://example.com/s",
                "{'$ref':'#/$defs/none'}                         | schema.$ref: #/$defs/none",
                "{'$ref':'#'}                                    | schema.$ref: too large, or of itself alone",
                "{'type':'colour'}                               | schema.type: [colour]",
                "{'enum':[1],'type':'string'}                    | schema.enum: no value",
                "false                                           | schema: false",
                "3                                               | schema: 3"
            })
    void whatAGrammarCannotHoldIsRefused(String schema, String message) {
        assertThatThrownBy(() -> SchemaGrammar.of(schema.replace('\'', '"')))
                .isInstanceOf(SchemaNode.Unsupported.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":1,\"a\":2}", "{} {}", "[[", "nul"})
    void whatIsNoJsonIsRefused(String schema) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SchemaGrammar.of(schema))
                .withMessageStartingWith("json: ");
    }

    @Test
    void deepSchemasAreRefused() {
        String deep = "{\"items\":".repeat(200) + "{}" + "}".repeat(200);
        assertThatIllegalArgumentException().isThrownBy(() -> SchemaGrammar.of(deep));
    }
}
