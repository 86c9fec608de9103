package dev.plinth.api.json;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a model is told about a type, a record component, an enum constant or a parameter of a tool. It becomes the
 * {@code description} of the JSON Schema.
 *
 * <pre>{@code
 * record Step(@Description("One sentence, imperative") String text, @Description("In minutes") int duration) {}
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.PARAMETER})
public @interface Description {

    /** Plain text for the model. */
    String value();
}
