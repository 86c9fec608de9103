package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class WireTest {

    @Property
    void jobsArriveAsTheyWere(
            @ForAll @UnicodeText String prompt, @ForAll int number, @ForAll double real, @ForAll boolean set) {
        Job job = set
                ? new Job(prompt, prompt, number, real, -real, number, real / 3, real, -number)
                : new Job(prompt, null, null, null, null, null, null, null, null);
        assertThat(Wire.job(Wire.job(job))).isEqualTo(job);
        assertThat(Wire.job(job)).doesNotContain("\n");
    }

    @Property
    void outputsArriveAsTheyWere(@ForAll @UnicodeText String text, @ForAll int number, @ForAll boolean flag) {
        for (Output output :
                List.of(new Output.Begun(number, flag), new Output.Piece(text, number, flag), new Output.Ended(flag))) {
            assertThat(Wire.output(Wire.output(output), ErrorDetails.NONE)).isEqualTo(output);
        }
    }

    @Property
    void whatIsNoLineOfOursIsATypedError(@ForAll @AlphaChars String words, @ForAll @IntRange(max = 4) int blanks) {
        assertThatThrownBy(() -> Wire.output(words + " ".repeat(blanks), ErrorDetails.NONE))
                .isInstanceOf(LlmException.class);
        assertThat(Wire.unmarked(words)).isNull();
    }

    @Test
    void garbledLinesOfOursAreTypedErrors() {
        for (String line : List.of("piece", "piece x true AA==", "piece 1 true !", "begun", "ended", "failed code")) {
            assertThatThrownBy(() -> Wire.output(line, ErrorDetails.NONE))
                    .as(line)
                    .isInstanceOf(line.equals("begun") ? MalformedResponseException.class : LlmException.class);
        }
    }

    @Test
    void failuresKeepTheirKind() {
        assertThatThrownBy(() -> Wire.output(Wire.failed("context_too_long", "too long"), ErrorDetails.NONE))
                .isInstanceOf(ContextTooLongException.class)
                .hasMessage("too long");
        assertThatThrownBy(() -> Wire.output(Wire.failed("engine_failed", "broken"), ErrorDetails.NONE))
                .isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> Wire.isReady(Wire.failed("file", "no model")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Wire.isReady(Wire.failed("engine", "no library")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Wire.isReady(Wire.READY)).isTrue();
        assertThat(Wire.isReady("something else")).isFalse();
    }

    @Test
    void settingsArriveAsTheyWere() {
        Settings settings = new Settings(Path.of("a b.gguf").toAbsolutePath(), 512, 3, 1, true);
        assertThat(Wire.settings(Wire.arguments(settings).toArray(new String[0])))
                .isEqualTo(settings);
    }

    @Property(tries = 200)
    void linesAreTheSameHoweverTheyCome(@ForAll List<@UnicodeText String> texts, @ForAll Random random)
            throws IOException {
        List<String> lines =
                texts.stream().map(text -> text.replaceAll("[\r\n]", "")).toList();
        byte[] bytes = (String.join("\n", lines) + "\nrest").getBytes(StandardCharsets.UTF_8);
        Lines polled = new Lines(new Dribble(bytes, random));
        List<String> found = new ArrayList<>();
        for (int i = 0; i < bytes.length * 4 + 20; i++) {
            String line = polled.poll();
            if (line != null) {
                found.add(line);
            }
        }
        List<String> expected = lines.isEmpty() ? List.of("") : lines;
        assertThat(found).isEqualTo(expected);
        Lines taken = new Lines(new ByteArrayInputStream(bytes));
        for (String line : expected) {
            assertThat(taken.take()).isEqualTo(line);
        }
        assertThat(taken.take()).isNull();
    }

    /** Text of any characters but single surrogates, which no encoding has. */
    @StringLength(max = 40)
    @CharRange(from = '\u0000', to = '\ud7ff')
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.PARAMETER, ElementType.TYPE_USE})
    private @interface UnicodeText {}

    /** A pipe that has a few bytes at a time, or none. */
    private static final class Dribble extends InputStream {
        private final byte[] bytes;
        private final Random random;
        private int next;

        Dribble(byte[] bytes, Random random) {
            this.bytes = bytes;
            this.random = random;
        }

        @Override
        public int available() {
            return Math.min(random.nextInt(4), bytes.length - next);
        }

        @Override
        public int read() {
            return next < bytes.length ? bytes[next++] & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            byte[] part = Arrays.copyOfRange(bytes, next, Math.min(bytes.length, next + length));
            System.arraycopy(part, 0, target, offset, part.length);
            next += part.length;
            return part.length == 0 ? -1 : part.length;
        }
    }
}
