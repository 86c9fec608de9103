package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.testkit.StubAnswer.Step;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Faults in bytes, whatever the protocol: only the name of the model is looked for, where all JSON protocols have it. */
final class FaultyAnswer {
    static final String WRONG_MODEL = "another-model";

    private static final Pattern MODEL = Pattern.compile("(\"model(?:Version)?\"\\s*:\\s*)\"[^\"]*\"");
    private static final String GARBAGE = "{\"garbage\": [}\n\n";

    private FaultyAnswer() {}

    static StubAnswer of(Fault fault, StubAnswer right) {
        return switch (fault.kind()) {
            case RATE_LIMITED -> limited(fault.delay());
            case OVERLOADED -> error(503, "overloaded");
            case SLOW -> right.delayed(fault.delay());
            case RESET -> right.withSteps(List.of(new Step.HangUp(true)));
            case TRUNCATED -> half(right, new Step.HangUp(false));
            case GARBAGE -> right.withSteps(List.of(new Step.Head(), new Step.Write(garbage(right))));
            case EMPTY -> right.withSteps(List.of(new Step.Head()));
            case WRONG_MODEL ->
                right.withSteps(
                        right.steps.stream().map(FaultyAnswer::wrongModel).toList());
            case STALLED -> half(right, new Step.Stall());
            case ERROR -> {
                Check.that(false, "fault", fault, "one of those a server has");
                yield right;
            }
        };
    }

    private static StubAnswer error(int status, String type) {
        return StubAnswer.json(status, "{\"error\":{\"type\":\"" + type + "\",\"message\":\"fault of a test\"}}");
    }

    private static StubAnswer limited(Duration retryAfter) {
        StubAnswer limited = error(429, "rate_limit_exceeded");
        if (retryAfter.isZero()) {
            return limited;
        }
        boolean whole = retryAfter.equals(Duration.ofSeconds(retryAfter.toSeconds()));
        return whole
                ? limited.header("retry-after", Long.toString(retryAfter.toSeconds()))
                : limited.header("retry-after-ms", Long.toString(Math.max(1, retryAfter.toMillis())));
    }

    private static byte[] garbage(StubAnswer right) {
        boolean events =
                right.headers.stream().anyMatch(header -> header.value().startsWith("text/event-stream"));
        return ((events ? "data: " : "") + GARBAGE).getBytes(StandardCharsets.UTF_8);
    }

    private static Step wrongModel(Step step) {
        if (!(step instanceof Step.Write write)) {
            return step;
        }
        // One char for one byte: what is no text, or half a character, passes unchanged.
        String body = new String(write.bytes(), StandardCharsets.ISO_8859_1);
        String other = MODEL.matcher(body).replaceAll("$1\"" + WRONG_MODEL + "\"");
        return new Step.Write(other.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The first half of the body, and then this. */
    private static StubAnswer half(StubAnswer right, Step end) {
        long left = right.steps.stream()
                        .mapToLong(step -> step instanceof Step.Write write ? write.bytes().length : 0)
                        .sum()
                / 2;
        List<Step> steps = new ArrayList<>();
        for (Step step : right.steps) {
            if (step instanceof Step.Write write) {
                int length = (int) Math.min(left, write.bytes().length);
                if (length > 0) {
                    steps.add(new Step.Write(Arrays.copyOf(write.bytes(), length)));
                }
                left -= length;
                if (left == 0) {
                    break;
                }
            } else {
                steps.add(step);
            }
        }
        steps.add(end);
        return right.withSteps(steps);
    }
}
