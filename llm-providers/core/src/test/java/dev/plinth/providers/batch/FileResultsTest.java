package dev.plinth.providers.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.ProviderAnswer;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FileResultsTest {
    private final StubServer server = StubServer.start();
    private final HttpTransport transport = HttpTransport.create();
    private final Endpoint endpoint = Endpoint.builder(
                    transport, "p", Endpoint.baseUrl(server.url("/").toString()))
            .build();

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    /** Lines are {@code {"id":...}}; others are no results. */
    private class Lines extends FileResults {
        private final int files;
        private int opened;
        boolean asked;

        Lines(int files) {
            this.files = files;
        }

        @Override
        protected @Nullable ProviderAnswer open() {
            return opened++ < files ? endpoint.send(HttpCall.get(endpoint.url("/file")), CallContext.current()) : null;
        }

        @Override
        protected @Nullable BatchResult read(JsonParser json, String line, ProviderAnswer file) throws IOException {
            String id = null;
            if (json.currentToken() == JsonToken.START_OBJECT) {
                for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                    id = Json.text(json, id);
                }
            }
            return id == null
                    ? null
                    : BatchResult.answered(
                            id,
                            ChatResponse.builder()
                                    .message(Message.assistant(id))
                                    .finishReason(FinishReason.STOP)
                                    .raw(line)
                                    .build());
        }

        @Override
        protected void checkComplete() {
            asked = true;
            if (files == 0) {
                throw new MalformedResponseException("results: none", ErrorDetails.NONE, null);
            }
        }
    }

    private static StubAnswer file(String... lines) {
        return StubAnswer.lines("application/jsonl", lines);
    }

    private static List<String> ids(FileResults results) {
        List<String> ids = new ArrayList<>();
        results.forEach(result -> ids.add(result.id()));
        return ids;
    }

    @Test
    void filesAreReadOneAfterTheOther() {
        server.enqueue(
                file("{\"id\":\"a\"}", "", "[7]", "{\"id\":\"b\"}"),
                file(),
                StubAnswer.text(200, "{\"id\": \"c\"}")); // without an end of the last line
        Lines results = new Lines(3);
        List<String> raw = new ArrayList<>();
        results.forEach(result -> raw.add(result.response().orElseThrow().raw().orElseThrow()));
        assertThat(raw).containsExactly("{\"id\":\"a\"}", "{\"id\":\"b\"}", "{\"id\": \"c\"}");
        assertThat(results.asked).isTrue();
        assertThat(server.connections())
                .as("given back at the end of each file")
                .isEqualTo(1);
        assertThat(ids(results)).isEmpty();
    }

    @Test
    void whatIsMissingIsToldAtTheEnd() {
        assertThatThrownBy(() -> ids(new Lines(0))).isInstanceOf(MalformedResponseException.class);
    }

    @Test
    void cutTransferIsAnErrorBehindTheResultsThatCame() {
        for (StubAnswer cut : List.of(
                file("{\"id\":\"a\"}", "{\"id\":\"b\"}").truncate(),
                file("{\"id\":\"a\"}", "{\"id\":\"b\"}").reset(),
                file("{\"id\":\"a\"}", "{\"id\":\"b\"}").chunk("{\"id\":").truncate())) {
            server.enqueue(cut);
            Lines results = new Lines(1);
            Iterator<BatchResult> cursor = results.iterator();
            assertThat(cursor.next().id()).isEqualTo("a");
            LlmException failure = catchThrowableOfType(LlmException.class, () -> {
                cursor.next();
                cursor.next();
            });
            assertThat(failure).isInstanceOf(TransportException.class);
            assertThat(failure.isRetryable()).isTrue();
            assertThatThrownBy(cursor::hasNext).isSameAs(failure);
            assertThat(results.asked).isFalse();
        }
    }

    @Test
    void brokenLineIsNamedByItsNumber() throws Exception {
        server.enqueue(file("{\"id\":\"a\"}", "[7]", "{\"id\":\"b\"}", " ", "{\"id\":oops}", "{\"id\":\"c\"}"));
        Iterator<BatchResult> cursor = new Lines(1).iterator();
        cursor.next();
        cursor.next();
        MalformedResponseException failure = catchThrowableOfType(MalformedResponseException.class, cursor::next);
        assertThat(failure).hasMessageStartingWith("line: 5 (expected: one result in JSON)");
        assertThat(failure.getCause()).hasMessageNotContaining("oops");
        assertThat(failure.details().httpStatus()).hasValue(200);
        server.awaitOpenConnections(0);
    }

    @Test
    void numbersOfLinesBeginAnewWithEveryFile() {
        server.enqueue(file("{\"id\":\"a\"}", "{\"id\":\"b\"}"), file("{}", "{\"id\":\"c\"} {}"));
        assertThatThrownBy(() -> ids(new Lines(2)))
                .isInstanceOf(MalformedResponseException.class)
                .hasMessageStartingWith("line: 2 ");
    }

    @Test
    void fileThatIsNotThereIsItsError() {
        server.enqueue(file("{\"id\":\"a\"}"), StubAnswer.json(503, "{\"error\":\"gone\"}"));
        Iterator<BatchResult> cursor = new Lines(2).iterator();
        assertThat(cursor.next().id()).isEqualTo("a");
        assertThatThrownBy(cursor::next).hasMessageStartingWith("provider: gone");
    }

    @Test
    void closeFromAnotherThreadEndsTheSocketWhileItIsRead() throws Exception {
        server.enqueue(file("{\"id\":\"a\"}").stall());
        Lines results = new Lines(1);
        Iterator<BatchResult> cursor = results.iterator();
        assertThat(cursor.next().id()).isEqualTo("a");
        FutureTask<@Nullable CancelledException> reading =
                new FutureTask<>(() -> catchThrowableOfType(CancelledException.class, cursor::next));
        Thread reader = new Thread(reading);
        reader.setDaemon(true);
        reader.start();
        while (reader.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
        results.close();
        server.takeRequest().awaitClientGone();
        assertThat(reading.get(60, TimeUnit.SECONDS)).hasMessageContaining(": closed (expected: open until ");
    }

    @Test
    void closeInTheMiddleEndsTheTransfer() throws Exception {
        server.enqueue(file("{\"id\":\"a\"}").stall());
        try (Lines results = new Lines(1)) {
            assertThat(results.iterator().next().id()).isEqualTo("a");
        }
        server.takeRequest().awaitClientGone();
    }

    @Test
    void closedBeforeTheFirstFileOpensNone() {
        Lines results = new Lines(1);
        results.close();
        results.close();
        assertThatThrownBy(() -> ids(results)).isInstanceOf(CancelledException.class);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void closedWhileAFileIsOpenedClosesThatFile() throws Exception {
        server.enqueue(file("{\"id\":\"a\"}").stall());
        Lines results = new Lines(1) {
            @Override
            protected @Nullable ProviderAnswer open() {
                ProviderAnswer file = super.open();
                close(); // as another thread may, just now
                return file;
            }
        };
        assertThatThrownBy(() -> ids(results)).isInstanceOf(CancelledException.class);
        server.takeRequest().awaitClientGone();
    }
}
