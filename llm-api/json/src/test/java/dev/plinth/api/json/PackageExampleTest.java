package dev.plinth.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.model.Capability;
import dev.plinth.api.tool.ToolLoop;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The example in the documentation of the package, word for word. */
class PackageExampleTest {

    private static final String SOUP = """
            {"title": "Leek soup", "ingredients": [{"name": "leek", "amount": 250}], "time": "PT40M"}""";

    private final Map<String, BigDecimal> stock = Map.of("leek", new BigDecimal("300"));

    record Ingredient(String name, @Description("In grams") BigDecimal amount) {}

    record Recipe(
            String title,
            List<Ingredient> ingredients,
            @Nullable Duration time) {}

    final class Pantry {
        @ToolMethod("Says how much of an ingredient is left, in grams.")
        BigDecimal left(@Description("Its name, singular") String ingredient) {
            return stock.getOrDefault(ingredient, BigDecimal.ZERO);
        }
    }

    @Test
    void works() {
        ScriptedModel model = new ScriptedModel(Capability.TOOLS, Capability.JSON_SCHEMA).says(SOUP);

        Recipe recipe = StructuredOutput.of(model, Recipe.class)
                .ask("A soup with leek, for two.")
                .value();

        assertThat(recipe.time()).isEqualTo(Duration.ofMinutes(40));

        ToolCall call = new ToolCall("1", "left", "{\"ingredient\":\"leek\"}");
        model.answers(model.response(Message.assistant(List.of(call)), FinishReason.TOOL_CALLS))
                .says(SOUP);
        ChatModel cook =
                ToolLoop.builder(model).tools(AnnotatedTools.of(new Pantry())).build();

        assertThat(StructuredOutput.of(cook, Recipe.class)
                        .ask("What can I cook?")
                        .value())
                .isEqualTo(recipe);
        assertThat(model.requests.get(2).messages().get(2)).isEqualTo(Message.tool(List.of(call.result("300"))));
    }
}
