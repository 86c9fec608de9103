package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.testkit.TestTime;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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

    @Test
    void whatMakesNoSenseIsLeftOut() {
        assertThat(asked()).isEmpty();
        assertThat(asked("retry-after", "soon")).isEmpty();
        assertThat(asked("retry-after", "-1")).isEmpty();
        assertThat(asked("retry-after", "NaN")).isEmpty();
        assertThat(asked("retry-after", "1e99")).isEmpty();
        assertThat(asked("retry-after-ms", "x", "retry-after", "3")).contains(Duration.ofSeconds(3));
    }
}
