package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.RateLimit;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private final TestTime time = TestTime.manual();
    private final StubServer server = StubServer.start();
    private final HttpTransport transport = HttpTransport.builder().time(time).build();

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    private Optional<Duration> asked(String... headers) {
        StubAnswer answer = StubAnswer.text(429, "");
        for (int i = 0; i < headers.length; i += 2) {
            answer = answer.header(headers[i], headers[i + 1]);
        }
        server.enqueue(answer);
        HttpBody body = HttpBody.json(new JsonFactory(), json -> json.writeString("x"));
        try (HttpAnswer got =
                transport.send(HttpCall.post(server.url("/"), body).build())) {
            return got.details().retryAfter();
        }
    }

    private String date(Duration fromNow) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                time.now().plus(fromNow).atOffset(ZoneOffset.UTC));
    }

    @Test
    void secondsMillisecondsAndDates() {
        assertThat(asked("retry-after", "2")).contains(Duration.ofSeconds(2));
        assertThat(asked("retry-after", "1.5")).contains(Duration.ofMillis(1500));
        assertThat(asked("retry-after-ms", "50", "retry-after", "2")).contains(Duration.ofMillis(50));
        assertThat(asked("retry-after", date(Duration.ofSeconds(30))))
                .hasValueSatisfying(wait -> assertThat(wait).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(30)));
        assertThat(asked("retry-after", date(Duration.ofSeconds(-30)))).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "Please try again in 1.2s. Visit x|PT1.2S",
                "try again in 120ms|PT0.12S",
                "Please try again in 6h0m2.5s|PT6H2.5S",
                "Please retry in 34.074824224s.|PT34.075S",
                "Please retry after 20 seconds.|PT20S",
                "TRY AGAIN IN 1 MINUTE|PT1M",
                "try again in 250 milliseconds|PT0.25S",
                "retry after 2 hours|PT2H",
                "Please try again in 20|-",
                "Please try again in a second|-",
                "try again in 5sec|-",
                "wait 20 seconds|-",
            })
    void inWords(String message, Duration wait) {
        assertThat(RetryAfter.inWords(message)).isEqualTo(Optional.ofNullable(wait));
    }

    @Test
    void untilAllLimitsThatAreUsedUpAreFull() {
        assertThat(RetryAfter.untilReset(List.of())).isEmpty();
        assertThat(RetryAfter.untilReset(List.of(
                        new RateLimit("a", 9L, 0L, Duration.ofSeconds(3)),
                        new RateLimit("b", 9L, 0L, Duration.ofSeconds(7)),
                        new RateLimit("c", 9L, 1L, Duration.ofSeconds(60)),
                        new RateLimit("d", 9L, null, Duration.ofSeconds(60)),
                        new RateLimit("e", 9L, 0L, null))))
                .contains(Duration.ofSeconds(7));
    }

    @Test
    void whatMakesNoSenseIsLeftOut() {
        assertThat(asked("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")).isEmpty();
        assertThat(asked("retry-after", "9999-12-31T23:59:59Z")).isEmpty();
        assertThat(asked("retry-after", date(Duration.ofDays(364)))).isPresent();
        assertThat(asked()).isEmpty();
        assertThat(asked("retry-after", "soon")).isEmpty();
        assertThat(asked("retry-after", "-1")).isEmpty();
        assertThat(asked("retry-after", "NaN")).isEmpty();
        assertThat(asked("retry-after", "1e99")).isEmpty();
        assertThat(asked("retry-after-ms", "x", "retry-after", "3")).contains(Duration.ofSeconds(3));
    }
}
