package dev.plinth.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTypeRefusalTest {

    record AnyField(Object extra) {}

    record Deep(List<Map<String, AnyField>> all) {}

    @SuppressWarnings("rawtypes")
    record RawList(List items) {}

    record Page<T>(List<T> items) {}

    record OfPages(Page<String> page) {}

    record IntKeys(Map<Integer, String> names) {}

    record TwiceOptional(Optional<Optional<String>> text) {}

    record Letter(char letter) {}

    sealed interface Mixed permits Fine, NotARecord {}

    record Fine() implements Mixed {}

    static final class NotARecord implements Mixed {}

    sealed interface Kind permits Typed {}

    record Typed(String type) implements Kind {}

    sealed interface Same permits First.Thing, Second.Thing {}

    interface First {
        record Thing(int one) implements Same {}
    }

    interface Second {
        record Thing(int two) implements Same {}
    }

    @Test
    void namesTypeAndPlace() {
        refused(Object.class, "type: java.lang.Object (expected: a record, an enum, a sealed interface");
        refused(AnyField.class, "AnyField.extra: java.lang.Object (expected: ");
        refused(Deep.class, "AnyField.extra: java.lang.Object (expected: ");
        refused(RawList.class, "RawList.items: java.util.List (expected: ");
        refused(Page.class, "type: dev.plinth.api.json.JsonTypeRefusalTest$Page (expected: ");
        refused(OfPages.class, "OfPages.page: dev.plinth.api.json.JsonTypeRefusalTest$Page<java.lang.String> (");
        refused(IntKeys.class, "IntKeys.names: java.util.Map<java.lang.Integer, java.lang.String> (expected: ");
        refused(TwiceOptional.class, "TwiceOptional.text: java.util.Optional<java.util.Optional");
        refused(Letter.class, "Letter.letter: char (expected: ");
        refused(Runnable.class, "type: java.lang.Runnable (expected: ");
        refused(Mixed.class, "type: dev.plinth.api.json.JsonTypeRefusalTest$NotARecord (expected: only records below");
        refused(Kind.class, "Typed.type: a component (expected: another name");
        refused(Same.class, "not twice Thing");
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD})
    @interface Nullable {}

    record OldNullable(
            @Nullable String text,
            @Nullable List<String> all,
            @Nullable int number) {}

    @Test
    void takesNullableOfWhateverPackageAndTarget() {
        OldNullable read = JsonType.of(OldNullable.class).read("{\"number\":1}");

        assertThat(read).isEqualTo(new OldNullable(null, null, 1));
        assertThat(JsonType.of(OldNullable.class).schema())
                .contains("\"text\":{\"type\":[\"string\",\"null\"]}", "\"number\":{\"type\":\"integer\"}");
    }

    @Test
    void writesNoNumbersThatJsonDoesNotHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonType.of(Double.class).write(Double.NaN))
                .withMessage("number: NaN (expected: a finite number, all that JSON has)");
    }

    private static void refused(Class<?> type, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonType.of(type)).withMessageContaining(message);
    }
}
