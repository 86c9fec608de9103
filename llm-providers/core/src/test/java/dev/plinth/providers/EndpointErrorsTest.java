package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What heads and bodies of answers say went wrong, and the error that becomes of it. */
class EndpointErrorsTest {
    private final StubServer server = StubServer.start();
    private final HttpTransport transport = HttpTransport.create();

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    private LlmException error(StubAnswer answer) {
        server.enqueue(answer);
        return error(server.url("/"));
    }

    private LlmException error(URI url) {
        Endpoint endpoint = Endpoint.builder(transport, "p", Endpoint.baseUrl(url.toString()))
                .build();
        HttpBody body = HttpBody.json(Calls.JSON, json -> json.writeString("x"));
        HttpCall.Builder call = HttpCall.post(endpoint.url("/x"), body).timeouts(Calls.limits());
        LlmException error = catchThrowableOfType(LlmException.class, () -> endpoint.send(call, CallContext.current()));
        assertThat(error).isNotNull();
        return error;
    }

    @ParameterizedTest
    @ValueSource(strings = {"999", "600", "099", "000"})
    void statusThatThereIsNotIsAFailureOfTheServer(String status) throws Exception {
        String answer = "HTTP/1.1 " + status
                + " Odd\r\nContent-Length: 23\r\nX-Request-Id: r1\r\n\r\n{\"error\":\"no such one\"}";
        try (ServerSocket odd = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> answer(odd, answer));
            thread.start();
            LlmException error = error(URI.create("http://127.0.0.1:" + odd.getLocalPort()));
            thread.join();
            assertThat(error.code()).isEqualTo("overloaded");
            assertThat(error.details().httpStatus()).isEmpty();
            assertThat(error.details().requestId()).contains("r1");
            assertThat(error.getMessage()).startsWith("provider: no such one");
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket socket = server.accept();
                InputStream in = socket.getInputStream()) {
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\"x\"") < 0) {
                request.append((char) in.read());
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException gone) {
            // the client says what it thinks of it
        }
    }

    @ParameterizedTest
    @CsvSource({
        "503, true, true",
        "503, TRUE, true",
        "503, ' true ', true",
        "503, false, false",
        "503, False, false",
        "503, 1, true",
        "503, '', true",
        "400, yes, false",
        "400, true, true"
    })
    void serverSaysWhetherToTryAgainInWordsThatAreKnown(int status, String value, boolean retryable) {
        assertThat(error(StubAnswer.json(status, "{}").header("x-should-retry", value))
                        .isRetryable())
                .isEqualTo(retryable);
    }

    @Test
    void moneyDoesNotComeBackByAsking() {
        LlmException error =
                error(StubAnswer.json(429, "{\"error\":{\"message\":\"x\",\"code\":\"insufficient_quota\"}}")
                        .header("x-should-retry", "true"));
        assertThat(error.code()).isEqualTo("quota_exhausted");
        assertThat(error.isRetryable()).isFalse();
    }

    /** All of Bedrock's, by the name in the head; that of a model that failed may pass with another try or model. */
    @ParameterizedTest
    @CsvSource({
        "400, ValidationException, invalid_request, false",
        "403, AccessDeniedException, authentication, false",
        "404, ResourceNotFoundException, model_not_found, false",
        "408, ModelTimeoutException, overloaded, true",
        "424, ModelErrorException, overloaded, true",
        "429, ThrottlingException, rate_limited, true",
        "429, ModelNotReadyException, rate_limited, true",
        "400, ServiceQuotaExceededException, quota_exhausted, false",
        "500, InternalServerException, overloaded, true",
        "503, ServiceUnavailableException, overloaded, true",
    })
    void errorsOfAws(int status, String name, String code, boolean retryable) {
        for (String type : new String[] {name, name + ":http://internal.amazon.com/coral/com.amazon.bedrock/"}) {
            LlmException error = error(StubAnswer.json(status, "{\"Message\":\"why\"}")
                    .header("x-amzn-errortype", type)
                    .header("x-amzn-requestid", "r1"));
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.isRetryable()).isEqualTo(retryable);
            assertThat(error.details().providerCode()).contains(name);
            assertThat(error.details().requestId()).contains("r1");
            assertThat(error.getMessage()).startsWith("provider: why");
        }
    }

    @Test
    void wordsAreReadAsUtf8WhateverTheHeadSays() {
        byte[] body = "{\"error\":\"długość — 长度\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(error(StubAnswer.of(400, "application/json; charset=iso-8859-1", body)))
                .hasMessageStartingWith("provider: długość — 长度");
        assertThat(error(StubAnswer.of(500, "text/plain", "größer".getBytes(StandardCharsets.ISO_8859_1))))
                .hasMessageStartingWith("provider: gr");
    }

    @Test
    void requestIdMayStandInTheBody() {
        String body = "{\"error\":{\"message\":\"x\"},\"request_id\":\"r2\"}";
        assertThat(error(StubAnswer.json(500, body)).details().requestId()).contains("r2");
        assertThat(error(StubAnswer.json(500, body).header("request-id", "r1"))
                        .details()
                        .requestId())
                .contains("r1");
    }
}
