package dev.plinth.api.json;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method a tool, see {@link AnnotatedTools}.
 *
 * <pre>{@code
 * @ToolMethod("Tells the weather of one day.")
 * Weather weather(@Description("City and country") String place, LocalDate day) { ... }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ToolMethod {

    /** When and how to use the tool, for the model; not blank. */
    String value();

    /** What the model calls the tool: at most 64 letters, digits, {@code _} and {@code -}. Empty: the method's name. */
    String name() default "";
}
