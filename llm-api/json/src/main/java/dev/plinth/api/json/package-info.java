/**
 * JSON for models: schemas from records, typed answers, tools from methods.
 *
 * <p>Describe what you want as a record, and ask for it:
 *
 * <pre>{@code
 * record Ingredient(String name, @Description("In grams") BigDecimal amount) {}
 *
 * record Recipe(String title, List<Ingredient> ingredients, @Nullable Duration time) {}
 *
 * Recipe recipe = StructuredOutput.of(model, Recipe.class).ask("A soup with leek, for two.").value();
 * }</pre>
 *
 * <p>Let a model call a method:
 *
 * <pre>{@code
 * final class Pantry {
 *     @ToolMethod("Says how much of an ingredient is left, in grams.")
 *     BigDecimal left(@Description("Its name, singular") String ingredient) {
 *         return stock.getOrDefault(ingredient, BigDecimal.ZERO);
 *     }
 * }
 *
 * ChatModel cook = ToolLoop.builder(model).tools(AnnotatedTools.of(new Pantry())).build();
 * }</pre>
 *
 * <p>Both go together: {@code StructuredOutput.of(cook, Recipe.class)}. For a flow of one's own there is
 * {@link dev.plinth.api.json.JsonType}: schema, strict reading, writing.
 *
 * <p>Records in a named module must be in a package that is open to {@code dev.plinth.api.json}, or be public in an
 * exported one.
 */
@NullMarked
package dev.plinth.api.json;

import org.jspecify.annotations.NullMarked;
