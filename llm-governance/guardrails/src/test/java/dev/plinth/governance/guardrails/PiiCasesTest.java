package dev.plinth.governance.guardrails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Precision and recall on a set of sentences kept outside the repository; the floors are what was measured. */
class PiiCasesTest {

    private record Measured(int right, List<String> missed, List<String> wrong) {
        double recall() {
            return right / (double) (right + missed.size());
        }

        double precision() {
            return right / (double) (right + wrong.size());
        }
    }

    @Test
    void addresses() throws Exception {
        Measured measured = measure("EMAIL", new EmailDetector());
        assertThat(measured.recall()).as("recall of %s", measured).isEqualTo(1.0);
        assertThat(measured.precision()).as("precision of %s", measured).isEqualTo(1.0);
    }

    @Test
    void cards() throws Exception {
        Measured measured = measure("CARD", new CardDetector());
        assertThat(measured.recall()).as("recall of %s", measured).isEqualTo(1.0);
        assertThat(measured.precision()).as("precision of %s", measured).isEqualTo(1.0);
    }

    /** Strict: a finding is right when both its ends are. */
    private static Measured measure(String type, Detector detector) throws Exception {
        int right = 0;
        List<String> missed = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (JsonNode sentence : sentences()) {
            String text = sentence.get("text").asText();
            Set<String> expected = new HashSet<>();
            for (JsonNode span : sentence.get("spans")) {
                if (span.get("type").asText().equals(type)) {
                    expected.add(place(
                            text, span.get("start").asInt(), span.get("end").asInt()));
                }
            }
            List<Finding> found = new ArrayList<>();
            detector.find(text, 0, found);
            for (Finding finding : found) {
                String place = place(text, finding.start(), finding.end());
                if (expected.remove(place)) {
                    right++;
                } else {
                    wrong.add(place);
                }
            }
            missed.addAll(expected);
        }
        return new Measured(right, missed, wrong);
    }

    private static String place(String text, int start, int end) {
        return start + " " + text.substring(start, end);
    }

    private static List<JsonNode> sentences() throws Exception {
        Path file = shared().resolve("data/pii/cases.jsonl");
        assumeTrue(Files.exists(file), "the sentences are not on this machine");
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> sentences = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            sentences.add(mapper.readTree(line));
        }
        return sentences;
    }

    private static Path shared() {
        String set = System.getProperty("plinth.shared");
        return set == null ? Path.of("../../../shared") : Path.of(set);
    }
}
