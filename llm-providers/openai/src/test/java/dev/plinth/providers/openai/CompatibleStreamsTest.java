package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.usage.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How streams of servers that call themselves compatible begin, go on, break and fail, each as it was seen. */
class CompatibleStreamsTest extends CompatibleServer {
    // the end of the stream

    @Test
    void noDone() {
        assertThat(read(TEXT, STOP).text()).isEqualTo("A");
    }

    @Test
    void dataAfterDone() {
        assertThat(read(TEXT, STOP, Chunks.DONE, Chunks.text("B")).text()).isEqualTo("A");
    }

    @Test
    void noEmptyLineAtTheEnd() {
        assertThat(readRaw("data: " + TEXT + "\n\ndata: " + STOP).finishReason())
                .isEqualTo(FinishReason.STOP);
    }

    /** DONE alone does not say that the answer is whole: proxies send it after a lost upstream, too. */
    @Test
    void finishReasonNullToTheEndIsAnErrorEvenWithDone() {
        StubAnswer answer = StubAnswer.sse(TEXT, Chunks.DONE);
        assertThat(fails(MalformedResponseException.class, answer).partialText())
                .isEqualTo("A");
    }

    @Test
    void finishReasonNullToTheEndWithoutDoneIsAnError() {
        assertThat(fails(MalformedResponseException.class, StubAnswer.sse(TEXT)).partialText())
                .isEqualTo("A");
    }

    /** Snowflake's gateway never gives a reason; the count of the whole says that it is whole. */
    @Test
    void usageInAChunkOfItsOwnIsAFinish() {
        ChatResponse response = read(TEXT, Chunks.usage(9, 3), Chunks.DONE);
        assertThat(response.text()).isEqualTo("A");
        assertThat(response.finishReason()).isEqualTo(FinishReason.OTHER);
        assertThat(response.rawFinishReason()).isEmpty();
        assertThat(response.usage().output()).hasValue(3);
        assertThat(read(TEXT, STOP, Chunks.usage(9, 3)).finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(read(TEXT, Chunks.usage(9, 3), STOP).finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void usageBesideTextOrBeforeItIsNoFinish() {
        String beside = TEXT.replace("\"usage\":null", "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}");
        assertThat(beside).isNotEqualTo(TEXT);
        fails(MalformedResponseException.class, StubAnswer.sse(beside, Chunks.DONE));
        fails(MalformedResponseException.class, StubAnswer.sse(Chunks.usage(9, 0), TEXT, Chunks.DONE));
        String none = Chunks.usage(9, 3).replaceAll("\\{\"prompt.*?\\}", "null");
        assertThat(none).contains("\"usage\":null");
        fails(MalformedResponseException.class, StubAnswer.sse(TEXT, none, Chunks.DONE));
    }

    /** Whoever asks for several by an option of the body reads the first. */
    @Test
    void otherChoicesArePassedOver() {
        String other = TEXT.replace("\"index\":0", "\"index\":1").replace("\"A\"", "\"B\"");
        assertThat(other).contains("\"index\":1", "\"B\"");
        assertThat(read(TEXT, other, other, TEXT, STOP, Chunks.DONE).text()).isEqualTo("AA");
        assertThat(read(other, TEXT, other, STOP.replace("\"index\":0", "\"index\":1"))
                        .text())
                .isEqualTo("BB");
    }

    // framing

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void lineEnds(String end) {
        assertThat(readRaw(("data: " + TEXT + "\n\ndata: " + STOP + "\n\ndata: [DONE]\n\n").replace("\n", end))
                        .text())
                .isEqualTo("A");
    }

    @Test
    void byteOrderMarkCommentsNamesAndNoSpace() {
        assertThat(readRaw("\uFEFF: OPENROUTER PROCESSING\n\ndata:" + TEXT + "\n\n:\n\nevent: message\ndata:" + STOP
                                + "\n\ndata:\n\ndata:[DONE]\n\n")
                        .text())
                .isEqualTo("A");
    }

    @Test
    void oneChunkInSeveralLines() {
        assertThat(readRaw("data: " + TEXT.replace(",", ",\ndata: ") + "\n\ndata: " + STOP + "\n\n")
                        .text())
                .isEqualTo("A");
    }

    @Test
    void everySizeOfPiece() {
        StubAnswer whole = StubAnswer.streaming("text/event-stream")
                .chunk("data: " + Chunks.text("n\u00E9 \uD83D\uDE00 \u65E5\u672C") + "\r\n\r\ndata: "
                        + call("\"index\":0,\"id\":\"a\"," + function("f", "{\"x\":\"\uD83D\uDE00\"}"))
                        + "\r\n\r\ndata: "
                        + STOP + "\r\n\r\ndata: " + Chunks.usage(9, 3) + "\r\n\r\ndata: [DONE]\r\n\r\n");
        ChatResponse expected = read(whole);
        assertThat(expected.text()).isEqualTo("n\u00E9 \uD83D\uDE00 \u65E5\u672C");
        assertThat(expected.usage()).isEqualTo(Usage.of(9, 3));
        for (int size = 1; size < 200; size++) {
            assertThat(read(whole.inPieces(size))).as("pieces of " + size).isEqualTo(expected);
        }
    }

    @Test
    void everyCutIsAnErrorOrTheWholeAnswer() {
        String body = "data: " + Chunks.text("A") + "\n\ndata: " + Chunks.text("B") + "\n\ndata: " + STOP + "\n\n";
        int finish = body.indexOf("\"finish_reason\":\"stop\"");
        for (int length = 0; length < body.length(); length += 3) {
            String cut = body.substring(0, length);
            server.enqueue(StubAnswer.streaming("text/event-stream").chunk(cut));
            try (ChatStream stream = openAi.chatModel("m").stream(ChatRequest.of("x"))) {
                ChatResponse response = stream.response();
                assertThat(length).isGreaterThan(finish);
                assertThat(response.text()).isEqualTo("AB");
            } catch (MalformedResponseException error) {
                assertThat("AB").as(cut).startsWith(error.partialText());
                assertThat(error.getMessage()).doesNotContain("AB");
            }
        }
    }

    // not a stream at all

    @Test
    void streamAnsweredWithJson() {
        assertThat(fails(MalformedResponseException.class, StubAnswer.json(Chunks.completion("whole")))
                        .partialText())
                .isEqualTo("whole");
    }

    @Test
    void streamAnsweredWithJsonThatIsAnError() {
        fails(RateLimitedException.class, StubAnswer.json("{\"error\":{\"message\":\"m\",\"code\":429}}"));
    }

    @Test
    void streamAnsweredWithAPage() {
        fails(MalformedResponseException.class, StubAnswer.of(200, "text/html", "<html>hi</html>".getBytes()));
        fails(MalformedResponseException.class, StubAnswer.of(200, "text/event-stream", new byte[0]));
    }

    @Test
    void garbage() {
        LlmException error = fails(MalformedResponseException.class, StubAnswer.sse(TEXT, "{\"id\":secret-words"));
        assertThat(error.partialText()).isEqualTo("A");
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain("secret-words");
        }
        fails(MalformedResponseException.class, StubAnswer.sse(TEXT, TEXT + TEXT));
        fails(MalformedResponseException.class, StubAnswer.sse(TEXT, "[1]"));
        fails(MalformedResponseException.class, StubAnswer.sse(TEXT, "null"));
    }

    @Test
    void resetCarriesWhatCame() {
        String counted = TEXT.replace("\"usage\":null", "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}");
        LlmException error = fails(
                TransportException.class,
                StubAnswer.streaming("text/event-stream").event(counted).reset());
        assertThat(error.partialText()).isEqualTo("A");
        assertThat(error.partialUsage()).isEqualTo(Usage.of(9, 1));
    }

    // errors in mid-stream

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n",
                "event: error\ndata: {\"message\":\"m\",\"type\":\"server_error\",\"code\":500}\n\n",
                "event: error\ndata: {\"error\":{\"message\":\"m\",\"code\":\"tool_use_failed\"}}\n\n",
                "data: {\"error\":\"m\"}\n\n",
                "data: {\"object\":\"error\",\"message\":\"m\",\"type\":\"InternalServerError\",\"code\":500}\n\n",
                "data: {\"error\":{\"code\":502,\"message\":\"m\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n",
                "data: {\"error\":{\"code\":502,\"message\":\"m\"}}",
            })
    void errorInMidStream(String event) {
        // Groq's tool_use_failed is a broken answer of the model, all else a fault of the server.
        Class<? extends LlmException> category =
                event.contains("tool_use_failed") ? MalformedResponseException.class : OverloadedException.class;
        LlmException error = fails(
                category, StubAnswer.streaming("text/event-stream").event(TEXT).chunk(event));
        assertThat(error.isRetryable()).isTrue();
        assertThat(error.partialText()).isEqualTo("A");
        assertThat(error).hasMessageContaining("provider: m");
    }

    @Test
    void textInTheChunkOfTheErrorIsNotLost() {
        LlmException error = fails(
                OverloadedException.class,
                StubAnswer.sse(
                        TEXT,
                        "{\"error\":{\"code\":502,\"message\":\"m\"},\"choices\":[{\"delta\":{\"content\":\"B\"}}]}"));
        assertThat(error.partialText()).isEqualTo("AB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"m\",\"code\":\"invalid\",\"type\":\"invalid_request_error\"}}",
                "{\"object\":\"error\",\"message\":\"m\",\"type\":\"BadRequestError\",\"code\":400}"
            })
    void errorInsideAnAnswer(String body) {
        assertThat(catchThrowableOfType(InvalidRequestException.class, () -> plain(body)))
                .hasMessageContaining("provider: m");
    }

    /** Groq's, of a model that wrote no call it could make: asked again, it may. */
    @Test
    void callThatTheModelGotWrong() {
        server.enqueue(StubAnswer.json(
                400,
                "{\"error\":{\"message\":\"Failed to call a function.\",\"type\":\"invalid_request_error\","
                        + "\"code\":\"tool_use_failed\",\"failed_generation\":\"<function=f{\\\"a\\\":1}\"}}"));
        MalformedResponseException error = catchThrowableOfType(
                MalformedResponseException.class, () -> openAi.chatModel("m").chat(ChatRequest.of("x")));
        assertThat(error).hasMessageStartingWith("provider: Failed to call a function.");
        assertThat(error.isRetryable()).isTrue();
    }

    @Test
    void wordsBesideAnAnswerAreNoError() {
        assertThat(plain("{\"code\":0,\"msg\":\"ok\",\"status\":\"done\",\"error\":null,"
                                + Chunks.completion("A").substring(1))
                        .text())
                .isEqualTo("A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "null", "", "hello", "{\"choices\":[]}", "{\"choices\":null}", "{\"choices\":["})
    void answerThatIsNone(String body) {
        assertThat(catchThrowableOfType(MalformedResponseException.class, () -> plain(body)))
                .isNotNull();
    }
}
