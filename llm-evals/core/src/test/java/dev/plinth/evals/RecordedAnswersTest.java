package dev.plinth.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedAnswersTest {

    @TempDir
    Path directory;

    @Test
    void recordsAndGivesAgain() throws Exception {
        Path file = directory.resolve("answers.jsonl");
        Subject recording = RecordedAnswers.recording(file, evalCase -> "\"ü\"\n" + evalCase.input() + "\u2028");

        String first = recording.answer(asking("What?"));
        String second = recording.answer(asking("Why? 😀"));

        RecordedAnswers recorded = RecordedAnswers.read(file);
        assertThat(recorded.answer(asking("Why? 😀"))).isEqualTo(second);
        assertThat(recorded.answer(asking("What?"))).isEqualTo(first);
        assertThat(Files.readAllLines(file))
                .hasSize(2)
                .allSatisfy(
                        line -> assertThat(Schemas.RECORDED_ANSWER.errors(line)).isEmpty());
    }

    @Test
    void severalAnswersToOneInputTakeTurns() {
        Path file = directory.resolve("answers.jsonl");
        Iterator<String> answers = List.of("one", "two").iterator();
        Subject recording = RecordedAnswers.recording(file, evalCase -> answers.next());
        recording.answer(asking("?"));
        recording.answer(asking("?"));

        RecordedAnswers recorded = RecordedAnswers.read(file);

        assertThat(List.of(1, 2, 3))
                .extracting(turn -> recorded.answer(asking("?")))
                .containsExactly("one", "two", "one");
    }

    @Test
    void anUnknownInputShowsTheNearestRecordedOne() {
        RecordedAnswers recorded =
                RecordedAnswers.read("answers.jsonl", new ByteArrayInputStream("""
                        {"input": "Where is my parcel?", "output": "On its way."}
                        {"input": "How long may I return it?", "output": "30 days."}
                        {"input": "", "output": "?"}
                        """.getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(() -> recorded.answer(asking("How long can I return it?")))
                .isInstanceOf(UnrecordedInputException.class)
                .hasMessage("case: 'How long can I return it?' (expected: an input recorded in answers.jsonl,"
                        + " the nearest is 'How long may I return it?')");
        assertThatThrownBy(() -> recorded.answer(asking("¿?"))).isInstanceOf(UnrecordedInputException.class);
    }

    @Test
    void anErrorIsNotRecorded() {
        Path file = directory.resolve("answers.jsonl");
        Subject recording = RecordedAnswers.recording(file, evalCase -> {
            throw new IllegalStateException("no model");
        });

        assertThatThrownBy(() -> recording.answer(asking("?"))).isInstanceOf(IllegalStateException.class);
        assertThat(file).doesNotExist();
    }

    @Test
    void refusesWhatIsBrokenOrEmpty() throws Exception {
        assertThatThrownBy(() -> RecordedAnswers.read(directory.resolve("missing")))
                .isInstanceOf(UncheckedIOException.class);
        Path file = Files.writeString(directory.resolve("answers.jsonl"), "{\"input\": \"?\"}");
        assertThatThrownBy(() -> RecordedAnswers.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("answers.jsonl:1: output: null (expected: not null)");
        Files.writeString(file, "");
        assertThatThrownBy(() -> RecordedAnswers.read(file)).isInstanceOf(IllegalArgumentException.class);
    }

    private static EvalCase asking(String input) {
        return EvalCase.builder("case", input).build();
    }
}
