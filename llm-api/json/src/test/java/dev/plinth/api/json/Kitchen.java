package dev.plinth.api.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Types that the tests describe, read and write. */
final class Kitchen {

    private Kitchen() {}

    @Description("How hot it gets")
    enum Heat {
        @Description("Nothing happens")
        MILD,
        MEDIUM,
        @Description("It burns")
        HOT
    }

    record Ingredient(
            @Description("Singular") String name,
            @Description("In grams") BigDecimal amount) {}

    @Description("A dish and how it is made.")
    record Recipe(
            @Description("At most five words") String title,
            List<Ingredient> ingredients,
            @Nullable Heat heat,
            Optional<Duration> time,
            boolean vegan) {}

    record Tree(String label, List<Tree> children) {}

    record Chain(int value, @Nullable Chain next) {}

    @Description("Where a dish is eaten")
    sealed interface Place permits Table, Outside {}

    record Table(int number) implements Place {}

    sealed interface Outside extends Place permits Bench, Blanket {}

    record Bench() implements Outside {}

    record Blanket(
            @Description("Red and white, if possible") String colour,
            @Nullable Place near) implements Outside {}

    record Order(
            Place place,
            @Description("The usual table") Table usual,
            @Nullable Place second) {}

    record Shared(
            Ingredient first,
            @Description("Comes last") Ingredient second,
            @Nullable Ingredient third) {}

    record Scalars(
            byte tiny,
            Short small,
            int number,
            Long large,
            float single,
            Double twice,
            BigInteger huge,
            BigDecimal exact,
            String text,
            Boolean truth,
            UUID id,
            URI link) {}

    record Times(
            LocalDate day,
            LocalTime time,
            LocalDateTime both,
            @Description("When it was sold") Instant moment,
            Duration span) {}

    record Containers(
            List<String> list,
            Set<Heat> set,
            int[] numbers,
            String[] texts,
            Map<String, Ingredient> byName,
            List<@Nullable Integer> gaps,
            List<List<Heat>> nested,
            OptionalInt someInt,
            OptionalLong someLong,
            OptionalDouble someDouble) {}
}
